#include "store/cascade.h"

#include <stdexcept>
#include <string>
#include <utility>

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

// As many parameters as there can be grants, from ?`first` on, so that every call shares one statement.
std::string each_of(std::size_t first) {
  std::string list = "(?" + std::to_string(first);
  for (std::size_t number = 1; number < kMostGrantsAtOnce; ++number) list += ", ?" + std::to_string(first + number);
  return list += ")";
}

}  // namespace

void remove_sessions(db::Transaction& tx, const TenantId& tenant, std::string_view selection, std::string_view key) {
  tx.execute(within("DELETE FROM session_clients WHERE tenant = ?1 AND session_id", selection), {tenant, key});
  tx.execute(within("DELETE FROM sessions WHERE tenant = ?1 AND id", selection), {tenant, key});
}

void remove_grants(db::Transaction& tx, const TenantId& tenant, const std::vector<GrantOfUser>& grants) {
  if (grants.empty()) return;
  if (grants.size() > kMostGrantsAtOnce) throw std::logic_error("too many grants at once");
  static const std::string kGrants = each_of(2);
  static const std::string kUsers = each_of(2 + kMostGrantsAtOnce);
  static const std::string kCodes =
      "DELETE FROM authorization_codes WHERE tenant = ?1 AND grant_id IN " + kGrants + " AND user_id IN " + kUsers;
  static const std::string kAccessTokens = "DELETE FROM access_tokens WHERE tenant = ?1 AND grant_id IN " + kGrants;
  static const std::string kRefreshTokens = "DELETE FROM refresh_tokens WHERE tenant = ?1 AND grant_id IN " + kGrants;
  static const std::string kThemselves = "DELETE FROM grants WHERE tenant = ?1 AND id IN " + kGrants;
  std::vector<db::Value> values{tenant};
  for (const GrantOfUser& one : grants) values.emplace_back(one.grant);
  values.resize(1 + kMostGrantsAtOnce, values.back());
  std::vector<db::Value> with_users = values;
  for (const GrantOfUser& one : grants) with_users.emplace_back(one.user);
  with_users.resize(1 + 2 * kMostGrantsAtOnce, with_users.back());
  tx.execute(kCodes, std::move(with_users));
  tx.execute(kAccessTokens, values);
  tx.execute(kRefreshTokens, values);
  tx.execute(kThemselves, std::move(values));
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
