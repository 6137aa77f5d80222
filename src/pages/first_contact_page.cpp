#include "pages/first_contact_page.h"

namespace symbolon::pages {
namespace {

Html open_form(const FirstContactPage& page) {
  Html html;
  return html << Markup("<form method=\"post\" action=\"/u/first-contact\" novalidate>"
                        "<input type=\"hidden\" name=\"state\" value=\"")
              << page.state << Markup("\"><input type=\"hidden\" name=\"token\" value=\"") << page.token
              << Markup("\">");
}

Html notice(const Frame& frame, const FirstContactPage& page) {
  Html html;
  if (!page.notice) return html;
  html << Markup("<div class=\"alert\" role=\"alert\"><p id=\"notice\">") << text(frame.language, *page.notice)
       << Markup("</p>");
  if (!page.reference.empty())
    html << Markup("<p class=\"note\">") << text(frame.language, Text::error_reference)
         << Markup(" <code id=\"reference\">") << page.reference << Markup("</code></p>");
  return html << Markup("</div>");
}

Html address_form(const Frame& frame, const FirstContactPage& page) {
  Html html;
  if (!page.asks_address) return html;
  const std::string_view language = frame.language;
  html << open_form(page) << Markup("<label for=\"identifier\">") << text(language, Text::identifier_label)
       << Markup("</label><input id=\"identifier\" name=\"identifier\" type=\"email\" inputmode=\"email\""
                 " autocomplete=\"email\" maxlength=\"200\"");
  if (page.identifier_problem) html << Markup(" autofocus aria-invalid=\"true\" aria-describedby=\"identifier-problem\"");
  html << Markup(" value=\"") << page.identifier << Markup("\">");
  if (page.identifier_problem)
    html << Markup("<p class=\"problem\" role=\"alert\" id=\"identifier-problem\">")
         << text(language, *page.identifier_problem) << page.identifier_subject << Markup("</p>");
  return html << Markup("<button class=\"button\" name=\"action\" value=\"link\">")
              << text(language, Text::continue_button) << Markup("</button></form>");
}

Html link_section(const Frame& frame, const FirstContactPage& page) {
  Html html;
  if (!page.may_link) return html;
  const std::string_view language = frame.language;
  html << Markup("<section id=\"link\"><h2>")
       << text(language, page.proposes ? ContactText::propose_title : ContactText::link_title) << Markup("</h2><p>");
  if (page.links.empty() && !page.asks_address) return html << text(language, ContactText::propose_no_way) << Markup("</p></section>");
  html << text(language, page.proposes ? ContactText::propose_body : ContactText::link_body) << Markup("</p>")
       << address_form(frame, page);
  if (page.links.empty()) return html << Markup("</section>");
  html << open_form(page) << Markup("<input type=\"hidden\" name=\"action\" value=\"link\">");
  for (const ContactLink& link : page.links)
    html << Markup("<button class=\"button\" name=\"connection\" value=\"") << link.connection << Markup("\">")
         << text(language, Text::continue_with) << link.label << Markup("</button>");
  return html << Markup("</form></section>");
}

struct Field {
  Markup name, type, autocomplete;
  ContactText label;
  const std::string& value;
  const std::optional<ContactText>& problem;
  bool comes_first = false;  ///< of the fields with a problem
};

Html input(const Frame& frame, const Field& field) {
  Html html;
  html << Markup("<label for=\"") << field.name << Markup("\">") << text(frame.language, field.label)
       << Markup("</label><input id=\"") << field.name << Markup("\" name=\"") << field.name << Markup("\" type=\"")
       << field.type << Markup("\" autocomplete=\"") << field.autocomplete << Markup("\" maxlength=\"200\"");
  if (field.problem && field.comes_first) html << Markup(" autofocus");
  if (field.problem)
    html << Markup(" aria-invalid=\"true\" aria-describedby=\"") << field.name << Markup("-problem\"");
  html << Markup(" value=\"") << field.value << Markup("\">");
  if (field.problem)
    html << Markup("<p class=\"problem\" role=\"alert\" id=\"") << field.name << Markup("-problem\">")
         << text(frame.language, *field.problem) << Markup("</p>");
  return html;
}

Html create_section(const Frame& frame, const FirstContactPage& page) {
  Html html;
  if (!page.may_create) return html;
  const std::string_view language = frame.language;
  html << Markup("<section id=\"create\"><h2>")
       << text(language, page.proposes ? ContactText::create_instead_title : ContactText::create_title)
       << Markup("</h2>");
  if (page.email_needed)
    html << Markup("<p>") << text(language, ContactText::email_needed) << Markup("</p>");
  else if (page.editable)
    html << Markup("<p>") << text(language, ContactText::create_body) << Markup("</p>");
  html << open_form(page);
  if (page.editable) {
    const ContactProfile& profile = *page.editable;
    html << input(frame, {"given_name", "text", "given-name", ContactText::given_name, profile.given_name,
                          page.text_problem, true})
         << input(frame, {"family_name", "text", "family-name", ContactText::family_name, profile.family_name,
                          page.text_problem})
         << input(frame, {"nickname", "text", "nickname", ContactText::nickname, profile.nickname, page.text_problem})
         << input(frame, {"email", "email", "email", ContactText::email, profile.email, page.email_problem,
                          !page.text_problem});
  }
  return html << Markup("<button class=\"button primary\" name=\"action\" value=\"create\">")
              << text(language, ContactText::create_button) << Markup("</button></form></section>");
}

}  // namespace

http::Response render(const Frame& frame, const FirstContactPage& page) {
  const std::string_view heading = text(frame.language, ContactText::title);
  std::string title(heading);
  if (page.email_problem || page.text_problem || page.identifier_problem)
    title.insert(0, text(frame.language, Text::error_prefix));
  Html body;
  body << Markup("<h1>") << heading << Markup("</h1><p class=\"lead\">")
       << text(frame.language, ContactText::signed_in_with) << Markup("<strong>") << page.provider
       << Markup("</strong>");
  if (!page.account.empty())
    body << text(frame.language, ContactText::as_account) << Markup("<strong id=\"account\">") << page.account
         << Markup("</strong>");
  body << Markup("</p>") << notice(frame, page) << link_section(frame, page) << create_section(frame, page)
       << open_form(page) << Markup("<button class=\"button\" name=\"action\" value=\"cancel\">")
       << text(frame.language, ContactText::cancel_button) << Markup("</button></form>");
  return render_page(frame, page.status, title, std::move(body), page.form_targets);
}

}  // namespace symbolon::pages
