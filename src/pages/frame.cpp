#include "pages/frame.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "http/headers.h"
#include "pages/style.h"
#include "pages/texts.h"

namespace symbolon::pages {
namespace {

constexpr std::array<std::string_view, 3> kLanguages{"en", "fr", "fr-CA"};

// The hash of kSubmitScript; a test computes it again.
constexpr Markup kSubmitScript("document.forms[0].submit()");
constexpr std::string_view kSubmitScriptHash = "sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=";

std::string_view primary_of(std::string_view tag) { return tag.substr(0, tag.find('-')); }

// The one of `languages` that serves a reader of `tag`: itself, its language, or another region's.
template <typename Languages>
std::optional<std::string> serving(const Languages& languages, std::string_view tag) {
  for (const std::string_view wanted : {tag, primary_of(tag)})
    for (const auto& language : languages)
      if (equals_ignoring_case(language, wanted)) return std::string(language);
  for (const auto& language : languages)
    if (equals_ignoring_case(primary_of(language), primary_of(tag))) return std::string(language);
  return std::nullopt;
}

// The tags of an Accept-Language header, the dearest first (RFC 9110 §12.5.4); those of weight 0 are not wanted.
std::vector<std::string> by_weight(std::string_view accept_language) {
  std::vector<std::tuple<int, std::size_t, std::string>> weighed;  // equal weights stay as listed
  for (const std::string& entry : split_words(accept_language, ",")) {
    const std::string_view text = entry;
    const auto semicolon = text.find(';');
    int thousandths = 1000;
    if (semicolon != std::string_view::npos) {
      std::string_view weight = trim(text.substr(semicolon + 1));
      double value = 1;
      if (weight.starts_with("q=") || weight.starts_with("Q=")) weight.remove_prefix(2);
      std::from_chars(weight.data(), weight.data() + weight.size(), value);
      thousandths = value >= 0 && value < 1 ? static_cast<int>(value * 1000) : 1000;
    }
    if (thousandths > 0) weighed.emplace_back(-thousandths, weighed.size(), trim(text.substr(0, semicolon)));
  }
  std::ranges::sort(weighed);
  std::vector<std::string> tags;
  for (auto& [weight, position, tag] : weighed) tags.push_back(std::move(tag));
  return tags;
}

bool is_color(std::string_view value) {
  return (value.size() == 7 || value.size() == 4) && value[0] == '#' &&
         value.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

// Relative luminance of sRGB (WCAG 2.2).
double luminance(std::string_view color) {
  const auto channel = [&](std::size_t index) {
    const std::size_t width = color.size() == 4 ? 1 : 2;
    const std::string digits(color.substr(1 + index * width, width));
    const double value = std::stoi(width == 1 ? digits + digits : digits, nullptr, 16) / 255.0;
    return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
}

void add_security_headers(http::Response& response, const Frame& frame, std::string_view form_targets,
                          std::string_view script_hash) {
  std::string policy = "default-src 'none'; img-src https: 'self'; style-src 'self'";
  if (!script_hash.empty()) policy += "; script-src '" + std::string(script_hash) + "'";
  policy += "; form-action " + (form_targets.empty() ? "'self'" : std::string(form_targets));
  policy += "; base-uri 'none'; frame-ancestors 'none'";
  response.headers.set("Content-Security-Policy", std::move(policy));
  response.headers.set("X-Frame-Options", "DENY");
  if (frame.secure) response.headers.set("Strict-Transport-Security", "max-age=31536000");
  http::forbid_caching(response);
}

Html head(const Frame& frame, std::string_view title) {
  Html html;
  html << Markup("<!doctype html><html lang=\"") << frame.language
       << Markup("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
                 "initial-scale=1\"><meta name=\"robots\" content=\"noindex\"><title>")
       << title;
  if (!frame.tenant_name.empty() && !title.ends_with(frame.tenant_name)) html << Markup(" – ") << frame.tenant_name;
  html << Markup("</title><link rel=\"stylesheet\" href=\"/u/style.css");
  if (is_color(frame.primary_color) || is_color(frame.page_background)) {
    html << Markup("?primary=");
    if (is_color(frame.primary_color)) html << frame.primary_color.substr(1);
    html << Markup("&amp;page=");
    if (is_color(frame.page_background)) html << frame.page_background.substr(1);
  }
  html << Markup("\">");
  if (frame.favicon_url.starts_with("https://"))
    html << Markup("<link rel=\"icon\" href=\"") << frame.favicon_url << Markup("\">");
  return html << Markup("</head>");
}

Html logo(const Frame& frame) {
  Html html;
  if (frame.logo_url.starts_with("https://"))
    html << Markup("<img class=\"logo\" alt=\"\" referrerpolicy=\"no-referrer\" src=\"") << frame.logo_url
         << Markup("\">");
  return html;
}

}  // namespace

std::vector<std::string> served_languages(const std::vector<std::string>& enabled) {
  if (enabled.empty()) return {kLanguages.begin(), kLanguages.end()};
  std::vector<std::string> served;
  for (const std::string& tag : enabled)
    if (auto language = serving(kLanguages, tag); language && !contains(served, *language))
      served.push_back(std::move(*language));
  if (served.empty()) served.emplace_back(kLanguages.front());
  return served;
}

std::string choose_language(std::string_view ui_locales, std::string_view accept_language,
                            const std::vector<std::string>& enabled) {
  const std::vector<std::string> served = served_languages(enabled);
  for (const std::string& tag : split_words(ui_locales))
    if (auto found = serving(served, tag)) return *found;
  for (const std::string& tag : by_weight(accept_language))
    if (auto found = serving(served, tag)) return *found;
  return served.front();
}

// The two contrasts are equal at this luminance, where both are 4.58 to 1.
std::string_view ink_on(std::string_view color) { return luminance(color) > 0.179 ? "#000000" : "#ffffff"; }

std::string brand_colors(std::string_view primary, std::string_view page) {
  std::string css;
  if (is_color(primary))
    css += ":root { --brand: " + std::string(primary) + "; --brand-ink: " + std::string(ink_on(primary)) + "; }\n";
  // A page that a tenant chose for day is no page for the night.
  if (is_color(page))
    css += "@media (prefers-color-scheme: light) { body { background: " + std::string(page) + "; } }\n";
  return css;
}

http::Response render_page(const Frame& frame, int status, std::string_view title, Html body,
                           std::string_view form_targets) {
  Html html = head(frame, title);
  html << (frame.wide ? Markup("<body><main class=\"wide\">") : Markup("<body><main>"));
  html << logo(frame) << body << Markup("</main></body></html>");
  http::Response response = http::html_response(status, html.take());
  add_security_headers(response, frame, form_targets, {});
  return response;
}

http::Response render_self_submitting(const Frame& frame, std::string_view action, std::string_view form_targets,
                                      const std::vector<std::pair<std::string, std::string>>& fields) {
  const std::string_view title = text(frame.language, Text::returning_title);
  Html html = head(frame, title);
  html << Markup("<body><main>") << logo(frame) << Markup("<h1>") << title << Markup("</h1><p class=\"lead\">")
       << text(frame.language, Text::returning_body) << Markup("</p><form method=\"post\" action=\"") << action
       << Markup("\">");
  for (const auto& [name, value] : fields)
    html << Markup("<input type=\"hidden\" name=\"") << name << Markup("\" value=\"") << value << Markup("\">");
  html << Markup("<button class=\"button primary\">") << text(frame.language, Text::continue_button)
       << Markup("</button></form></main><script>") << kSubmitScript << Markup("</script></body></html>");
  http::Response response = http::html_response(200, html.take());
  add_security_headers(response, frame, form_targets, kSubmitScriptHash);
  return response;
}

}  // namespace symbolon::pages
