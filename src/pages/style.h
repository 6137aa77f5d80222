#pragma once

#include <string_view>

namespace symbolon::pages {

/// The one style sheet, compiled in and served at kStyleSheetPath; colours of the tenant come as custom properties.
std::string_view style_sheet();
inline constexpr std::string_view kStyleSheetPath = "/u/style.css";

/// What the style sheet draws in place of a connection's icon that cannot be had; served at kKeyGlyphPath as SVG.
std::string_view key_glyph();
inline constexpr std::string_view kKeyGlyphPath = "/u/key.svg";

}  // namespace symbolon::pages
