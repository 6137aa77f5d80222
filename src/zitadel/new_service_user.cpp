#include "zitadel/new_service_user.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "crypto/key.h"
#include "model/number_id.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"
#include "zitadel/instance.h"
#include "zitadel/permissions.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxName = 200;
constexpr std::size_t kSecretBytes = 32;

std::optional<std::string> find_mistake(const ServiceUserOrder& order, const std::string& username) {
  const auto length = count_code_points(order.name);
  if (!length || trim(order.name).empty() || *length > kMaxName) return "the name must have 1 to 200 characters";
  if (username.empty() || username.size() > kMaxName || username.find_first_of(" \t\r\n:") != std::string::npos)
    return "the username must have 1 to 200 characters without blanks and colons";
  if (order.roles.empty()) return "a service user without a role may do nothing";
  for (const std::string& role : order.roles)
    if (!is_instance_role(role) && !is_organisation_role(role))
      return "there is no role " + role + "; known are IAM_OWNER, IAM_OWNER_VIEWER, ORG_OWNER, ORG_OWNER_VIEWER";
  return std::nullopt;
}

std::string username_from(std::string_view name) {
  std::string out = to_lower_ascii(trim(name));
  std::ranges::replace_if(out, [](char letter) { return letter == ' ' || letter == ':' || letter == '\t'; }, '-');
  return out;
}

void add_memberships(db::Transaction& tx, const model::ServiceUser& user, const std::vector<std::string>& roles,
                     Instant now) {
  store::OrganisationStore organisations(tx, user.tenant);
  for (const bool instance : {true, false}) {
    std::vector<std::string> here;
    for (const std::string& role : roles)
      if (is_instance_role(role) == instance && !contains(here, role)) here.push_back(role);
    if (!here.empty())
      organisations.put_membership(
          {user.id.str(), instance ? model::OrganisationId() : user.organisation, std::move(here), now}, true);
  }
}

}  // namespace

MadeKey make_service_key() {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::rsa, 2048);
  return {key.pkcs8_pem().reveal(), key.public_key().spki_pem()};
}

std::expected<NewServiceUser, std::string> make_service_user(db::Transaction& tx, const TenantId& tenant,
                                                             const ServiceUserOrder& order,
                                                             const std::optional<MadeKey>& key, Random& random,
                                                             Instant now) {
  const std::string username = order.username.empty() ? username_from(order.name) : order.username;
  if (auto mistake = find_mistake(order, username)) return std::unexpected(std::move(*mistake));
  const Instance instance = ensure_instance(tx, tenant, random, now);
  NewServiceUser made;
  made.user = {.tenant = tenant,
               .id = model::ServiceUserId(model::make_number_id(now, random)),
               .organisation = instance.organisation.id,
               .username = username,
               .name = std::string(trim(order.name)),
               .secret_hash = {},
               .created_at = now};
  if (order.with_secret) {
    made.secret = random_token(random, kSecretBytes);
    made.user.secret_hash = tickets::hash_client_secret(made.secret);
  }
  store::ServiceUserStore users(tx, tenant);
  if (users.insert(made.user) == store::Insert::duplicate)
    return std::unexpected("there is a service user " + username + " already");
  add_memberships(tx, made.user, order.roles, now);
  if (key) {
    const std::string key_id = model::make_number_id(now, random);
    users.insert_key({key_id, made.user.id, "RS256", key->public_pem, now, std::nullopt});
    made.key_file = json::serialize(json::object{{"type", "serviceaccount"},
                                                 {"keyId", key_id},
                                                 {"key", key->private_pem},
                                                 {"userId", made.user.id.str()}});
  }
  if (order.with_token) {
    auto token = tickets::make_service_token(random);
    std::optional<Instant> end;
    if (order.token_lifetime) end = now + *order.token_lifetime;
    users.insert_token({.hash = std::move(token.hash),
                        .id = model::make_number_id(now, random),
                        .user = made.user.id,
                        .personal = true,
                        .scope = {},
                        .created_at = now,
                        .expires_at = end});
    made.token = std::move(token.value);
  }
  return made;
}

}  // namespace symbolon::zitadel
