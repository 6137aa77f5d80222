#include "management/new_client.h"

#include <boost/json.hpp>

#include "management/client_credential.h"
#include "management/client_document.h"
#include "management/scopes.h"
#include "store/client_store.h"
#include "store/resource_server_store.h"
#include "tickets/opaque.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::size_t kClientIdLength = 32;
constexpr std::size_t kSecretBytes = 48;  // 64 characters of base64url

std::string associated(const model::Client& client) { return client.tenant.str() + "|" + client.id.str(); }

}  // namespace

std::string make_client_secret(Random& random) { return random_token(random, kSecretBytes); }

void set_secret(model::Client& client, const std::string& secret, const crypto::SecretBox& box) {
  client.secret_hash = tickets::hash_client_secret(secret);
  client.secret.bytes = box.seal("client-secret", associated(client), secret);
}

std::string open_secret(const model::Client& client, const crypto::SecretBox& box) {
  if (client.secret.empty()) return {};
  return box.open("client-secret", associated(client), client.secret.bytes).value_or("");
}

std::expected<NewClient, Problem> make_client(const TenantId& tenant, const json::object& sent,
                                              const crypto::SecretBox& box, Random& random, Instant now,
                                              bool http_callbacks_allowed) {
  const ClientId id(random_alphanumeric(random, kClientIdLength));
  json::object body = sent;
  auto credentials = take_credentials(body, id, random, now);
  if (!credentials) return std::unexpected(credentials.error());
  auto document = new_client_document(body, id, http_callbacks_allowed);
  if (!document) return std::unexpected(document.error());

  NewClient made{.client = store::client_from_document(tenant, json::serialize(*document)),
                 .secret = {},
                 .credentials = std::move(*credentials)};
  const auto* chosen = sent.if_contains("client_secret");
  made.secret = chosen && chosen->is_string() ? std::string(chosen->get_string()) : make_client_secret(random);
  set_secret(made.client, made.secret, box);
  made.client.version = 1;
  made.client.created_at = made.client.updated_at = now;
  return made;
}

void grant_all_scopes(db::Transaction& tx, const model::Client& client, const std::string& audience, Random& random,
                      Instant now) {
  json::object document{{"id", "cgr_" + random_alphanumeric(random, 16)},
                        {"client_id", client.id.str()},
                        {"audience", audience},
                        {"scope", json::value_from(scope_catalogue())},
                        {"subject_type", "client"}};
  model::ClientGrant grant = store::client_grant_from_document(client.tenant, json::serialize(document));
  grant.version = 1;
  grant.created_at = now;
  store::ClientGrantStore(tx, client.tenant).insert(grant);
}

void ensure_global_client(db::Transaction& tx, const TenantId& tenant, Random& random, Instant now) {
  store::ClientStore clients(tx, tenant);
  const auto known = clients.list({.is_global = true, .is_first_party = {}, .app_types = {}},
                                  {.after = 0, .offset = 0, .limit = 1});
  if (!known.items.empty()) return;
  const json::object document{{"client_id", random_alphanumeric(random, kClientIdLength)},
                              {"name", "All Applications"},
                              {"global", true},
                              {"is_first_party", true},
                              {"oidc_conformant", false},
                              {"callbacks", json::array{}},
                              {"grant_types", json::array{}}};
  model::Client client = store::client_from_document(tenant, json::serialize(document));
  client.version = 1;
  client.created_at = client.updated_at = now;
  clients.insert(client);
}

}  // namespace symbolon::management
