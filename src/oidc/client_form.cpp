#include "oidc/client_form.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "json/parse.h"
#include "oidc/oauth_error.h"

namespace symbolon::oidc {
namespace {

constexpr std::size_t kMaxBody = 64 * 1024;

std::unexpected<UnreadableForm> refuse(int status, std::string description) {
  return std::unexpected(UnreadableForm{status, {model::OAuthCode::invalid_request, std::move(description), {}}});
}

std::string media_type(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return to_lower_ascii(trim(type.substr(0, type.find(';'))));
}

std::expected<http::Form, UnreadableForm> read_json(const std::string& body) {
  const auto object = json::parse_object(body, {.bytes = kMaxBody, .depth = 4});
  if (!object) return refuse(400, "the body is not a JSON object with unique members");
  http::Form form;
  for (const auto& [name, value] : *object) {
    if (value.is_null()) continue;
    if (!value.is_string()) return refuse(400, "every JSON member must be a string");
    const std::string text(value.get_string());
    // A form cannot carry a NUL either, and what follows one must not be seen by some readers only.
    if (text.contains('\0')) return refuse(400, "a JSON member contains a NUL");
    form.add(std::string(name), text);
  }
  return form;
}

}  // namespace

std::expected<http::Form, UnreadableForm> read_client_form(const http::Request& request) {
  if (request.body.size() > kMaxBody) return refuse(413, "the body is longer than 64 KiB");
  const std::string type = media_type(request);
  if (type == "application/json") return read_json(request.body);
  if (type != "application/x-www-form-urlencoded")
    return refuse(415, "the body must be application/x-www-form-urlencoded or application/json");
  auto form = http::Form::parse(request.body);
  if (form) return std::move(*form);
  if (form.error() != http::FormError::repeated) return refuse(400, "malformed form");
  return refuse(400, "parameter given more than once: " + for_description(http::find_repeated(request.body).value()));
}

http::Response render(const http::Site& site, const UnreadableForm& unreadable) {
  http::Response response = render_token_error(site, unreadable.error, false);
  response.status = unreadable.status;
  return response;
}

}  // namespace symbolon::oidc
