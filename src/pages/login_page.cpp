#include "pages/login_page.h"

#include "pages/texts.h"

namespace symbolon::pages {
namespace {

Html glyph() {
  Html svg;
  svg << Markup("<svg viewBox=\"0 0 20 20\" aria-hidden=\"true\" fill=\"none\" stroke=\"currentColor\" "
                "stroke-width=\"1.6\"><circle cx=\"7\" cy=\"7\" r=\"4\"/><path d=\"M10 10l7 7M14 14l2-2\"/></svg>");
  return svg;
}

}  // namespace

http::Response render(const Frame& frame, const LoginPage& page) {
  const std::string_view language = frame.language;
  std::string title(text(language, frame.tenant_name.empty() ? Text::login_title_plain : Text::login_title));
  title += frame.tenant_name;
  Html body;
  body << Markup("<h1>") << title << Markup("</h1>");
  if (!page.client_name.empty())
    body << Markup("<p class=\"lead\">") << text(language, Text::login_to_application) << page.client_name
         << Markup("</p>");
  if (page.choices.empty())
    body << Markup("<p role=\"alert\" class=\"lead\">") << text(language, Text::login_no_choice) << Markup("</p>");
  body << Markup("<ul class=\"plain\">");
  for (const LoginChoice& choice : page.choices) {
    body << Markup("<li><a class=\"button\" href=\"") << choice.start_url << Markup("\">");
    if (choice.icon_url.starts_with("https://"))
      body << Markup("<img alt=\"\" width=\"20\" height=\"20\" loading=\"lazy\" referrerpolicy=\"no-referrer\" src=\"")
           << choice.icon_url << Markup("\">");
    else
      body << glyph();
    body << Markup("<span>") << text(language, Text::continue_with) << choice.label << Markup("</span></a></li>");
  }
  body << Markup("</ul>");
  return render_page(frame, 200, title, std::move(body));
}

}  // namespace symbolon::pages
