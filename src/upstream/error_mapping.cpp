#include "upstream/error_mapping.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "upstream/hints.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;
using model::OAuthError;

constexpr std::size_t kMaxDescription = 200;
constexpr std::size_t kMaxErrorCode = 64;

constexpr auto kRefusals =
    std::to_array<std::string_view>({"access_denied", "user_cancelled_login", "consent_required"});
constexpr auto kOutages = std::to_array<std::string_view>({"temporarily_unavailable", "server_error"});
constexpr auto kMisconfigurations = std::to_array<std::string_view>(
    {"invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope", "invalid_client"});

template <std::size_t N>
bool has(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

bool fits_description(char letter) { return letter >= 0x20 && letter < 0x7f && letter != '"' && letter != '\\'; }

// RFC 6749 §4.1.2.1 allows little; markup goes too, since applications are known to print descriptions as they are.
std::string plain_description(std::string_view text) {
  std::string out;
  bool in_markup = false;
  for (const char letter : text) {
    if (letter == '<') in_markup = true;
    if (!in_markup && fits_description(letter) && out.size() < kMaxDescription) out.push_back(letter);
    if (letter == '>') in_markup = false;
  }
  return std::string(trim(out));
}

OAuthError outage(const model::Connection& connection, std::string_view error) {
  OAuthError downstream = unreachable(connection);
  if (error == "server_error") downstream.code = OAuthCode::server_error;
  return downstream;
}

OAuthError refusal(std::string description) {
  if (description.empty()) description = "The identity provider refused the sign-in";
  return {OAuthCode::access_denied, std::move(description), {}};
}

OAuthError downstream_of(const model::Connection& connection, std::string_view error, std::string_view description) {
  if (has(kRefusals, error)) return refusal(plain_description(description));
  if (has(kOutages, error)) return outage(connection, error);
  if (has(kMisconfigurations, error)) return misconfigured();
  return refusal({});
}

OAuthError fetch_downstream(const model::Connection& connection, http::FetchFailure failure) {
  switch (failure) {
    case http::FetchFailure::dns:
    case http::FetchFailure::connect:
    case http::FetchFailure::tls:
    case http::FetchFailure::timeout:
      return unreachable(connection);
    case http::FetchFailure::too_large:
    case http::FetchFailure::redirect_refused:
    case http::FetchFailure::protocol:
      return outage(connection, "server_error");
    case http::FetchFailure::address_not_allowed:
    case http::FetchFailure::bad_url:
      return misconfigured();
  }
  return misconfigured();
}

}  // namespace

std::string plain_label(const model::Connection& connection) {
  return std::ranges::all_of(connection.label(), fits_description) ? connection.label() : connection.name;
}

OAuthError misconfigured() { return {OAuthCode::server_error, "connection misconfigured", {}}; }

OAuthError unreachable(const model::Connection& connection) {
  return {OAuthCode::temporarily_unavailable,
          "The identity provider " + plain_label(connection) + " could not be reached",
          {}};
}

OAuthError invalid_id_token(const model::Connection& connection) {
  return {OAuthCode::access_denied, "Invalid ID token from " + plain_label(connection), {}};
}

OAuthError unexpected_response() { return {OAuthCode::server_error, "unexpected response", {}}; }

UpstreamError authorization_error(const model::Connection& connection, const http::Form& response) {
  const std::string code = response.get("error");
  const std::string description = response.get("error_description");
  UpstreamError error;
  error.step = "authorization_response";
  error.rule = "E9";
  error.check = "the provider signed the person in";
  error.expected = connection.upstream.channel == model::Channel::front_channel ? "an ID token" : "a code";
  error.received = printable(code, kMaxErrorCode);
  if (!description.empty()) error.received += " (" + description + ")";
  if (const std::string uri = response.get("error_uri"); !uri.empty()) error.received += ", see " + uri;
  error.hint = hints::provider_error(code, description, connection.upstream.auth_method);
  error.downstream = downstream_of(connection, code, description);
  return error;
}

UpstreamError missing_endpoints(const model::Connection& connection) {
  const std::string fields = join(connection.upstream.missing, ", ");
  UpstreamError error;
  error.step = "configuration";
  error.rule = "RP-2";
  error.check = "the connection knows the provider's endpoints";
  error.expected = fields;
  error.received = "nothing";
  error.hint = hints::missing_endpoints();
  error.downstream = {OAuthCode::server_error, "connection " + connection.name + " is missing " + fields,
                      error.rule + ": no " + fields};
  return error;
}

UpstreamError fetch_error(const model::Connection& connection, std::string step, std::string rule, std::string what,
                          const http::FetchError& failure) {
  const std::string reason(to_string(failure.failure));
  UpstreamError error;
  error.step = std::move(step);
  error.rule = std::move(rule);
  error.check = what + " answers";
  error.expected = "an answer";
  error.received = failure.detail.empty() ? reason : reason + ": " + failure.detail;
  error.hint = hints::unreachable(reason);
  error.downstream = fetch_downstream(connection, failure.failure);
  return error;
}

}  // namespace symbolon::upstream
