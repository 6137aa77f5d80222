#include "store/connection_row.h"

#include "store/parse_memo.h"
#include "store/upstream_settings_fields.h"

namespace symbolon::store {
namespace {

model::ConnectionStatus read_status(const std::string& text) {
  model::ConnectionStatus status{};
  if (!from_text(text, status)) throw db::DatabaseError("a connection has the unknown status " + text);
  return status;
}

model::UpstreamSettings read_settings(const std::string& text) {
  static thread_local ParseMemo<model::UpstreamSettings> memo;
  return memo.get(text, settings_from_text);
}

}  // namespace

model::Connection read_connection(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<ConnectionId>(),
          .name = row.text(),
          .display_name = row.text(),
          .authentication_active = row.flag(),
          .connected_accounts_active = row.flag(),
          .is_domain_connection = row.flag(),
          .show_as_button = row.flag(),
          .realms = row.list(),
          .domain_aliases = row.list(),
          .icon_url = row.text(),
          .upstream = read_settings(row.text()),
          .client_secret = row.bytes<model::SealedSecret>(),
          .custom_headers = row.bytes<model::SealedSecret>(),
          .status = read_status(row.text()),
          .status_detail = row.text(),
          .doc = row.text(),
          .options = row.text(),
          .oidc_metadata = row.text(),
          .metadata_pinned = row.flag(),
          .metadata_fetched_at = row.instant(),
          .zitadel_id = row.text_or_empty(),
          .zitadel_owner = row.text(),
          .version = row.integer(),
          .created_at = row.instant(),
          .updated_at = row.instant()};
}

}  // namespace symbolon::store
