#include "login_storm/application.h"

#include <boost/json.hpp>

#include "base/encoding.h"
#include "login_storm/browser.h"
#include "login_storm/tokens.h"

namespace symbolon::bench {

namespace json = boost::json;

namespace {

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object parse_object(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return error || !value.is_object() ? json::object{} : std::move(value.get_object());
}

json::object claims_of(const std::string& jws) {
  const std::size_t first = jws.find('.');
  const std::size_t second = first == std::string::npos ? first : jws.find('.', first + 1);
  if (second == std::string::npos) return {};
  return parse_object(base64url_decode(std::string_view(jws).substr(first + 1, second - first - 1)).value_or(""));
}

}  // namespace

Application::Application(const Options& options, const ClientProfile& client) : options_(options), client_(client) {
  Parameters parameters{{"response_type", "code"},
                        {"client_id", client.id},
                        {"redirect_uri", client.redirect_uri},
                        {"scope", options.scope},
                        {"code_challenge_method", "S256"}};
  parameters.insert(parameters.end(), options.authorize_parameters.begin(), options.authorize_parameters.end());
  start_ = with_query(options.authorize_url, parameters);
  target_ = parse_http_url(options.token_url).value().target;
}

PendingLogin Application::begin() const {
  PendingLogin pending{.url = start_, .state = random_token(), .nonce = random_token(), .verifier = random_token()};
  pending.url.append("&state=").append(pending.state).append("&nonce=").append(pending.nonce);
  pending.url.append("&code_challenge=").append(pkce_challenge(pending.verifier));
  return pending;
}

std::expected<std::string, Failure> Application::read_code(const PendingLogin& pending, const Parameters& landing) {
  const std::string error = value_of(landing, "error");
  if (!error.empty())
    return std::unexpected(Failure{"redirected with error=" + error, value_of(landing, "error_description")});
  if (value_of(landing, "state") != pending.state) return std::unexpected(Failure{"landed with another state", ""});
  std::string code = value_of(landing, "code");
  if (code.empty()) return std::unexpected(Failure{"landed without a code", ""});
  return code;
}

HttpRequest Application::token_request(Parameters form) const {
  HttpRequest request{
      .method = "POST",
      .target = target_,
      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
      .body = {}};
  if (options_.client_auth == ClientAuth::basic) {
    const std::string pair = percent_encode(client_.id) + ":" + percent_encode(client_.secret);
    request.headers.emplace_back("Authorization", "Basic " + base64_encode(pair));
  } else {
    form.emplace_back("client_id", client_.id);
    if (options_.client_auth == ClientAuth::post) form.emplace_back("client_secret", client_.secret);
  }
  request.body = encode_form(form);
  return request;
}

HttpRequest Application::code_request(const PendingLogin& pending, const std::string& code) const {
  return token_request({{"grant_type", "authorization_code"},
                        {"code", code},
                        {"redirect_uri", client_.redirect_uri},
                        {"code_verifier", pending.verifier}});
}

HttpRequest Application::refresh_request(const std::string& refresh_token) const {
  return token_request({{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}});
}

HttpRequest Application::client_credentials_request() const {
  Parameters form{{"grant_type", "client_credentials"}};
  if (!options_.audience.empty()) form.emplace_back("audience", options_.audience);
  return token_request(std::move(form));
}

std::expected<TokenSet, Failure> Application::read_tokens(const HttpResponse& response, const std::string& nonce) {
  if (response.status != 200) return std::unexpected(describe(response));
  const json::object tokens = parse_object(response.body);
  if (text_of(tokens, "access_token").empty()) return std::unexpected(Failure{"no access_token", ""});
  if (!nonce.empty()) {
    const std::string id_token = text_of(tokens, "id_token");
    if (id_token.empty()) return std::unexpected(Failure{"no id_token", ""});
    const json::object claims = claims_of(id_token);
    if (text_of(claims, "sub").empty()) return std::unexpected(Failure{"id_token without sub", ""});
    if (text_of(claims, "nonce") != nonce) return std::unexpected(Failure{"id_token with another nonce", ""});
  }
  return TokenSet{.refresh_token = text_of(tokens, "refresh_token")};
}

}  // namespace symbolon::bench
