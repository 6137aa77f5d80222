#pragma once

#include <string_view>

#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// What goes with a record that is removed. `selection` is constant SQL of one column in which ?1 is the tenant and
/// ?2 is `key`.

/// Sessions with these ids, and which clients they know. Tokens born in them stay.
void remove_sessions(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key);
/// Grants with these ids, and every code and token issued under them.
void remove_grants(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key);
/// Users with these ids, their identities, sessions, grants, consents and what was issued under those. True when there
/// was one.
bool remove_users(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key);

}  // namespace symbolon::store
