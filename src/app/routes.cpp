#include "app/routes.h"

#include "app/endpoints.h"
#include "app/health.h"
#include "http/form.h"
#include "pages/frame.h"
#include "pages/style.h"

namespace symbolon::app {
namespace {

using http::Cors;
using http::Method;
using login::ConsentEndpoint;
using login::LoginPages;
using oidc::Logout;
using oidc::LogoutPages;

template <class Endpoint>
http::Handler to(Endpoint& endpoint) {
  return [&endpoint](http::Request request) { return endpoint.handle(std::move(request)); };
}

template <class Endpoint>
http::Handler to(Endpoint& endpoint, Task<http::Response> (Endpoint::*answer)(http::Request)) {
  return [&endpoint, answer](http::Request request) { return (endpoint.*answer)(std::move(request)); };
}

Task<http::Response> style_sheet(http::Request request) {
  const auto query = http::Form::parse_lenient(request.query).value_or(http::Form());
  const auto color = [&](std::string_view name) {
    const std::string digits = query.get(name);
    return digits.empty() ? digits : "#" + digits;
  };
  http::Response response;
  response.headers.set("Content-Type", "text/css; charset=utf-8");
  response.headers.set("Cache-Control", "public, max-age=3600");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.body = std::string(pages::style_sheet()) + pages::brand_colors(color("primary"), color("page"));
  co_return response;
}

Task<http::Response> key_glyph(http::Request) {
  http::Response response;
  response.headers.set("Content-Type", "image/svg+xml");
  response.headers.set("Cache-Control", "public, max-age=86400");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.body = pages::key_glyph();
  co_return response;
}

Task<http::Response> openapi(Endpoints& endpoints, http::Request request) {
  http::Response response = http::json_response(200, endpoints.contract.document(request.site->base_url));
  response.headers.set("Cache-Control", "public, max-age=300");
  co_return response;
}

}  // namespace

std::vector<http::Route> make_routes(Endpoints& e) {
  std::vector<http::Route> routes{
      // Health
      {Method::get, "/healthz", [](http::Request) { return alive(); }},
      {Method::get, "/readyz", [&e](http::Request request) { return ready(e.foundation.db, std::move(request)); }},
      // Provider (login-runtime §1.1), canonical and alias paths
      {Method::get, "/.well-known/openid-configuration", to(e.discovery), Cors::any_origin},
      {Method::get, "/.well-known/oauth-authorization-server", to(e.discovery), Cors::any_origin},
      {Method::get, "/.well-known/jwks.json", to(e.keys), Cors::any_origin},
      {Method::get, "/oauth/v2/keys", to(e.keys), Cors::any_origin},
      {Method::get, "/oauth/connection/{name}/.well-known/jwks.json", to(e.connection_keys), Cors::any_origin},
      {Method::get, "/authorize", to(e.authorize)},
      {Method::post, "/authorize", to(e.authorize)},
      {Method::get, "/oauth/v2/authorize", to(e.authorize)},
      {Method::post, "/oauth/v2/authorize", to(e.authorize)},
      {Method::post, "/oauth/token", to(e.zitadel.token()), Cors::client_origins},
      {Method::post, "/oauth/v2/token", to(e.zitadel.token()), Cors::client_origins},
      {Method::post, "/oauth/par", to(e.pushed_requests), Cors::client_origins},
      {Method::post, "/oauth/revoke", to(e.zitadel.tokens(), &zitadel::ServiceTokens::revoke), Cors::client_origins},
      {Method::post, "/oauth/v2/revoke", to(e.zitadel.tokens(), &zitadel::ServiceTokens::revoke), Cors::client_origins},
      {Method::post, "/oauth/v2/introspect", to(e.zitadel.tokens(), &zitadel::ServiceTokens::introspect)},
      {Method::get, "/userinfo", to(e.userinfo), Cors::client_origins},
      {Method::post, "/userinfo", to(e.userinfo), Cors::client_origins},
      {Method::get, "/oidc/v1/userinfo", to(e.zitadel.userinfo()), Cors::client_origins},
      {Method::post, "/oidc/v1/userinfo", to(e.zitadel.userinfo()), Cors::client_origins},
      {Method::get, "/v2/logout", to(e.legacy_logout)},
      {Method::get, "/oidc/logout", to(e.rp_logout)},
      {Method::post, "/oidc/logout", to(e.rp_logout)},
      {Method::get, "/oidc/v1/end_session", to(e.rp_logout)},
      {Method::post, "/oidc/v1/end_session", to(e.rp_logout)},
      {Method::get, "/logout/callback", to(e.logout, &Logout::come_back)},
      {Method::get, "/u/logged-out", to(e.logout_pages, &LogoutPages::logged_out)},
      {Method::post, "/u/logout", to(e.logout_pages, &LogoutPages::answer)},
      {Method::post, "/oauth/backchannel-logout/connection/{name}", to(e.backchannel_logout)},
      // Sign-in that starts at a provider (OpenID Connect Core §4)
      {Method::get, "/login/initiate", to(e.initiate)},
      {Method::post, "/login/initiate", to(e.initiate)},
      {Method::get, "/login/resume", to(e.resume)},
      // Test of a connection (login-runtime §4.1)
      {Method::get, "/try/{ticket}",
       [&e](http::Request request) { return e.try_connection.begin(std::move(request)); }},
      // Pages
      {Method::get, std::string(pages::kStyleSheetPath), style_sheet},
      {Method::get, std::string(pages::kKeyGlyphPath), key_glyph},
      {Method::get, "/u/login", to(e.login_pages, &LoginPages::show_buttons)},
      {Method::get, "/u/login/identifier", to(e.login_pages, &LoginPages::show_identifier)},
      {Method::post, "/u/login/identifier", to(e.login_pages, &LoginPages::take_identifier)},
      {Method::get, "/u/login/again", to(e.login_pages, &LoginPages::show_again)},
      {Method::get, "/u/login/start", to(e.login_pages, &LoginPages::start)},
      {Method::get, "/u/login/select", to(e.login_pages, &LoginPages::show_select)},
      {Method::post, "/u/login/select", to(e.login_pages, &LoginPages::take_account)},
      {Method::get, "/u/login/other", to(e.login_pages, &LoginPages::other_account)},
      {Method::get, "/u/first-contact", to(e.first_contact, &login::FirstContactEndpoint::show)},
      {Method::post, "/u/first-contact", to(e.first_contact, &login::FirstContactEndpoint::take)},
      {Method::get, "/u/consent", to(e.consent, &ConsentEndpoint::show)},
      {Method::post, "/u/consent", to(e.consent, &ConsentEndpoint::take)},
      // Lock (login-runtime §3.6)
      {Method::get, "/client/{file}", to(e.lock_file)},
      {Method::post, "/usernamepassword/challenge", login::no_captcha, Cors::client_origins},
      // Management API: one route for each operation of the contract
      {Method::get, "/api/v2/openapi.json",
       [&e](http::Request request) { return openapi(e, std::move(request)); }, Cors::any_origin},
      {Method::get, "/docs", to(e.reference_page)},
  };
  // Where providers send browsers back
  for (const Method method : {Method::get, Method::post}) {
    for (const model::CallbackPath path : model::kCallbackPaths)
      routes.push_back({method, std::string(to_string(path)), to(e.callback)});
    routes.push_back({method, std::string(to_string(model::CallbackPath::of_connection)), to(e.callback)});
  }
  for (http::Route& route : e.api.routes()) routes.push_back(std::move(route));
  // ZITADEL's words for the same records: one route for each operation, with its permission
  for (http::Route& route : e.zitadel.routes()) routes.push_back(std::move(route));
  return routes;
}

}  // namespace symbolon::app
