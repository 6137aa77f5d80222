#include "login/resume_endpoint.h"

#include "http/cookie.h"
#include "http/form.h"
#include "login/ended.h"
#include "store/client_store.h"
#include "store/tenant_store.h"

namespace symbolon::login {
namespace {

constexpr std::string_view kCookie = "cookie-check";
constexpr std::chrono::seconds kCookieLife{300};

}  // namespace

http::Response ask_for_cookies(const http::Request& request, const model::Client* client) {
  std::vector<std::pair<std::string, std::string>> fields{{"cookie_check", "1"}};
  if (client) fields.emplace_back("client_id", client->id.str());
  const std::string target = request.site->url("/login/resume?" + http::encode_form(fields));
  http::Response response =
      request.method == http::Method::post ? http::redirect_after_post(target) : http::redirect_after_get(target);
  response.headers.add("Set-Cookie", http::render({.name = std::string(kCookie),
                                                   .value = "1",
                                                   .max_age = kCookieLife,
                                                   .secure = request.site->secure}));
  http::forbid_caching(response);
  return response;
}

Task<http::Response> ResumeEndpoint::handle(http::Request http) {
  const ClientId id(http::Form::parse(http.query).value_or(http::Form()).get("client_id"));
  model::Tenant tenant{.id = http.site->tenant};
  std::optional<model::Client> client;
  co_await services_.db.read([&](db::Transaction& tx) {
    tenant = store::TenantStore(tx).find(tenant.id).value_or(model::Tenant{.id = tenant.id});
    if (!id.empty()) client = store::ClientStore(tx, tenant.id).find(id);
  });
  const bool keeps_cookies =
      http::find_cookie(http.headers, http::cookie_name(kCookie, http.site->secure)).has_value();
  // Without its own start and without the tenant's, sign_in_ended() shows the page that asks for cookies.
  if (!keeps_cookies) {
    tenant.default_redirection_uri.clear();
    client.reset();
  }
  co_return sign_in_ended(services_, http, tenant, client ? &*client : nullptr);
}

}  // namespace symbolon::login
