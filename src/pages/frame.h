#pragma once

#include <string>

namespace symbolon::pages {

/// What every page shares: language, whose page it is, branding.
struct Frame {
  std::string language = "en";  ///< a tag that texts exist for: en, fr
  std::string tenant_name;      ///< friendly name; empty: none shown
  std::string logo_url, favicon_url, primary_color, page_background;
  std::string support_email, support_url;
};

/// The first of `ui_locales`, Accept-Language and the tenant's default that texts exist for (login-runtime AZ-14).
std::string choose_language(const std::string& ui_locales, const std::string& accept_language,
                            const std::string& tenant_default);

}  // namespace symbolon::pages
