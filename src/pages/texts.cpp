#include "pages/texts.h"

#include <stdexcept>

namespace symbolon::pages {
namespace {

struct Sentence {
  std::string_view en, fr;
};

Sentence sentence(Text name) {
  switch (name) {  // no default: -Werror=switch makes a new name choose its sentences here
    case Text::error_title: return {"Sign-in did not work", "La connexion a échoué"};
    case Text::error_expired_title: return {"This sign-in has ended", "Cette connexion est terminée"};
    case Text::error_callback_title: return {"Callback URL mismatch", "URL de rappel non autorisée"};
    case Text::error_reference: return {"Reference", "Référence"};
    case Text::error_reference_help:
      return {"Give this reference to your administrator: it shows them what happened.",
              "Communiquez cette référence à votre administrateur : elle lui montre ce qui s’est passé."};
    case Text::error_support: return {"Get help", "Obtenir de l’aide"};
    case Text::back_to_application: return {"Back to the application", "Retour à l’application"};
    case Text::continue_button: return {"Continue", "Continuer"};
    case Text::continue_with: return {"Continue with ", "Continuer avec "};
    case Text::login_title: return {"Log in to ", "Se connecter à "};
    case Text::login_title_plain: return {"Log in", "Se connecter"};
    case Text::login_to_application: return {"to continue to ", "pour continuer vers "};
    case Text::login_no_choice:
      return {"No sign-in method is available for this application.",
              "Aucune méthode de connexion n’est disponible pour cette application."};
    case Text::returning_title: return {"Signing you in", "Connexion en cours"};
    case Text::returning_body:
      return {"If nothing happens, press Continue.", "Si rien ne se passe, appuyez sur Continuer."};
  }
  throw std::logic_error("Text outside its enumerators");
}

}  // namespace

std::string_view text(std::string_view language, Text name) {
  const Sentence both = sentence(name);
  return language.starts_with("fr") ? both.fr : both.en;
}

}  // namespace symbolon::pages
