#include "pages/logout_page.h"

#include <string_view>

#include "pages/texts.h"

namespace symbolon::pages {
namespace {

struct Sentence {
  std::string_view en, fr;

  std::string_view in(const Frame& frame) const { return frame.language.starts_with("fr") ? fr : en; }
};

constexpr Sentence kQuestion{"Do you want to log out?", "Voulez-vous vous déconnecter\u00a0?"};
constexpr Sentence kExplanation{"You will be signed out of every application that you entered with this sign-in.",
                                "Vous serez déconnecté de toutes les applications ouvertes avec cette connexion."};
constexpr Sentence kYes{"Log out", "Me déconnecter"};
constexpr Sentence kNo{"Stay signed in", "Rester connecté"};
constexpr Sentence kRefusedTitle{"This address is not allowed", "Cette adresse n’est pas autorisée"};
constexpr Sentence kRefused{
    "The returnTo URL is not allowed: it is not among the addresses registered for leaving the application. Nothing "
    "has changed; you can still log out here.",
    "L’adresse de retour n’est pas autorisée\u00a0: elle ne figure pas parmi celles enregistrées pour l’application. Rien "
    "n’a changé\u00a0; vous pouvez tout de même vous déconnecter ici."};
constexpr Sentence kDoneTitle{"You are signed out", "Vous êtes déconnecté"};
constexpr Sentence kDone{"You may close this page.", "Vous pouvez fermer cette page."};
constexpr Sentence kStillTitle{"You are still signed in", "Vous êtes toujours connecté"};

}  // namespace

http::Response render(const Frame& frame, const LogoutPage& page) {
  const std::string_view title = page.url_was_refused ? kRefusedTitle.in(frame) : kQuestion.in(frame);
  Html body;
  body << Markup("<h1>") << title << Markup("</h1><p class=\"lead\"");
  if (page.url_was_refused) body << Markup(" role=\"alert\"");
  body << Markup(">") << (page.url_was_refused ? kRefused : kExplanation).in(frame)
       << Markup("</p><form method=\"post\" action=\"/u/logout\">");
  for (const auto& [name, value] : page.fields)
    body << Markup("<input type=\"hidden\" name=\"") << name << Markup("\" value=\"") << value << Markup("\">");
  body << Markup("<button class=\"button primary\" name=\"decision\" value=\"yes\">") << kYes.in(frame)
       << Markup("</button>");
  if (!page.url_was_refused)
    body << Markup("<button class=\"button\" name=\"decision\" value=\"no\">") << kNo.in(frame) << Markup("</button>");
  body << Markup("</form>");
  const std::string targets = page.form_targets.empty() ? std::string() : "'self' " + page.form_targets;
  return render_page(frame, page.url_was_refused ? 400 : 200, title, std::move(body), targets);
}

http::Response render(const Frame& frame, const LoggedOutPage& page) {
  const std::string_view title = (page.still_signed_in ? kStillTitle : kDoneTitle).in(frame);
  Html body;
  body << Markup("<h1>") << title << Markup("</h1><p class=\"lead\">") << kDone.in(frame) << Markup("</p>");
  if (!page.continue_url.empty())
    body << Markup("<a class=\"button\" href=\"") << page.continue_url << Markup("\">")
         << text(frame.language, Text::continue_button) << Markup("</a>");
  return render_page(frame, 200, title, std::move(body));
}

}  // namespace symbolon::pages
