#pragma once

#include <string_view>
#include <vector>

#include "base/id.h"
#include "db/transaction.h"

namespace symbolon::store {

/// What goes with a record that is removed. `selection` is constant SQL of one column in which ?1 is the tenant and
/// ?2 is `key`.

/// Sessions with these ids, and which clients they know. Tokens born in them stay.
void remove_sessions(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key);
/// Grants with every code and token issued under them. Codes are found through the users, so that it costs what it
/// removes.
struct GrantOfUser {
  GrantId grant;
  UserId user;
};
/// At once in one call: more are an error.
constexpr std::size_t kMostGrantsAtOnce = 200;
void remove_grants(db::Transaction& tx, const TenantId& tenant, const std::vector<GrantOfUser>& grants);
/// Users with these ids, their identities, sessions, grants, consents and what was issued under those. True when there
/// was one.
bool remove_users(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key);

}  // namespace symbolon::store
