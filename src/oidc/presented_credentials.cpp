#include "oidc/presented_credentials.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/equal.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

using model::ClientAuthMethod;
using model::OAuthCode;
using model::OAuthError;

constexpr std::string_view kAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

std::unexpected<OAuthError> refuse(OAuthCode code, std::string description, std::string detail) {
  return std::unexpected(OAuthError{code, std::move(description), std::move(detail)});
}

std::unexpected<OAuthError> refuse_client(std::string detail) {
  return refuse(OAuthCode::invalid_client, "client authentication failed", std::move(detail));
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return http::percent_decode(spaced);
}

// Empty when the credentials cannot be read.
std::vector<PresentedSecret> read_basic(std::string_view credentials) {
  const auto text = base64_decode(trim(credentials));
  const auto colon = text ? text->find(':') : std::string::npos;
  if (colon == std::string::npos) return {};
  std::vector<PresentedSecret> readings;
  const auto id = form_decode(std::string_view(*text).substr(0, colon));
  auto secret = form_decode(std::string_view(*text).substr(colon + 1));
  if (id && secret) readings.push_back({ClientId(*id), Secret(std::move(*secret))});
  readings.push_back({ClientId(text->substr(0, colon)), Secret(text->substr(colon + 1))});
  return readings;
}

std::string_view basic_credentials(std::string_view header) {
  const auto space = std::min(header.find(' '), header.size());
  return equals_ignoring_case(header.substr(0, space), "Basic") ? header.substr(std::min(space + 1, header.size()))
                                                                : std::string_view();
}

bool is_usable(const Secret& secret) { return !trim(secret.reveal()).empty() && !secret.reveal().contains('\0'); }

}  // namespace

bool tries_basic(const http::Headers& headers) { return !basic_credentials(headers.get("Authorization")).empty(); }

std::expected<PresentedCredentials, OAuthError> read_credentials(const http::Headers& headers, const http::Form& form) {
  if (headers.get_all("Authorization").size() > 1)
    return refuse(OAuthCode::invalid_request, "more than one Authorization header", {});
  const bool basic = tries_basic(headers);
  const bool post = form.has("client_secret");
  const bool assertion = form.has("client_assertion") || form.has("client_assertion_type");
  if (basic + post + assertion > 1)
    return refuse(OAuthCode::invalid_request, "more than one way of client authentication", {});

  PresentedCredentials presented;
  presented.client = ClientId(form.get("client_id"));
  if (basic) {
    presented.method = ClientAuthMethod::client_secret_basic;
    presented.secrets = read_basic(basic_credentials(headers.get("Authorization")));
    if (presented.secrets.empty()) return refuse_client("malformed Basic credentials");
    if (!presented.client.empty()) {
      std::erase_if(presented.secrets, [&](const auto& reading) { return reading.client != presented.client; });
      if (presented.secrets.empty()) return refuse_client("client_id differs between Basic and body");
    }
    return presented;
  }
  if (assertion) {
    presented.method = ClientAuthMethod::private_key_jwt;
    presented.assertion = form.get("client_assertion");
    if (form.get("client_assertion_type") != kAssertionType) return refuse_client("unknown client_assertion_type");
    if (presented.assertion.empty()) return refuse_client("client_assertion is missing");
    return presented;
  }
  if (presented.client.empty()) return refuse_client("no client_id");
  if (post) {
    presented.method = ClientAuthMethod::client_secret_post;
    presented.secrets.push_back({presented.client, Secret(form.get("client_secret"))});
  }
  return presented;
}

bool is_registered_method(const model::Client& client, ClientAuthMethod method, bool either_secret) {
  if (client.auth == method) return true;
  const auto is_secret = [](ClientAuthMethod one) {
    return one == ClientAuthMethod::client_secret_post || one == ClientAuthMethod::client_secret_basic;
  };
  return (either_secret || !client.auth_is_stated) && is_secret(client.auth) && is_secret(method);
}

bool is_right_secret(const model::Client* client, const std::vector<PresentedSecret>& secrets) {
  static const model::ClientSecretHash kNobody = tickets::hash_client_secret("nobody");
  const model::ClientSecretHash& expected = client && !client->secret_hash.empty() ? client->secret_hash : kNobody;
  bool right = false;
  for (const PresentedSecret& presented : secrets) {
    const auto hash = tickets::hash_client_secret(presented.secret.reveal());
    const bool equal = crypto::constant_time_equal(hash.bytes, expected.bytes);
    right |= equal && is_usable(presented.secret) && client && client->id == presented.client;
  }
  return right && !client->secret_hash.empty();
}

}  // namespace symbolon::oidc
