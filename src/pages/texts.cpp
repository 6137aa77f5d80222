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
    case Text::error_prefix: return {"Error – ", "Erreur – "};
    case Text::error_expired_title: return {"This sign-in has ended", "Cette connexion est terminée"};
    case Text::error_expired_body:
      return {"This sign-in was already finished, has expired, or did not start in this browser. Go back to the "
              "application and sign in again; cookies must be allowed.",
              "Cette connexion est déjà terminée, a expiré ou n’a pas commencé dans ce navigateur. Retournez à "
              "l’application et connectez-vous à nouveau\u00a0; les témoins (cookies) doivent être autorisés."};
    case Text::error_test_ended_title: return {"This test has ended", "Ce test est terminé"};
    case Text::error_test_ended_body:
      return {"This test was already used or has expired. Order a new one: a link works once, for five minutes.",
              "Ce test a déjà servi ou a expiré. Demandez-en un nouveau\u00a0: un lien ne sert qu’une fois, pendant cinq "
              "minutes."};
    case Text::error_foreign_body:
      return {"This sign-in did not start in this browser, or it has expired. Go back to the application and sign in "
              "again.",
              "Cette connexion n’a pas commencé dans ce navigateur, ou elle a expiré. Retournez à l’application et "
              "connectez-vous à nouveau."};
    case Text::error_nothing_body:
      return {"The identity provider sent nothing that reaches the server. It has to answer with "
              "response_mode=form_post, or in the query.",
              "Le fournisseur d’identité n’a rien envoyé qui parvienne au serveur. Il doit répondre avec "
              "response_mode=form_post, ou dans la requête."};
    case Text::error_no_state_body:
      return {"A sign-in has to start at the application. Go back to it and sign in from there.",
              "Une connexion doit commencer dans l’application. Retournez-y et connectez-vous à partir de là."};
    case Text::error_not_offered_body:
      return {"Your organisation does not allow signing in this way, or not any more. Go back to the application and "
              "choose another way, or ask your administrator.",
              "Votre organisation n’autorise pas, ou plus, cette méthode de connexion. Retournez à l’application et "
              "choisissez-en une autre, ou adressez-vous à votre administrateur."};
    case Text::error_callback_title: return {"Callback URL mismatch", "URL de rappel non autorisée"};
    case Text::error_reference: return {"Reference", "Référence"};
    case Text::error_reference_help:
      return {"Give this reference to your administrator: it shows them what happened.",
              "Communiquez cette référence à votre administrateur\u00a0: elle lui montre ce qui s’est passé."};
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
    case Text::login_last_used: return {"Last used", "Dernier choix"};
    case Text::login_or: return {"or", "ou"};
    case Text::login_not_finished:
      return {"That sign-in was not finished. Try again, or choose another way.",
              "Cette connexion n’a pas abouti. Réessayez ou choisissez une autre méthode."};
    case Text::identifier_label: return {"Work email address", "Adresse courriel professionnelle"};
    case Text::identifier_missing:
      return {"Enter your email address, for example name@company.com.",
              "Saisissez votre adresse courriel, par exemple nom@entreprise.com."};
    case Text::identifier_unknown:
      return {"No sign-in method found for ", "Aucune méthode de connexion trouvée pour "};
    case Text::identifier_too_often:
      return {"Too many attempts. Wait a minute, then try again.",
              "Trop de tentatives. Attendez une minute, puis réessayez."};
    case Text::form_expired:
      return {"This page was open for too long. Please try again.",
              "Cette page est restée ouverte trop longtemps. Veuillez réessayer."};
    case Text::select_title: return {"Choose how to continue", "Choisissez comment continuer"};
    case Text::select_other: return {"Use another email address", "Utiliser une autre adresse courriel"};
    case Text::account_title: return {"Choose an account", "Choisissez un compte"};
    case Text::account_continue_as: return {"Continue as ", "Continuer en tant que "};
    case Text::account_other: return {"Use another account", "Utiliser un autre compte"};
    case Text::consent_title: return {"Allow access", "Autoriser l’accès"};
    case Text::consent_asks: return {" asks for your permission to:", " vous demande l’autorisation de\u00a0:"};
    case Text::consent_account: return {"You are signed in as ", "Vous êtes connecté en tant que "};
    case Text::consent_at_api: return {"On your behalf, at ", "En votre nom, auprès de "};
    case Text::consent_accept: return {"Allow", "Autoriser"};
    case Text::consent_decline: return {"Decline", "Refuser"};
    case Text::scope_sign_in: return {"Know who you are when you sign in", "Savoir qui vous êtes à la connexion"};
    case Text::scope_profile:
      return {"See your name, picture and language", "Voir votre nom, votre photo et votre langue"};
    case Text::scope_email: return {"See your email address", "Voir votre adresse courriel"};
    case Text::scope_phone: return {"See your phone number", "Voir votre numéro de téléphone"};
    case Text::scope_address: return {"See your postal address", "Voir votre adresse postale"};
    case Text::scope_offline_access:
      return {"Keep this access while you are not using it", "Garder cet accès quand vous ne l’utilisez pas"};
    case Text::declined_title: return {"Access was not allowed", "L’accès n’a pas été autorisé"};
    case Text::declined_body:
      return {"You did not allow the access. Nothing was shared; you may close this page.",
              "Vous n’avez pas autorisé l’accès. Rien n’a été transmis\u00a0; vous pouvez fermer cette page."};
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
