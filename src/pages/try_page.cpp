#include "pages/try_page.h"

#include "pages/texts.h"

namespace symbolon::pages {
namespace {

class Body {
 public:
  explicit Body(const Frame& frame) : language_(frame.language) {}

  void title(const TryPage& page) {
    html_ << Markup("<h1>") << word(page.worked ? TryText::worked_title : TryText::failed_title)
          << Markup("</h1><p class=\"lead\">") << word(TryText::nothing_was_stored) << Markup("</p>");
  }

  void facts(const std::vector<TryPage::Fact>& facts) {
    heading(TryText::facts);
    html_ << Markup("<table class=\"facts\"><tbody>");
    for (const TryPage::Fact& fact : facts)
      if (!fact.value.empty())
        html_ << Markup("<tr><th scope=\"row\">") << word(fact.label) << Markup("</th><td>") << fact.value
              << Markup("</td></tr>");
    html_ << Markup("</tbody></table>");
  }

  void warnings(const std::vector<std::string>& warnings) {
    if (warnings.empty()) return;
    heading(TryText::warnings);
    for (const std::string& warning : warnings) html_ << Markup("<p class=\"alert\">") << warning << Markup("</p>");
  }

  void mapping(const std::vector<TryPage::Attribute>& attributes) {
    if (attributes.empty()) return;
    heading(TryText::mapping);
    head({TryText::attribute, TryText::source, TryText::value, TryText::note});
    for (const TryPage::Attribute& one : attributes)
      html_ << Markup("<tr><th scope=\"row\">") << one.name << Markup("</th><td><code>") << one.source
            << Markup("</code></td><td><code>") << one.value << Markup("</code></td><td>") << one.note
            << Markup("</td></tr>");
    html_ << Markup("</tbody></table>");
  }

  void documents(const std::vector<TryPage::Document>& documents) {
    for (const TryPage::Document& document : documents) {
      if (document.text.empty()) continue;
      heading(document.title);
      html_ << Markup("<pre tabindex=\"0\"><code>") << document.text << Markup("</code></pre>");
    }
  }

  void calls(const std::vector<TryPage::Call>& calls) {
    if (calls.empty()) return;
    heading(TryText::calls);
    head({TryText::call, TryText::status, TryText::duration});
    for (const TryPage::Call& call : calls) {
      html_ << Markup("<tr><td>") << call.purpose << Markup(": <code>") << call.address << Markup("</code>");
      if (!call.excerpt.empty()) html_ << Markup("<pre tabindex=\"0\"><code>") << call.excerpt << Markup("</code></pre>");
      html_ << Markup("</td><td>") << call.status << Markup("</td><td>") << call.duration << Markup("</td></tr>");
    }
    html_ << Markup("</tbody></table>");
  }

  void footer(const std::string& reference) {
    html_ << Markup("<div class=\"reference\">");
    if (!reference.empty())
      html_ << Markup("<p>") << text(language_, Text::error_reference) << Markup("<br><code id=\"reference\">")
            << reference << Markup("</code></p>");
    html_ << Markup("<p class=\"note\">") << word(TryText::test_again) << Markup("</p></div>");
  }

  Html take() { return std::move(html_); }

 private:
  std::string_view word(TryText name) const { return text(language_, name); }
  void heading(TryText name) { html_ << Markup("<h2>") << word(name) << Markup("</h2>"); }
  void head(std::initializer_list<TryText> columns) {
    html_ << Markup("<table><thead><tr>");
    for (const TryText column : columns) html_ << Markup("<th scope=\"col\">") << word(column) << Markup("</th>");
    html_ << Markup("</tr></thead><tbody>");
  }

  const std::string language_;
  Html html_;
};

}  // namespace

http::Response render(const Frame& frame, const TryPage& page) {
  Body body(frame);
  body.title(page);
  body.facts(page.facts);
  body.warnings(page.warnings);
  body.documents(page.documents);
  body.mapping(page.mapping);
  body.calls(page.calls);
  body.footer(page.reference);
  Frame wide = frame;
  wide.wide = true;
  const TryText title = page.worked ? TryText::worked_title : TryText::failed_title;
  return render_page(wide, page.worked ? 200 : 400, text(frame.language, title), body.take());
}

}  // namespace symbolon::pages
