#pragma once

#include <string_view>

#include "model/connection.h"
#include "store/row_reader.h"

namespace symbolon::store {

/// The columns of `connections c` in the order in which read_connection() takes them.
inline constexpr std::string_view kConnectionColumns =
    "c.tenant, c.id, c.name, c.display_name, c.authentication_active, c.connected_accounts_active,"
    " c.is_domain_connection, c.show_as_button, c.realms, c.domain_aliases, c.icon_url, c.settings, c.client_secret,"
    " c.custom_headers, c.status, c.status_detail, c.doc, c.options, c.oidc_metadata, c.metadata_pinned, c.metadata_fetched_at,"
    " c.zitadel_id, c.zitadel_owner, c.version, c.created_at, c.updated_at";
inline constexpr std::size_t kConnectionColumnCount = 26;

model::Connection read_connection(RowReader row);

}  // namespace symbolon::store
