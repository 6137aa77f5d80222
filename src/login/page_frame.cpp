#include "login/page_frame.h"

namespace symbolon::login {

pages::Frame frame_for(const model::Tenant& tenant, const http::Request& request, const std::string& ui_locales) {
  pages::Frame frame;
  frame.language = pages::choose_language(ui_locales, request.headers.get("Accept-Language"),
                                          tenant.enabled_locales.empty() ? "en" : tenant.enabled_locales.front());
  frame.tenant_name = tenant.friendly_name;
  frame.logo_url = tenant.picture_url;
  frame.support_email = tenant.support_email;
  frame.support_url = tenant.support_url;
  frame.secure = request.site->secure;
  return frame;
}

}  // namespace symbolon::login
