#include "pages/first_contact_texts.h"

#include <stdexcept>

namespace symbolon::pages {
namespace {

struct Sentence {
  std::string_view en, fr;
};

Sentence sentence(ContactText name) {
  switch (name) {  // no default: -Werror=switch makes a new name choose its sentences here
    case ContactText::title: return {"You are new here", "Première visite"};
    case ContactText::signed_in_with: return {"You signed in with ", "Vous vous êtes connecté avec "};
    case ContactText::as_account: return {" as ", " en tant que "};
    case ContactText::propose_title: return {"You seem to have an account", "Vous semblez avoir déjà un compte"};
    case ContactText::propose_body:
      return {"Sign in to it once more the way you did before, and both ways will lead to it from now on.",
              "Connectez-vous encore une fois comme avant\u00a0: les deux moyens mèneront ensuite au même compte."};
    case ContactText::propose_no_way:
      return {"There is no way to sign in to that account from here. Ask your administrator.",
              "Aucun moyen de se connecter à ce compte n’est disponible ici. Adressez-vous à votre administrateur."};
    case ContactText::link_title: return {"I have an account", "J’ai déjà un compte"};
    case ContactText::link_body:
      return {"Sign in to it the way you did before, and both ways will lead to it from now on.",
              "Connectez-vous comme avant\u00a0: les deux moyens mèneront ensuite au même compte."};
    case ContactText::create_title: return {"Make a new account", "Créer un compte"};
    case ContactText::create_body:
      return {"Check what your provider told us about you.", "Vérifiez ce que votre fournisseur nous a transmis."};
    case ContactText::create_instead_title: return {"Or make a new account", "Ou créer un nouveau compte"};
    case ContactText::email_needed:
      return {"Your provider did not tell us your email address, and an account needs one.",
              "Votre fournisseur n’a pas transmis votre adresse courriel, or un compte en a besoin."};
    case ContactText::given_name: return {"First name", "Prénom"};
    case ContactText::family_name: return {"Last name", "Nom"};
    case ContactText::nickname: return {"Nickname", "Pseudonyme"};
    case ContactText::email: return {"Email address", "Adresse courriel"};
    case ContactText::email_problem:
      return {"Enter an email address such as ada@example.com.",
              "Saisissez une adresse courriel telle que ada@example.com."};
    case ContactText::text_problem:
      return {"At most 200 characters on one line.", "Au plus 200 caractères sur une ligne."};
    case ContactText::create_button: return {"Create account", "Créer le compte"};
    case ContactText::cancel_button: return {"Cancel", "Annuler"};
    case ContactText::unknown_account:
      return {"Nobody has an account here with that sign-in. Choose another one.",
              "Aucun compte ne correspond à cette connexion. Choisissez-en une autre."};
    case ContactText::another_account:
      return {"That sign-in belongs to another account.", "Cette connexion appartient à un autre compte."};
    case ContactText::trip_failed:
      return {"That sign-in did not work. Try again, or choose another one.",
              "Cette connexion a échoué. Réessayez ou choisissez-en une autre."};
    case ContactText::already_linked:
      return {"This identity belongs to an account already. Start again at the application.",
              "Cette identité appartient déjà à un compte. Recommencez depuis l’application."};
  }
  throw std::logic_error("ContactText outside its enumerators");
}

}  // namespace

std::string_view text(std::string_view language, ContactText name) {
  const Sentence both = sentence(name);
  return language.starts_with("fr") ? both.fr : both.en;
}

}  // namespace symbolon::pages
