#include "upstream/token_answer.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "http/form.h"
#include "json/parse.h"
#include "json/read.h"
#include "upstream/error_mapping.h"
#include "upstream/hints.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::Strategy;

constexpr std::size_t kMaxErrorCode = 64;

// The members as an object, whichever of the two forms they came in; empty when it is neither.
std::optional<js::object> members_of(const http::OutboundResponse& answer, Strategy strategy) {
  if (auto object = json::parse_object(answer.body)) return std::move(*object);
  const std::string_view body = trim(answer.body);
  if (strategy != Strategy::oauth2 || body.empty() || body.starts_with('{') || body.starts_with('<'))
    return std::nullopt;
  const auto form = http::Form::parse(body);
  if (!form) return std::nullopt;
  js::object object;
  for (const auto& [name, value] : form->all()) object[name] = value;
  return object;
}

bool is_success(int status, Strategy strategy) {
  return strategy == Strategy::oauth2 ? status >= 200 && status < 300 : status == 200;
}

UpstreamError unusable(std::string check, std::string expected, std::string received, std::string hint) {
  UpstreamError error;
  error.step = "token_request";
  error.rule = "RP-63";
  error.check = std::move(check);
  error.expected = std::move(expected);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = misconfigured();
  return error;
}

}  // namespace

std::optional<TokenRefusal> find_refusal(const http::OutboundResponse& answer, Strategy strategy) {
  const auto members = members_of(answer, strategy);
  TokenRefusal refusal;
  refusal.status = answer.status;
  if (members) {
    refusal.error = printable(json::find_string(*members, "error").value_or(""), kMaxErrorCode);
    refusal.description = json::find_string(*members, "error_description").value_or("");
  }
  const bool stated = members && members->contains("error");
  if (is_success(answer.status, strategy) && !stated) return std::nullopt;
  return refusal;
}

std::expected<TokenAnswer, UpstreamError> read_token_answer(const model::Connection& connection,
                                                            const http::OutboundResponse& answer) {
  const Strategy strategy = connection.upstream.strategy;
  const auto members = members_of(answer, strategy);
  if (!members)
    return std::unexpected(unusable("the token endpoint's answer can be read", "a JSON object", "something else",
                                    "Check that token_endpoint is the provider's token endpoint."));
  TokenAnswer tokens;
  tokens.access_token = json::find_string(*members, "access_token").value_or("");
  tokens.scope = json::find_string(*members, "scope").value_or("");
  const js::value* type = members->if_contains("token_type");
  const bool bearer =
      type == nullptr || type->is_null() ||
      (type->is_string() && (type->get_string().empty() || equals_ignoring_case(type->get_string(), "Bearer")));
  if (strategy == Strategy::oauth2) {
    if (!bearer)
      return std::unexpected(unusable("the access token is a bearer token", "Bearer", "another type",
                                      "Let the provider issue bearer tokens to this application."));
    if (tokens.access_token.empty())
      return std::unexpected(unusable("the token endpoint gave an access token", "access_token", "no access_token",
                                      "Check tokenURL and the application's settings at the provider."));
    return tokens;
  }
  if (!bearer) tokens.access_token.clear();
  tokens.id_token = json::find_string(*members, "id_token").value_or("");
  if (tokens.id_token.empty())
    return std::unexpected(unusable("the token endpoint gave an ID token", "id_token", "no id_token in token response",
                                    hints::no_id_token_from_token_endpoint()));
  return tokens;
}

UpstreamError explain(const model::Connection& connection, const TokenRefusal& refusal,
                      model::UpstreamAuthMethod method) {
  UpstreamError error;
  error.step = "token_request";
  error.rule = "RP-64";
  error.check = "the token endpoint accepts the code";
  error.expected = "HTTP 200";
  error.received = "HTTP " + std::to_string(refusal.status);
  if (!refusal.error.empty()) error.received += ", " + refusal.error;
  if (!refusal.description.empty()) error.received += " (" + refusal.description + ")";
  error.hint = refusal.error.empty() && refusal.status == 401
                   ? hints::client_authentication(method)
                   : hints::provider_error(refusal.error, refusal.description, method);

  if (refusal.error == "invalid_grant") {
    error.downstream = {model::OAuthCode::access_denied, "The identity provider refused the sign-in", {}};
  } else if (refusal.error == "temporarily_unavailable") {
    error.downstream = unreachable(connection);
  } else if (refusal.error == "server_error" || (refusal.error.empty() && refusal.status >= 500)) {
    error.downstream = unreachable(connection);
    error.downstream.code = model::OAuthCode::server_error;
  } else {
    error.downstream = misconfigured();
  }
  return error;
}

}  // namespace symbolon::upstream
