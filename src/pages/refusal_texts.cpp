#include "pages/refusal_texts.h"

#include <stdexcept>

namespace symbolon::pages {
namespace {

struct Sentence {
  std::string_view en, fr;
};

Sentence sentence(RefusalText name) {
  switch (name) {  // no default: -Werror=switch makes a new name choose its sentences here
    case RefusalText::posted_no_form:
      return {"a posted request must be a form", "une requête envoyée par POST doit être un formulaire"};
    case RefusalText::too_long: return {"the request is too long", "la requête est trop longue"};
    case RefusalText::malformed: return {"the parameters are malformed", "les paramètres sont mal formés"};
    case RefusalText::client_missing: return {"client_id is missing", "client_id est absent"};
    case RefusalText::client_repeated:
      return {"client_id is given more than once", "client_id figure plusieurs fois"};
    case RefusalText::client_unknown:
      return {"client_id names no application", "client_id ne désigne aucune application"};
    case RefusalText::redirect_repeated:
      return {"redirect_uri is given more than once", "redirect_uri figure plusieurs fois"};
    case RefusalText::redirect_missing: return {"redirect_uri is missing", "redirect_uri est absent"};
    case RefusalText::redirect_malformed:
      return {"redirect_uri is not an absolute URL", "redirect_uri n’est pas une URL absolue"};
    case RefusalText::redirect_scheme:
      return {"redirect_uri has a scheme that is never used", "redirect_uri a un schéma qui n’est jamais utilisé"};
    case RefusalText::redirect_fragment:
      return {"redirect_uri has a fragment", "redirect_uri contient un fragment"};
    case RefusalText::redirect_not_registered:
      return {"redirect_uri is not among the client's callbacks",
              "redirect_uri ne figure pas parmi les URL de rappel de l’application"};
    case RefusalText::message_origin:
      return {"The origin of redirect_uri is not registered to receive web messages for this application.",
              "L’origine de redirect_uri n’est pas enregistrée pour recevoir les messages web de cette application."};
    case RefusalText::two_requests:
      return {"request and request_uri exclude each other", "request et request_uri s’excluent mutuellement"};
    case RefusalText::request_uri_unknown:
      return {"the request_uri is unknown, expired or was used before",
              "le request_uri est inconnu, a expiré ou a déjà servi"};
    case RefusalText::request_object_invalid:
      return {"the request object is not valid", "l’objet de requête n’est pas valide"};
    case RefusalText::issuer_unknown:
      return {"iss names no identity provider of the application",
              "iss ne désigne aucun fournisseur d’identité de l’application"};
    case RefusalText::too_often:
      return {"Too many attempts. Wait a minute, then try again.",
              "Trop de tentatives. Attendez une minute, puis réessayez."};
    case RefusalText::hint_is_foreign:
      return {"id_token_hint is not an ID token of this server",
              "id_token_hint n’est pas un jeton d’identité de ce serveur"};
    case RefusalText::two_applications:
      return {"client_id and id_token_hint name different applications",
              "client_id et id_token_hint désignent des applications différentes"};
    case RefusalText::two_sessions:
      return {"logout_hint and id_token_hint name different sessions",
              "logout_hint et id_token_hint désignent des sessions différentes"};
    case RefusalText::state_too_long:
      return {"state is longer than 4096 bytes", "state dépasse 4096 octets"};
    case RefusalText::malformed_or_repeated:
      return {"the request is malformed or has a repeated parameter",
              "la requête est mal formée ou répète un paramètre"};
  }
  throw std::logic_error("RefusalText outside its enumerators");
}

}  // namespace

std::string_view text(std::string_view language, RefusalText name) {
  const Sentence both = sentence(name);
  return language.starts_with("fr") ? both.fr : both.en;
}

}  // namespace symbolon::pages
