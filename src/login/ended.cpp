#include "login/ended.h"

#include "http/url.h"
#include "login/page_frame.h"
#include "pages/error_page.h"

namespace symbolon::login {

http::Response sign_in_ended(const http::Request& request, const model::Tenant& tenant, const model::Client* client) {
  std::string target = client ? client->initiate_login_uri : std::string();
  if (target.empty()) target = tenant.default_redirection_uri;
  if (!target.empty()) {
    target = http::with_query(target, {{"iss", request.site->issuer()}});
    return request.method == http::Method::post ? http::redirect_after_post(target) : http::redirect_after_get(target);
  }
  pages::ErrorPage page;
  page.title = pages::Text::error_expired_title;
  page.error = "invalid_request";
  const pages::Frame frame = frame_for(tenant, request);
  page.description = pages::text(frame.language, pages::Text::error_expired_body);
  return pages::render(frame, page);
}

}  // namespace symbolon::login
