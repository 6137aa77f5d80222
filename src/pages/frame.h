#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/response.h"
#include "pages/html.h"

namespace symbolon::pages {

/// What every page shares: language, whose page it is, branding.
struct Frame {
  std::string language = "en";  ///< a tag that texts exist for: en, fr, fr-CA
  std::string tenant_name;      ///< friendly name; empty: none shown
  std::string logo_url, favicon_url;
  std::string primary_color, page_background;  ///< `#rrggbb`; anything else is ignored
  std::string support_email, support_url;
  bool secure = true;           ///< served over https: then HSTS
  bool wide = false;            ///< room for tables
};

/// The languages that texts exist for among those that a tenant enabled, the default first; all where it never said.
std::vector<std::string> served_languages(const std::vector<std::string>& enabled);

/// The first of `ui_locales`, Accept-Language (by its weights) and the default that is served (login-runtime AZ-14).
std::string choose_language(std::string_view ui_locales, std::string_view accept_language,
                            const std::vector<std::string>& enabled);

/// Black or white, whichever reads better on `color` (`#rgb` or `#rrggbb`): at least 4.5 to 1 (WCAG 2.2, 1.4.3).
std::string_view ink_on(std::string_view color);

/// The tenant's colours as a rule that overrides the style sheet's; empty for values that are no colours.
std::string brand_colors(std::string_view primary, std::string_view page);

/// A page: title and body inside the frame, with the security headers of login-runtime SEC-30…32. `form_targets` are
/// the CSP sources that forms on the page may post to and be redirected to; empty: ours only.
http::Response render_page(const Frame& frame, int status, std::string_view title, Html body,
                           std::string_view form_targets = {});

/// A page whose one form submits itself, with a visible button for browsers without scripts. The script is allowed by
/// its hash only. `action` and `fields` are escaped here.
http::Response render_self_submitting(const Frame& frame, std::string_view action, std::string_view form_targets,
                                      const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace symbolon::pages
