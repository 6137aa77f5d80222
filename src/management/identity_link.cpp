#include "management/identity_link.h"

#include <boost/json.hpp>

#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

struct Account {
  ConnectionId connection;
  std::string subject;
};

Problem unknown_connection() {
  return {400, "inexistent_connection", "There is no connection of that provider and name."};
}

std::expected<Account, Problem> locate(db::Transaction& tx, const TenantId& tenant, const AccountName& name) {
  store::ConnectionStore connections(tx, tenant);
  const auto bar = name.user_id.find('|');
  const std::string prefix = bar == std::string::npos ? std::string() : name.user_id.substr(0, bar);
  const auto connection = name.connection.empty() ? connections.find_by_name(prefix) : connections.find(name.connection);
  if (!connection || to_string(connection->upstream.strategy) != name.provider)
    return std::unexpected(unknown_connection());
  const bool prefixed = bar != std::string::npos && prefix == connection->name;
  return Account{connection->id, prefixed ? name.user_id.substr(bar + 1) : name.user_id};
}

std::expected<model::User, Problem> find_named(db::Transaction& tx, const TenantId& tenant, const AccountName& name) {
  const auto account = locate(tx, tenant, name);
  if (!account) return std::unexpected(account.error());
  auto user = store::UserStore(tx, tenant).find_by_identity(account->connection, account->subject);
  if (!user) return std::unexpected(no_such_user());
  const model::Identity& primary = user->identities.front();
  if (primary.connection != account->connection || primary.subject != account->subject)
    return std::unexpected(conflict("identity_conflict", "Specified identity already exists."));
  return std::move(*user);
}

std::expected<model::User, Problem> find_proven(db::Transaction& tx, const TenantId& tenant,
                                                const ProvenAccount& account) {
  auto user = store::UserStore(tx, tenant).find(account.user);
  if (!user) return std::unexpected(no_such_user());
  if (user->tokens_valid_after && account.issued_at <= *user->tokens_valid_after)
    return std::unexpected(Problem{400, "invalid_token", "The access that link_with was issued for has been revoked."});
  return std::move(*user);
}

std::string profile_data(const model::User& user) {
  json::object kept = user.profile.empty() ? json::object() : json::parse(user.profile).as_object();
  if (!user.email.empty()) {
    kept["email"] = user.email;
    kept["email_verified"] = user.email_verified;
  }
  if (!user.username.empty()) kept["username"] = user.username;
  return json::serialize(kept);
}

std::string take_text(json::object& from, std::string_view member) {
  const auto* found = from.if_contains(member);
  std::string text = found && found->is_string() ? std::string(found->get_string()) : std::string();
  from.erase(member);
  return text;
}

}  // namespace

std::expected<model::User, Problem> find_account(db::Transaction& tx, const TenantId& tenant,
                                                 const AccountQuestion& account) {
  const auto* proven = std::get_if<ProvenAccount>(&account);
  return proven ? find_proven(tx, tenant, *proven) : find_named(tx, tenant, std::get<AccountName>(account));
}

std::vector<model::Identity> as_linked(const model::User& user, Instant now) {
  std::vector<model::Identity> identities = user.identities;
  if (!identities.empty()) identities.front().profile = profile_data(user);
  for (model::Identity& identity : identities) identity.linked_at = now;
  return identities;
}

model::User as_separate(const TenantId& tenant, const model::Identity& identity, Instant now) {
  json::object profile = identity.profile.empty() ? json::object() : json::parse(identity.profile).as_object();
  model::User user;
  user.tenant = tenant;
  user.id = model::make_user_id(identity.provider, identity.connection_name, identity.subject);
  user.email = take_text(profile, "email");
  const auto* verified = profile.if_contains("email_verified");
  user.email_verified = verified && verified->is_bool() && verified->get_bool();
  profile.erase("email_verified");
  user.username = take_text(profile, "username");
  user.profile = json::serialize(profile);
  user.created_at = user.updated_at = now;
  user.identities = {identity};
  user.identities.front().profile.clear();
  user.identities.front().linked_at = now;
  return user;
}

}  // namespace symbolon::management
