#include "pages/frame.h"

#include <array>
#include <optional>

#include "base/text.h"
#include "http/headers.h"
#include "pages/style.h"
#include "pages/texts.h"

namespace symbolon::pages {
namespace {

constexpr std::array<std::string_view, 3> kLanguages{"en", "fr-CA", "fr"};

// The hash of kSubmitScript; a test computes it again.
constexpr Markup kSubmitScript("document.forms[0].submit()");
constexpr std::string_view kSubmitScriptHash = "sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=";

std::optional<std::string> supported(std::string_view tag) {
  for (const std::string_view language : kLanguages)
    if (equals_ignoring_case(language, tag)) return std::string(language);
  const auto primary = tag.substr(0, tag.find('-'));
  for (const std::string_view language : kLanguages)
    if (equals_ignoring_case(language, primary)) return std::string(language);
  return std::nullopt;
}

bool is_color(std::string_view value) {
  return (value.size() == 7 || value.size() == 4) && value[0] == '#' &&
         value.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

// Black or white, whichever reads better on `color` (WCAG relative luminance, by its usual linear approximation).
std::string_view ink_on(std::string_view color) {
  const auto channel = [&](std::size_t index) {
    const std::size_t width = color.size() == 4 ? 1 : 2;
    const std::string digits(color.substr(1 + index * width, width));
    const int value = std::stoi(width == 1 ? digits + digits : digits, nullptr, 16);
    return value / 255.0;
  };
  const double light = 0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2);
  return light > 0.45 ? "#000000" : "#ffffff";
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
  if (!frame.tenant_name.empty()) html << Markup(" – ") << frame.tenant_name;
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

}  // namespace

std::string choose_language(std::string_view ui_locales, std::string_view accept_language,
                            std::string_view tenant_default) {
  for (const std::string& tag : split_words(ui_locales))
    if (auto found = supported(tag)) return *found;
  // Browsers list languages by preference; weights only repeat that order.
  for (const std::string& entry : split_words(accept_language, ","))
    if (auto found = supported(trim(std::string_view(entry).substr(0, entry.find(';'))))) return *found;
  return supported(tenant_default).value_or("en");
}

std::string brand_colors(std::string_view primary, std::string_view page) {
  std::string css;
  if (is_color(primary))
    css += ":root { --brand: " + std::string(primary) + "; --brand-ink: " + std::string(ink_on(primary)) + "; }\n";
  if (is_color(page)) css += "body { background: " + std::string(page) + "; }\n";
  return css;
}

http::Response render_page(const Frame& frame, int status, std::string_view title, Html body,
                           std::string_view form_targets) {
  Html html = head(frame, title);
  html << (frame.wide ? Markup("<body><main class=\"wide\">") : Markup("<body><main>"));
  if (frame.logo_url.starts_with("https://"))
    html << Markup("<img class=\"logo\" alt=\"\" referrerpolicy=\"no-referrer\" src=\"") << frame.logo_url
         << Markup("\">");
  html << body << Markup("</main></body></html>");
  http::Response response = http::html_response(status, html.take());
  add_security_headers(response, frame, form_targets, {});
  return response;
}

http::Response render_self_submitting(const Frame& frame, std::string_view action, std::string_view form_targets,
                                      const std::vector<std::pair<std::string, std::string>>& fields) {
  const std::string_view title = text(frame.language, Text::returning_title);
  Html html = head(frame, title);
  html << Markup("<body><main><h1>") << title << Markup("</h1><p class=\"lead\">")
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
