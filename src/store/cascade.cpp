#include "store/cascade.h"

#include <string>

namespace symbolon::store {
namespace {

std::string within(std::string_view before, std::string_view selection, std::string_view after = "") {
  std::string sql(before);
  sql += " IN (";
  sql += selection;
  sql += ")";
  sql += after;
  return sql;
}

}  // namespace

void remove_sessions(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key) {
  tx.execute(within("DELETE FROM session_clients WHERE tenant = ?1 AND session_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM sessions WHERE tenant = ?1 AND id", selection), {tenant, key});
}

void remove_grants(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key) {
  // No index leads from a grant to its codes: theirs is a table of one minute.
  tx.execute(within("DELETE FROM authorization_codes WHERE tenant = ?1 AND grant_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM refresh_tokens WHERE tenant = ?1 AND grant_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM grants WHERE tenant = ?1 AND id", selection), {tenant, key});
}

bool remove_users(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key) {
  remove_sessions(tx, tenant, within("SELECT id FROM sessions WHERE tenant = ?1 AND user_id", selection), key);
  tx.execute(within("DELETE FROM authorization_codes WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id IN"
                    " (SELECT id FROM grants WHERE tenant = ?1 AND user_id",
                    selection, ")"),
             {tenant, key});
  tx.execute(within("DELETE FROM refresh_tokens WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM grants WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM memberships WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM consents WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  const auto removed = tx.execute(within("DELETE FROM users WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  // Last, because the selection may be read from here.
  tx.execute(within("DELETE FROM identities WHERE tenant = ?1 AND user_id", selection), {tenant, key});
  return removed > 0;
}

}  // namespace symbolon::store
