#include "upstream/client_proof.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/encoding.h"
#include "http/form.h"
#include "jose/sign.h"
#include "upstream/custom_headers.h"
#include "upstream/error_mapping.h"

namespace symbolon::upstream {
namespace {

using model::UpstreamAuthMethod;

constexpr std::int64_t kAssertionSeconds = 60;
constexpr std::size_t kJtiBytes = 16;
constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

UpstreamError no_credential(std::string check, std::string received, std::string hint) {
  UpstreamError error;
  error.step = "configuration";
  error.rule = "RP-61";
  error.check = std::move(check);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = misconfigured();
  return error;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> ClientProver::open_headers(const model::Connection& connection,
                                                                            Conversation& conversation) const {
  std::vector<std::pair<std::string, std::string>> headers;
  if (connection.upstream.strategy != model::Strategy::oauth2) return headers;
  for (const auto& member : open_custom_headers(connection, box_)) {
    std::string value(member.value().as_string());
    conversation.hide(value);
    headers.emplace_back(member.key(), std::move(value));
  }
  return headers;
}

std::expected<std::string, UpstreamError> ClientProver::open_secret(const model::Connection& connection,
                                                                    Conversation& conversation) {
  auto secret = box_.open("connection-secret", connection.tenant.str() + "|" + connection.id.str(),
                          connection.client_secret.bytes);
  if (!secret || secret->empty())
    return std::unexpected(no_credential("the connection's client secret can be read",
                                         connection.client_secret.empty() ? "none is stored" : "it does not open",
                                         "Enter the client secret again."));
  conversation.hide(*secret);
  return std::move(*secret);
}

Task<std::expected<std::string, UpstreamError>> ClientProver::make_assertion(
    std::shared_ptr<const model::Connection> connection) {
  auto key = co_await keys_.current(connection->tenant, connection->id);
  if (!key)
    co_return std::unexpected(
        no_credential("the connection has a key for private_key_jwt", key.error(),
                      "Rotate the connection's keys and register its key set URL at the provider."));
  const model::UpstreamSettings& settings = connection->upstream;
  const std::int64_t now = to_epoch_seconds(clock_.now());
  const boost::json::object claims{
      {"iss", settings.client_id},
      {"sub", settings.client_id},
      {"aud", settings.assertion_audience_is_issuer ? settings.issuer : settings.token_endpoint},
      {"jti", random_token(random_, kJtiBytes)},
      {"iat", now},
      {"exp", now + kAssertionSeconds}};
  co_return co_await workers_.run([&] { return jose::sign_jwt(key->key, key->algorithm, key->kid, "JWT", claims); });
}

Task<std::expected<ClientProof, UpstreamError>> ClientProver::prove(std::shared_ptr<const model::Connection> connection,
                                                                    UpstreamAuthMethod method,
                                                                    std::shared_ptr<Conversation> conversation) {
  const std::string& client_id = connection->upstream.client_id;
  ClientProof proof;
  if (method == UpstreamAuthMethod::private_key_jwt) {
    auto assertion = co_await make_assertion(connection);
    if (!assertion) co_return std::unexpected(std::move(assertion.error()));
    conversation->hide(*assertion);
    proof.fields = {{"client_id", client_id},
                    {"client_assertion_type", std::string(kAssertionType)},
                    {"client_assertion", std::move(*assertion)}};
    co_return proof;
  }
  if (method == UpstreamAuthMethod::none) {
    proof.fields = {{"client_id", client_id}};
    co_return proof;
  }
  auto secret = open_secret(*connection, *conversation);
  if (!secret) co_return std::unexpected(std::move(secret.error()));
  if (method == UpstreamAuthMethod::client_secret_post) {
    proof.fields = {{"client_id", client_id}, {"client_secret", std::move(*secret)}};
    co_return proof;
  }
  // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
  const std::string credentials = base64_encode(http::percent_encode(client_id) + ":" + http::percent_encode(*secret));
  conversation->hide(credentials);
  proof.headers = {{"Authorization", "Basic " + credentials}};
  co_return proof;
}

}  // namespace symbolon::upstream
