#include "oidc/authorization_response.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>

#include "base/encoding.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "http/url.h"
#include "json/text.h"
#include "login/error_answer.h"
#include "login/failure.h"
#include "login/page_frame.h"
#include "oidc/oauth_error.h"
#include "pages/error_page.h"

namespace symbolon::oidc {
namespace {

// A failure that the application cannot be told, since what would be told is the failure.
http::Response show_untold(const PageContext& context, const model::AuthorizationRequest& request,
                           const std::string& rule, const std::string& check, const std::string& hint,
                           pages::RefusalText why, pages::Text title) {
  pages::ErrorPage page;
  page.status = 403;
  page.title = title;
  page.error = "unauthorized_client";
  page.description = pages::text(login::frame_for(context.tenant, context.http, request.ui_locales).language, why);
  page.client_id = request.client.str();
  page.connection = request.connection;
  page.reference = context.reference;
  if (page.reference.empty()) {
    login::FailedLogin failed;
    failed.error.step = "authorization_response";
    failed.error.rule = rule;
    failed.error.check = check;
    failed.error.received = request.redirect_uri;
    failed.error.hint = hint;
    failed.error.downstream = {model::OAuthCode::unauthorized_client, std::string(pages::text("en", why)), {}};
    failed.client = request.client;
    page.reference = context.recent_failures.note(context.http, std::move(failed));
  }
  return login::show_error(context.http, context.tenant, request.ui_locales, page);
}

boost::json::object message_body(const ResponseParameters& parameters) {
  boost::json::object body;
  for (const auto& [name, value] : parameters) {
    std::int64_t seconds = 0;
    if (name == "expires_in" && std::from_chars(value.data(), value.data() + value.size(), seconds).ec == std::errc())
      body[name] = seconds;
    else
      body[name] = value;
  }
  return body;
}

std::string frame_ancestors(const model::Client& client, const TrustedRedirect& redirect) {
  std::vector<std::string> origins{redirect.origin()};
  for (const std::string& registered : client.web_origins)
    if (const auto url = http::parse_url(registered);
        url && (url->is_https() || url->is_http()) && !contains(origins, url->origin()))
      origins.push_back(url->origin());
  return join(origins, " ");
}

// The opener wins: a popup of an application has itself as parent.
http::Response render_message(const http::Site& site, const model::Client& client, const TrustedRedirect& redirect,
                              const ResponseParameters& parameters) {
  const std::string script = "(window.opener||window.parent).postMessage(" +
                             json::serialize_for_script(boost::json::object{{"type", "authorization_response"},
                                                                            {"response", message_body(parameters)}}) +
                             "," + json::serialize_for_script(boost::json::string(redirect.origin())) + ");";
  http::Response response = http::html_response(
      200, "<!doctype html><html><head><meta charset=\"utf-8\"><title>Symbolon</title></head><body><script>" + script +
               "</script></body></html>");
  protect(response, site);
  response.headers.set("Content-Security-Policy", "default-src 'none'; script-src 'sha256-" +
                                                      base64_encode(crypto::sha256(script)) +
                                                      "'; base-uri 'none'; form-action 'none'; frame-ancestors " +
                                                      frame_ancestors(client, redirect));
  return response;
}

http::Response refuse_message(const PageContext& page, const model::AuthorizationRequest& request) {
  return show_untold(page, request, "RM-3", "the origin of the redirect_uri may receive messages",
                     "Add the origin to the application's web_origins.", pages::RefusalText::message_origin,
                     pages::Text::error_title);
}

http::Response send_to(const http::Site& site, std::string location, bool after_post) {
  http::Response response =
      after_post ? http::redirect_after_post(std::move(location)) : http::redirect_after_get(std::move(location));
  protect(response, site);
  return response;
}

}  // namespace

bool may_receive_messages(const model::Client& client, const TrustedRedirect& redirect) {
  if (!redirect.is_web()) return false;
  if (client.first_party) return true;  // the origin is a callback's by definition
  return std::ranges::any_of(client.web_origins, [&](const std::string& registered) {
    const auto url = http::parse_url(registered);
    return url && url->origin() == redirect.origin();
  });
}

http::Response render_authorization_response(const PageContext& page, const model::Client& client,
                                             const model::AuthorizationRequest& request,
                                             const TrustedRedirect& redirect, const ResponseParameters& parameters,
                                             bool after_post) {
  const http::Site& site = *page.http.site;
  if (request.response_mode == "query") return send_to(site, http::with_query(redirect.uri(), parameters), after_post);
  if (request.response_mode == "fragment")
    return send_to(site, http::with_fragment(redirect.uri(), parameters), after_post);
  if (request.response_mode == "form_post")
    return pages::render_self_submitting(login::frame_for(page.tenant, page.http, request.ui_locales), redirect.uri(),
                                         redirect.origin(), parameters);
  if (request.response_mode == "web_message")
    return may_receive_messages(client, redirect) ? render_message(site, client, redirect, parameters)
                                                  : refuse_message(page, request);
  throw std::logic_error("an authorization request without response_mode");
}

http::Response render_callback_mismatch(const PageContext& page, const model::AuthorizationRequest& request,
                                        RedirectError error) {
  return show_untold(page, request, "E2", "the redirect_uri is registered for the application",
                     "Add the redirect_uri to the application's callbacks.", describe(error),
                     pages::Text::error_callback_title);
}

}  // namespace symbolon::oidc
