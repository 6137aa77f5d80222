#include "pages/error_page.h"

namespace symbolon::pages {

http::Response render(const Frame& frame, const ErrorPage& page) {
  const std::string_view title = text(frame.language, page.title);
  Html body;
  body << Markup("<h1>") << title << Markup("</h1><p role=\"alert\" class=\"lead\">") << page.description
       << Markup("</p>");
  if (!page.continue_url.empty())
    body << Markup("<a class=\"button primary\" href=\"") << page.continue_url << Markup("\">")
         << text(frame.language, Text::back_to_application) << Markup("</a>");
  if (frame.support_url.starts_with("https://"))
    body << Markup("<p class=\"lead\"><a href=\"") << frame.support_url << Markup("\">")
         << text(frame.language, Text::error_support) << Markup("</a></p>");
  else if (!frame.support_email.empty())
    body << Markup("<p class=\"lead\"><a href=\"mailto:") << frame.support_email << Markup("\">")
         << frame.support_email << Markup("</a></p>");
  body << Markup("<div class=\"reference\">");
  if (!page.reference.empty())
    body << Markup("<p>") << text(frame.language, Text::error_reference)
         << Markup("<br><code id=\"reference\">") << page.reference << Markup("</code></p><p class=\"note\">")
         << text(frame.language, Text::error_reference_help) << Markup("</p>");
  body << Markup("<p class=\"note\"><code id=\"error\">") << page.error << Markup("</code>");
  if (!page.client_id.empty()) body << Markup(" · <code>") << page.client_id << Markup("</code>");
  if (!page.connection.empty()) body << Markup(" · <code>") << page.connection << Markup("</code>");
  body << Markup("</p></div>");
  return render_page(frame, page.status, title, std::move(body));
}

}  // namespace symbolon::pages
