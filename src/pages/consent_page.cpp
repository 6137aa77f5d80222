#include "pages/consent_page.h"

#include <algorithm>
#include <optional>

#include "pages/texts.h"

namespace symbolon::pages {
namespace {

std::optional<Text> sentence_of(std::string_view scope) {
  if (scope == "openid") return Text::scope_sign_in;
  if (scope == "profile") return Text::scope_profile;
  if (scope == "email") return Text::scope_email;
  if (scope == "phone") return Text::scope_phone;
  if (scope == "address") return Text::scope_address;
  if (scope == "offline_access") return Text::scope_offline_access;
  return std::nullopt;
}

Html scope_list(const Frame& frame, const std::vector<std::string>& scopes) {
  Html html;
  html << Markup("<ul class=\"scopes\">");
  if (scopes.empty())
    html << Markup("<li>") << text(frame.language, Text::scope_sign_in) << Markup("</li>");
  for (const std::string& scope : scopes) {
    html << Markup("<li>");
    if (const auto sentence = sentence_of(scope))
      html << text(frame.language, *sentence);
    else
      html << Markup("<code>") << scope << Markup("</code>");
    html << Markup("</li>");
  }
  return html << Markup("</ul>");
}

Html api_list(const Frame& frame, const ConsentPage& page) {
  Html html;
  if (page.api_name.empty()) return html;
  html << Markup("<h2>") << text(frame.language, Text::consent_at_api) << page.api_name
       << Markup("</h2><ul class=\"scopes\">");
  for (const std::string& line : page.api_scopes) html << Markup("<li>") << line << Markup("</li>");
  return html << Markup("</ul>");
}

}  // namespace

std::vector<std::string> group_scopes(const std::vector<std::string>& scopes) {
  std::vector<std::string> lines;
  for (const std::string& scope : scopes) {
    const auto colon = scope.find(':');
    if (colon == 0 || colon == std::string::npos || colon + 1 == scope.size()) {
      lines.push_back(scope);
      continue;
    }
    const std::string resource = scope.substr(colon + 1) + ": ";
    const auto same = std::ranges::find_if(lines, [&](const std::string& line) { return line.starts_with(resource); });
    if (same == lines.end())
      lines.push_back(resource + scope.substr(0, colon));
    else
      *same += ", " + scope.substr(0, colon);
  }
  return lines;
}

http::Response render(const Frame& frame, const ConsentPage& page) {
  const std::string_view title = text(frame.language, Text::consent_title);
  Html body;
  if (page.client_logo.starts_with("https://"))
    body << Markup("<img class=\"logo\" alt=\"\" referrerpolicy=\"no-referrer\" src=\"") << page.client_logo
         << Markup("\">");
  body << Markup("<h1>") << title << Markup("</h1><p class=\"lead\">") << text(frame.language, Text::consent_account)
       << Markup("<strong>") << page.account << Markup("</strong></p><p><strong>") << page.client_name
       << Markup("</strong>") << text(frame.language, Text::consent_asks) << Markup("</p>");
  body << scope_list(frame, page.scopes) << api_list(frame, page);
  body << Markup("<form method=\"post\" action=\"/u/consent?state=") << page.state
       << Markup("\"><input type=\"hidden\" name=\"state\" value=\"")
       << page.state << Markup("\"><input type=\"hidden\" name=\"token\" value=\"") << page.token
       << Markup("\"><button class=\"button primary\" name=\"decision\" value=\"accept\">")
       << text(frame.language, Text::consent_accept)
       << Markup("</button><button class=\"button\" name=\"decision\" value=\"decline\">")
       << text(frame.language, Text::consent_decline) << Markup("</button></form>");
  return render_page(frame, 200, title, std::move(body), page.form_targets);
}

}  // namespace symbolon::pages
