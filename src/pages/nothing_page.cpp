#include "pages/nothing_page.h"

namespace symbolon::pages {

http::Response render_nothing_here(const Frame& frame) {
  const bool french = frame.language.starts_with("fr");
  const std::string_view title = french ? "Il n’y a rien à cette adresse" : "There is nothing at this address";
  Html body;
  body << Markup("<h1>") << title << Markup("</h1><p class=\"lead\">")
       << (french ? std::string_view("Ici, on se connecte en chemin vers une application : commencez dans l’application.")
                  : std::string_view("People sign in here on their way to an application: start at the application."))
       << Markup("</p><p class=\"lead note\"><a href=\"/docs\">")
       << (french ? std::string_view("API de gestion, pour les administrateurs")
                  : std::string_view("Management API, for administrators"))
       << Markup("</a></p>");
  return render_page(frame, 404, title, std::move(body));
}

}  // namespace symbolon::pages
