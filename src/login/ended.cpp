#include "login/ended.h"

#include "http/url.h"
#include "login/error_answer.h"
#include "login/page_frame.h"

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
  page.description = pages::text(frame_for(tenant, request).language, pages::Text::error_expired_body);
  return show_error(request, tenant, {}, page);
}

}  // namespace symbolon::login
