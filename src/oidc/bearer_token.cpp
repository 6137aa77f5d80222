#include "oidc/bearer_token.h"

#include "base/text.h"
#include "http/form.h"

namespace symbolon::oidc {
namespace {

std::unexpected<model::OAuthError> refuse(std::string description) {
  return std::unexpected(model::OAuthError{model::OAuthCode::invalid_request, std::move(description), {}});
}

std::optional<std::string> from_header(std::string_view header) {
  const auto space = header.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(header.substr(0, space), "Bearer")) return std::nullopt;
  return std::string(trim(header.substr(space)));
}

bool is_posted_form(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return request.method == http::Method::post &&
         equals_ignoring_case(trim(type.substr(0, type.find(';'))), "application/x-www-form-urlencoded");
}

}  // namespace

std::expected<std::optional<std::string>, model::OAuthError> read_bearer_token(const http::Request& request) {
  if (request.headers.get_all("Authorization").size() > 1) return refuse("more than one Authorization header");
  auto token = from_header(request.headers.get("Authorization"));
  if (!is_posted_form(request)) return token;
  const auto form = http::Form::parse(request.body);
  if (!form) return refuse("malformed form or repeated parameter");
  auto posted = form->find("access_token");
  if (token && posted) return refuse("the access token was sent in two ways");
  return token ? token : posted;
}

}  // namespace symbolon::oidc
