#include "pages/select_page.h"

namespace symbolon::pages {
namespace {

Html other_way(const Frame& frame, Text label, const std::string& url) {
  Html html;
  html << Markup("<p class=\"lead\"><a href=\"") << url << Markup("\">") << text(frame.language, label)
       << Markup("</a></p>");
  return html;
}

}  // namespace

http::Response render(const Frame& frame, const SelectPage& page) {
  const std::string_view title = text(frame.language, Text::select_title);
  Html body;
  body << Markup("<h1>") << title << Markup("</h1><p class=\"lead\">") << page.identifier << Markup("</p>")
       << render_choices(frame, page.choices) << other_way(frame, Text::select_other, page.other_url);
  return render_page(frame, 200, title, std::move(body));
}

http::Response render(const Frame& frame, const AccountPage& page) {
  const std::string_view title = text(frame.language, Text::account_title);
  Html body;
  body << Markup("<h1>") << title << Markup("</h1>");
  if (!page.client_name.empty())
    body << Markup("<p class=\"lead\">") << text(frame.language, Text::login_to_application) << page.client_name
         << Markup("</p>");
  body << Markup("<form method=\"post\" action=\"/u/login/select?state=") << page.state
       << Markup("\"><input type=\"hidden\" name=\"state\" value=\"")
       << page.state << Markup("\"><input type=\"hidden\" name=\"token\" value=\"") << page.token
       << Markup("\"><button class=\"button primary\">") << text(frame.language, Text::account_continue_as)
       << page.account << Markup("</button></form><a class=\"button\" href=\"") << page.other_url << Markup("\">")
       << text(frame.language, Text::account_other) << Markup("</a>");
  return render_page(frame, 200, title, std::move(body), page.form_targets);
}

}  // namespace symbolon::pages
