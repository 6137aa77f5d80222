#include "login/error_answer.h"

#include "http/url.h"
#include "login/page_frame.h"

namespace symbolon::login {

http::Response show_error(const http::Request& request, const model::Tenant& tenant, const std::string& ui_locales,
                          const pages::ErrorPage& page) {
  const pages::Frame frame = frame_for(tenant, request, ui_locales);
  if (!tenant.error_page_url.starts_with("https://")) return pages::render(frame, page);

  std::vector<std::pair<std::string, std::string>> shown{{"lang", frame.language}, {"error", page.error}};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) shown.emplace_back(name, value);
  };
  add("error_description", page.description);
  add("client_id", page.client_id);
  add("connection", page.connection);
  add("tracking", page.reference);
  const std::string target = http::with_query(tenant.error_page_url, shown);
  http::Response response = request.method == http::Method::post ? http::redirect_after_post(target)
                                                                 : http::redirect_after_get(target);
  http::forbid_caching(response);
  return response;
}

}  // namespace symbolon::login
