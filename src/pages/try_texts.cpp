#include "pages/try_texts.h"

#include <stdexcept>

namespace symbolon::pages {
namespace {

struct Sentence {
  std::string_view en, fr;
};

Sentence sentence(TryText name) {
  switch (name) {  // no default: -Werror=switch makes a new name choose its sentences here
    case TryText::worked_title: return {"It Works!", "Ça fonctionne\u00a0!"};
    case TryText::failed_title: return {"The test did not work", "Le test a échoué"};
    case TryText::nothing_was_stored:
      return {"This was a test: no user, session or token was made.",
              "Ceci était un test\u00a0: aucun utilisateur, aucune session ni aucun jeton n’a été créé."};
    case TryText::facts: return {"What happened", "Ce qui s’est passé"};
    case TryText::connection: return {"Connection", "Connexion"};
    case TryText::channel: return {"Channel", "Canal"};
    case TryText::client_authentication: return {"Client authentication", "Authentification du client"};
    case TryText::pkce: return {"PKCE", "PKCE"};
    case TryText::scope_sent: return {"Scopes asked for", "Permissions demandées"};
    case TryText::scope_granted: return {"Scopes granted", "Permissions accordées"};
    case TryText::user_id: return {"User id", "Identifiant de l’utilisateur"};
    case TryText::email_verified: return {"Email verified", "Adresse courriel vérifiée"};
    case TryText::session_expiry: return {"Session ends at the provider", "Fin de session chez le fournisseur"};
    case TryText::a_login_would: return {"A login would", "Une connexion réelle"};
    case TryText::would_refuse_blocked:
      return {"be refused: the user is blocked", "serait refusée\u00a0: l’utilisateur est bloqué"};
    case TryText::would_refuse_unprovisioned:
      return {"be refused: the user is not provisioned, and the connection makes no users",
              "serait refusée\u00a0: l’utilisateur n’est pas provisionné, et la connexion n’en crée pas"};
    case TryText::would_refuse_everything:
      return {"be refused: the connection may neither create nor link accounts",
              "serait refusée\u00a0: la connexion ne peut ni créer ni lier de comptes"};
    case TryText::would_refuse_incomplete:
      return {"be refused: the provider told no e-mail address, and an account needs one",
              "serait refusée\u00a0: le fournisseur n’a pas communiqué d’adresse courriel, et un compte en exige une"};
    case TryText::would_link:
      return {"add this identity to the account that was found, and sign it in",
              "ajouterait cette identité au compte trouvé et ouvrirait une session pour celui-ci"};
    case TryText::would_propose:
      return {"say that there is an account already, and ask the person to prove it by signing in to it",
              "signalerait qu’un compte existe déjà et demanderait à la personne de le prouver en s’y connectant"};
    case TryText::would_sign_in:
      return {"sign in the user that exists", "ouvrirait une session pour l’utilisateur existant"};
    case TryText::would_create: return {"create the user", "créerait l’utilisateur"};
    case TryText::would_ask:
      return {"ask the person whether to create or link an account",
              "demanderait à la personne de créer ou de lier un compte"};
    case TryText::warnings: return {"Warnings", "Avertissements"};
    case TryText::profile: return {"Profile", "Profil"};
    case TryText::login_only: return {"For the login only, not stored", "Pour la connexion seulement, non enregistré"};
    case TryText::mapping: return {"How each attribute came to be", "Origine de chaque attribut"};
    case TryText::attribute: return {"Attribute", "Attribut"};
    case TryText::source: return {"From", "Source"};
    case TryText::value: return {"Value", "Valeur"};
    case TryText::note: return {"Note", "Remarque"};
    case TryText::token_header: return {"ID token header", "En-tête du jeton d’identité"};
    case TryText::claims: return {"ID token claims", "Revendications du jeton d’identité"};
    case TryText::user_answer: return {"Answer of the user endpoint", "Réponse du point d’accès utilisateur"};
    case TryText::userinfo: return {"Userinfo", "Userinfo"};
    case TryText::calls: return {"Calls to the provider", "Appels au fournisseur"};
    case TryText::call: return {"Call", "Appel"};
    case TryText::status: return {"Status", "Statut"};
    case TryText::duration: return {"ms", "ms"};
    case TryText::what_failed: return {"Failed check", "Vérification en échec"};
    case TryText::expected: return {"Expected", "Attendu"};
    case TryText::received: return {"Received", "Reçu"};
    case TryText::what_to_do: return {"What to do", "Que faire"};
    case TryText::told_the_application: return {"An application would be told", "Une application recevrait"};
    case TryText::callback_url: return {"Callback URL to register", "URL de rappel à enregistrer"};
    case TryText::test_again:
      return {"A link works once: order a new test to try again.",
              "Un lien ne sert qu’une fois\u00a0: demandez un nouveau test pour réessayer."};
  }
  throw std::logic_error("TryText outside its enumerators");
}

}  // namespace

std::string_view text(std::string_view language, TryText name) {
  const Sentence both = sentence(name);
  return language.starts_with("fr") ? both.fr : both.en;
}

}  // namespace symbolon::pages
