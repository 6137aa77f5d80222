#include "login/page_frame.h"

#include <boost/json.hpp>

namespace symbolon::login {
namespace {

std::string text_in(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The tenant's `branding` member; where it names no logo, the picture of its settings.
void add_branding(pages::Frame& frame, const model::Tenant& tenant) {
  frame.logo_url = tenant.picture_url;
  boost::system::error_code broken;
  const auto doc = boost::json::parse(tenant.doc.empty() ? "{}" : tenant.doc, broken);
  const auto* settings = broken ? nullptr : doc.if_object();
  const auto* member = settings ? settings->if_contains("branding") : nullptr;
  const auto* branding = member ? member->if_object() : nullptr;
  if (!branding) return;
  if (std::string logo = text_in(*branding, "logo_url"); !logo.empty()) frame.logo_url = std::move(logo);
  frame.favicon_url = text_in(*branding, "favicon_url");
  const auto* colors = branding->if_contains("colors");
  if (!colors || !colors->is_object()) return;
  frame.primary_color = text_in(colors->get_object(), "primary");
  frame.page_background = text_in(colors->get_object(), "page_background");
}

}  // namespace

pages::Frame frame_for(const model::Tenant& tenant, const http::Request& request, const std::string& ui_locales) {
  pages::Frame frame;
  frame.language = pages::choose_language(ui_locales, request.headers.get("Accept-Language"),
                                          tenant.enabled_locales);
  frame.tenant_name = tenant.friendly_name;
  add_branding(frame, tenant);
  frame.support_email = tenant.support_email;
  frame.support_url = tenant.support_url;
  frame.secure = request.site->secure;
  return frame;
}

}  // namespace symbolon::login
