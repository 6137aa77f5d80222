#include "oidc/client_authentication.h"

#include "http/counted_address.h"
#include "oidc/client_assertion.h"
#include "store/client_store.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using model::ClientAuthMethod;
using model::OAuthCode;
using model::OAuthError;

constexpr std::size_t kLongestId = 128;  // ours have at most 64

std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_client, "client authentication failed", std::move(detail)});
}

// Every id that the request may mean; two when HTTP Basic reads differently with and without form decoding.
std::vector<ClientId> possible_ids(const PresentedCredentials& presented) {
  if (!presented.client.empty()) return {presented.client};
  std::vector<ClientId> ids;
  for (const PresentedSecret& secret : presented.secrets) ids.push_back(secret.client);
  return ids;
}

std::optional<model::Client> find_client(db::Transaction& tx, const TenantId& tenant,
                                         const std::vector<ClientId>& ids) {
  for (const ClientId& id : ids)
    if (auto client = store::ClientStore(tx, tenant).find(id); client && !client->global) return client;
  return std::nullopt;
}

// By address and client, so that one broken application does not shut out its neighbours, nor a stranger a client.
std::string failure_key(const http::Request& request, const PresentedCredentials& presented) {
  std::string key = request.site->tenant.str() + "|" + http::counted_address(request.client_address);
  for (const ClientId& id : possible_ids(presented)) key += "|" + id.str();
  return key;
}

}  // namespace

Task<std::expected<model::Client, OAuthError>> ClientAuthentication::authenticate(http::Request request,
                                                                                  http::Form form) {
  auto presented = read_credentials(request.headers, form);
  if (!presented) co_return std::unexpected(std::move(presented.error()));
  if (presented->method == ClientAuthMethod::private_key_jwt) {
    const auto claimed = claimed_client(presented->assertion);
    if (!claimed) co_return refuse("the assertion cannot be read");
    if (!presented->client.empty() && presented->client != *claimed)
      co_return refuse("client_id differs between assertion and body");
    presented->client = *claimed;
  }

  // What failed is remembered by its name, and names that strangers choose must not fill the memory.
  for (const ClientId& id : possible_ids(*presented))
    if (id.str().size() > kLongestId) co_return refuse("client_id longer than 128 bytes");

  const std::string key = failure_key(request, *presented);
  if (const auto failures = failures_.look(key, clock_.now()); !failures.allowed)
    co_return std::unexpected(OAuthError{OAuthCode::too_many_requests,
                                         "too many failed attempts to authenticate; try again later", {}, failures});
  auto client = co_await prove(std::move(request), std::move(form), std::move(*presented));
  if (!client) failures_.take(key, clock_.now());
  co_return client;
}

Task<std::expected<model::Client, OAuthError>> ClientAuthentication::prove(http::Request request, http::Form form,
                                                                           PresentedCredentials presented) {
  const auto ids = possible_ids(presented);
  auto client = co_await db_.read([&](db::Transaction& tx) { return find_client(tx, request.site->tenant, ids); });
  const bool right_secret = is_right_secret(client ? &*client : nullptr, presented.secrets);
  if (!client) co_return refuse("unknown client");
  const bool either_secret = form.get("grant_type") == "client_credentials";
  if (!is_registered_method(*client, presented.method, either_secret))
    co_return refuse("not the client's authentication method");

  switch (presented.method) {
    case ClientAuthMethod::none:
      co_return std::move(*client);
    case ClientAuthMethod::client_secret_basic:
    case ClientAuthMethod::client_secret_post:
      if (!right_secret) co_return refuse("wrong client secret");
      co_return std::move(*client);
    case ClientAuthMethod::private_key_jwt:
      co_return co_await check_assertion(std::move(request), std::move(*client), std::move(presented.assertion));
  }
  throw std::logic_error("ClientAuthMethod outside its enumerators");
}

Task<std::expected<model::Client, OAuthError>> ClientAuthentication::check_assertion(http::Request request,
                                                                                     model::Client client,
                                                                                     std::string assertion) {
  const Instant now = clock_.now();
  const auto proved = co_await workers_.run([&] { return prove_assertion(assertion, client, *request.site, now); });
  if (!proved) co_return refuse(proved.error());

  // Burnt here and not by each grant, so that no grant can forget it (threats T29).
  const auto hash = tickets::hash_ticket("client_assertion", client.id.str() + "|" + proved->jti);
  const auto burnt = co_await db_.write([&](db::Transaction& tx) {
    return store::TicketStore(tx, request.site->tenant)
        .burn(store::TicketKind::client_assertion, hash, proved->expires_at);
  });
  if (burnt == store::Insert::duplicate) co_return refuse("assertion used twice");
  co_return client;
}

}  // namespace symbolon::oidc
