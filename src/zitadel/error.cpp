#include "zitadel/error.h"

#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kTexts{{
    {"Errors.Invalid.Argument", "An argument is missing or not valid"},
    {"Errors.IDPConfig.NotExisting", "The identity provider does not exist"},
    {"Errors.IDPConfig.AlreadyExists", "The identity provider is in the policy already"},
    {"Errors.IAM.LoginPolicy.NotFound", "There is no login policy"},
    {"Errors.IAM.LoginPolicy.NotChanged", "The login policy was not changed"},
    {"Errors.IAM.LoginPolicy.AlreadyExists", "There is a login policy already"},
    {"Errors.IAM.LoginPolicy.RedirectURIInvalid", "The default redirect URI is not valid"},
    {"Errors.IAM.LoginPolicy.Factor", "The factor is in the policy already, or is not in it"},
    {"Errors.Token.Invalid", "The token is not valid"},
    {"Errors.Member.AlreadyExists", "The user is a member already"},
    {"Errors.Member.NotFound", "The user is not a member"},
    {"Errors.Org.AlreadyExisting", "There is an organisation of that name already"},
    {"Errors.User.NotFound", "The user does not exist"},
    {"List.Query.Invalid", "The list query is not valid"},
}};

}  // namespace

std::string Error::message() const { return id.empty() ? text : text + " (" + id + ")"; }

std::string_view text_of(std::string_view key) {
  for (const auto& [name, text] : kTexts)
    if (name == key) return text;
  return key;
}

Error plain(Code code, std::string text) { return {code, {}, std::move(text)}; }

Error failure(Code code, std::string_view id, std::string_view key) {
  return {code, std::string(id), std::string(text_of(key))};
}

Error failure_saying(Code code, std::string_view id, std::string text) {
  return {code, std::string(id), std::move(text)};
}

int http_status(Code code) {
  switch (code) {
    case Code::unknown: return 500;
    case Code::invalid_argument: return 400;
    case Code::not_found: return 404;
    case Code::already_exists: return 409;
    case Code::permission_denied: return 403;
    case Code::resource_exhausted: return 429;
    case Code::failed_precondition: return 400;
    case Code::aborted: return 409;
    case Code::unimplemented: return 501;
    case Code::internal: return 500;
    case Code::unavailable: return 503;
    case Code::unauthenticated: return 401;
  }
  throw std::logic_error("Code outside its enumerators");
}

http::Response render(const Error& error) {
  const std::string message = error.message();
  json::object body{{"code", static_cast<int>(error.code)}, {"message", message}};
  if (!error.id.empty())
    body["details"] = json::array{json::object{{"@type", "type.googleapis.com/zitadel.v1.ErrorDetail"},
                                               {"id", error.id},
                                               {"message", error.text}}};
  http::Response response = http::json_response(http_status(error.code), json::serialize(body));
  // Texts of ours only, so that the header is safe; grpc-gateway sets it to the message as well.
  if (error.code == Code::unauthenticated) response.headers.set("WWW-Authenticate", message);
  http::forbid_caching(response);
  return response;
}

}  // namespace symbolon::zitadel
