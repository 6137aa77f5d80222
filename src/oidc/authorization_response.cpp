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
#include "oidc/oauth_error.h"
#include "pages/error_page.h"

namespace symbolon::oidc {
namespace {

pages::Frame plain_frame(const http::Site& site, const model::AuthorizationRequest& request) {
  pages::Frame frame;
  frame.language = pages::choose_language(request.ui_locales, {}, "en");
  frame.secure = site.secure;
  return frame;
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

http::Response refuse_message(const http::Site& site, const model::AuthorizationRequest& request) {
  pages::ErrorPage page;
  page.status = 403;
  page.error = "unauthorized_client";
  page.description = "The origin of redirect_uri is not registered to receive web messages for this application.";
  page.client_id = request.client.str();
  return pages::render(plain_frame(site, request), page);
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

http::Response render_authorization_response(const http::Site& site, const model::Client& client,
                                             const model::AuthorizationRequest& request,
                                             const TrustedRedirect& redirect, const ResponseParameters& parameters,
                                             bool after_post) {
  if (request.response_mode == "query") return send_to(site, http::with_query(redirect.uri(), parameters), after_post);
  if (request.response_mode == "fragment")
    return send_to(site, http::with_fragment(redirect.uri(), parameters), after_post);
  if (request.response_mode == "form_post")
    return pages::render_self_submitting(plain_frame(site, request), redirect.uri(), redirect.origin(), parameters);
  if (request.response_mode == "web_message")
    return may_receive_messages(client, redirect) ? render_message(site, client, redirect, parameters)
                                                  : refuse_message(site, request);
  throw std::logic_error("an authorization request without response_mode");
}

http::Response render_callback_mismatch(const http::Site& site, const model::AuthorizationRequest& request,
                                        RedirectError error, std::string reference) {
  pages::ErrorPage page;
  page.status = 403;
  page.title = pages::Text::error_callback_title;
  page.error = "unauthorized_client";
  page.description = to_string(error);
  page.reference = std::move(reference);
  page.client_id = request.client.str();
  page.connection = request.connection;
  return pages::render(plain_frame(site, request), page);
}

}  // namespace symbolon::oidc
