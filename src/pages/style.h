#pragma once

#include <string_view>

namespace symbolon::pages {

/// The one style sheet, compiled in and served at kStyleSheetPath; colours of the tenant come as custom properties.
std::string_view style_sheet();
inline constexpr std::string_view kStyleSheetPath = "/u/style.css";

}  // namespace symbolon::pages
