#include "pages/login_page.h"

namespace symbolon::pages {
namespace {

Html glyph() {
  Html svg;
  svg << Markup("<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" "
                "stroke-width=\"1.6\"><circle cx=\"7\" cy=\"7\" r=\"4\"/><path d=\"M10 10l7 7M14 14l2-2\"/></svg>");
  return svg;
}

Html notice(const Frame& frame, const LoginPage& page) {
  Html html;
  if (!page.notice) return html;
  html << Markup("<div class=\"alert\" role=\"alert\"><p>") << text(frame.language, *page.notice) << Markup("</p>");
  if (!page.reference.empty())
    html << Markup("<p class=\"note\">") << text(frame.language, Text::error_reference)
         << Markup(" <code id=\"reference\">") << page.reference << Markup("</code></p>");
  return html << Markup("</div>");
}

Html identifier_form(const Frame& frame, const IdentifierForm& form) {
  Html html;
  html << Markup("<form method=\"post\" action=\"/u/login/identifier?state=") << form.state
       << Markup("\" novalidate><input type=\"hidden\" name=\"state\" value=\"") << form.state << Markup("\"><input type=\"hidden\" name=\"token\" value=\"") << form.token
       << Markup("\"><label for=\"identifier\">") << text(frame.language, Text::identifier_label)
       << Markup("</label><input id=\"identifier\" name=\"identifier\" type=\"email\" inputmode=\"email\" "
                 "autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"255\" required");
  if (form.problem) html << Markup(" autofocus aria-invalid=\"true\" aria-describedby=\"problem\"");
  html << Markup(" value=\"") << form.value << Markup("\">");
  if (form.problem)
    html << Markup("<p id=\"problem\" class=\"problem\" role=\"alert\">") << text(frame.language, *form.problem)
         << form.problem_subject << Markup("</p>");
  return html << Markup("<button class=\"button primary\">") << text(frame.language, Text::continue_button)
              << Markup("</button></form>");
}

}  // namespace

Html render_choices(const Frame& frame, const std::vector<LoginChoice>& choices) {
  Html html;
  html << Markup("<ul class=\"plain\">");
  for (const LoginChoice& choice : choices) {
    html << Markup("<li><a class=\"button\" href=\"") << choice.start_url << Markup("\">");
    html << Markup("<span class=\"icon\">");
    if (choice.icon_url.starts_with("https://"))
      html << Markup("<img alt=\"\" width=\"20\" height=\"20\" loading=\"lazy\" referrerpolicy=\"no-referrer\" src=\"")
           << choice.icon_url << Markup("\">");
    else
      html << glyph();
    html << Markup("</span><span>") << text(frame.language, Text::continue_with) << choice.label << Markup("</span>");
    if (choice.last_used)
      html << Markup("<span class=\"badge\">") << text(frame.language, Text::login_last_used) << Markup("</span>");
    html << Markup("</a></li>");
  }
  return html << Markup("</ul>");
}

http::Response render(const Frame& frame, const LoginPage& page) {
  const std::string_view language = frame.language;
  std::string title(text(language, frame.tenant_name.empty() ? Text::login_title_plain : Text::login_title));
  title += frame.tenant_name;
  Html body;
  body << Markup("<h1>") << title << Markup("</h1>");
  if (!page.client_name.empty())
    body << Markup("<p class=\"lead\">") << text(language, Text::login_to_application) << page.client_name
         << Markup("</p>");
  body << notice(frame, page);
  if (page.identifier) body << identifier_form(frame, *page.identifier);
  if (page.identifier && !page.choices.empty())
    body << Markup("<p class=\"divider\">") << text(language, Text::login_or) << Markup("</p>");
  if (!page.identifier && page.choices.empty())
    body << Markup("<p role=\"alert\" class=\"lead\">") << text(language, Text::login_no_choice) << Markup("</p>");
  if (!page.choices.empty()) body << render_choices(frame, page.choices);
  if (page.identifier && page.identifier->problem) title.insert(0, text(language, Text::error_prefix));
  return render_page(frame, page.status, title, std::move(body), page.identifier ? page.identifier->targets : std::string());
}

}  // namespace symbolon::pages
