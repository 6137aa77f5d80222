#include "login/ended.h"

#include "http/url.h"
#include "login/error_answer.h"
#include "login/failure.h"
#include "login/page_frame.h"
#include "login/recent_failures.h"
#include "login/resume_endpoint.h"

namespace symbolon::login {
namespace {

// Placeholders stand for organisations of a kind that we do not have.
bool is_usable(const std::string& place) {
  const auto url = http::parse_url(place);
  return url && (url->is_https() || (url->is_http() && url->is_loopback())) && !place.contains('{');
}

}  // namespace

std::string sign_in_start(const model::Tenant& tenant, const model::Client* client) {
  if (client && is_usable(client->initiate_login_uri)) return client->initiate_login_uri;
  return is_usable(tenant.default_redirection_uri) ? tenant.default_redirection_uri : std::string();
}

http::Response sign_in_ended(const Services& services, const http::Request& request, const model::Tenant& tenant,
                             const model::Client* client) {
  if (const std::string start = sign_in_start(tenant, client); !start.empty()) {
    if (!request.headers.has("Cookie")) return ask_for_cookies(request, client);
    const std::string target = http::with_query(start, {{"iss", request.site->issuer()}});
    return request.method == http::Method::post ? http::redirect_after_post(target) : http::redirect_after_get(target);
  }
  pages::ErrorPage page;
  page.title = pages::Text::error_expired_title;
  page.error = "invalid_request";
  page.description = pages::text(frame_for(tenant, request).language, pages::Text::error_expired_body);
  if (client) page.client_id = client->id.str();
  FailedLogin failed;
  failed.error.step = "page";
  failed.error.rule = "E11";
  failed.error.check = "the sign-in of the page is alive in this browser";
  failed.error.received = request.path;
  failed.error.hint =
      "Start the sign-in at the application. initiate_login_uri of the application, or default_redirection_uri of the "
      "tenant, would send people there without this page.";
  failed.error.downstream = {model::OAuthCode::invalid_request, "the sign-in was finished, has expired or is unknown", {}};
  if (client) {
    failed.client = client->id;
    failed.client_name = client->name;
  }
  page.reference = services.recent_failures.note(request, std::move(failed));
  return show_error(request, tenant, {}, page);
}

}  // namespace symbolon::login
