#include "store/consent_store.h"

#include "store/row_reader.h"

namespace symbolon::store {

std::vector<std::string> ConsentStore::scopes(const UserId& user, const ClientId& client, std::string_view audience) {
  return read_all(tx_.query("SELECT scope FROM consents WHERE tenant = ?1 AND user_id = ?2 AND client_id = ?3"
                            " AND audience = ?4 ORDER BY scope",
                            {tenant_, user, client, audience}),
                  [](RowReader row) { return row.text(); });
}

void ConsentStore::add(const UserId& user, const ClientId& client, std::string_view audience,
                       const std::vector<std::string>& scopes, Instant now) {
  for (const std::string& scope : scopes)
    tx_.execute(
        "INSERT INTO consents (tenant, user_id, client_id, audience, scope, granted_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (tenant, user_id, client_id, audience, scope) DO UPDATE SET granted_at = excluded.granted_at",
        {tenant_, user, client, audience, scope, now});
}

}  // namespace symbolon::store
