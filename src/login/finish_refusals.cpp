#include "login/finish_refusals.h"

#include <stdexcept>
#include <string_view>

#include "base/text.h"

namespace symbolon::login {
namespace {

struct Advice {
  std::string_view expected, hint;
};

Advice advice_for(RefusalCause cause) {
  switch (cause) {
    case RefusalCause::connection_gone:
      return {"a connection that exists", "The connection was deleted: start the sign-in again with another one."};
    case RefusalCause::connection_inactive:
      return {"a connection that signs people in", "Set authentication.active of the connection to true."};
    case RefusalCause::connection_not_enabled:
      return {"a connection that the application may use",
              "Enable the connection for the application; a third-party application needs one at domain level."};
    case RefusalCause::connection_not_offered:
      return {"a provider that the organisation's login policy lists",
              "Add the provider to the login policy of the organisation that the request names, or that the person "
              "belongs to."};
    case RefusalCause::client_unusable:
      return {"an application that people sign in to", "The global client stands for all applications; name one of them."};
    case RefusalCause::user_gone:
      return {"a user that exists", "The user was deleted meanwhile: start the sign-in again."};
    case RefusalCause::user_blocked:
      return {"a user who is not blocked", "Set blocked of the user to false if they may come in."};
    case RefusalCause::user_elsewhere:
      return {"a user of the organisation that the scope names",
              "Let the application name the person's own organisation in the scope, or none."};
    case RefusalCause::identity_gone:
      return {"a user who signs in through this connection",
              "The identity was unlinked from the user: link it again, or sign in through another connection."};
    case RefusalCause::credential_revoked:
      return {"a sign-in that is younger than the last revocation",
              "The user's sign-ins were revoked meanwhile: sign in once more."};
  }
  throw std::logic_error("RefusalCause outside its enumerators");
}

}  // namespace

upstream::UpstreamError from_refusal(Refusal refusal) {
  const Advice advice = advice_for(refusal.cause);
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = std::move(refusal.rule);
  error.check = "this person may enter this application through this connection";
  error.expected = advice.expected;
  error.received = refusal.error.description;
  error.hint = advice.hint;
  error.downstream = std::move(refusal.error);
  return error;
}

upstream::UpstreamError other_person() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "AZ-19";
  error.check = "the person is the one that id_token_hint or claims names";
  error.expected = "the user of id_token_hint or of the claim sub";
  error.received = "another user";
  error.hint = "Sign in with the account that the application asked for.";
  error.downstream = {model::OAuthCode::login_required, "another user signed in than the one asked for", {}};
  return error;
}

upstream::UpstreamError weaker_than_asked(const model::AuthorizationRequest& request, const std::string& acr) {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "AZ-23";
  error.check = "the sign-in reached an acr that the application requires";
  error.expected = join(request.required_acr, " or ");
  error.received = acr.empty() ? "no acr" : acr;
  error.hint = "The provider must answer with a required acr; upstream_params can pass acr_values on to it.";
  error.downstream = {model::OAuthCode::unmet_authentication_requirements,
                      "the sign-in did not reach the acr that the application requires", error.received};
  return error;
}

upstream::UpstreamError answered_too_late() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "AZ-13";
  error.check = "the sign-in is no older than max_age";
  error.expected = "an answer within max_age of the sign-in at the provider";
  error.received = "a later one";
  error.hint = "Sign in again, and answer the page sooner.";
  error.downstream = {model::OAuthCode::login_required, "the sign-in has become older than max_age allows", {}};
  return error;
}

upstream::UpstreamError changed_meanwhile() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "SEC-11";
  error.check = "the connection is the one that the sign-in started with";
  error.received = "issuer, endpoints or client_id were changed meanwhile";
  error.hint = "Start the sign-in again.";
  error.downstream = {model::OAuthCode::access_denied, "the connection was changed during the sign-in, try again", {}};
  return error;
}

upstream::UpstreamError token_used_before() {
  upstream::UpstreamError error;
  error.step = "id_token";
  error.rule = "V17";
  error.check = "the ID token was not used before";
  error.expected = "an ID token that signs in once";
  error.received = "one whose jti, or which itself, came with an earlier sign-in";
  error.hint = "The provider must give every ID token a jti of its own.";
  error.downstream = {model::OAuthCode::access_denied, "Invalid ID token: it was used before", {}};
  return error;
}

upstream::UpstreamError unknown_account() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "RP-83";
  error.check = "the sign-in to the old account leads to one";
  error.expected = "an account";
  error.received = "an identity without an account";
  error.hint = "Sign in to the account as before.";
  error.downstream = {model::OAuthCode::access_denied, "nobody has an account with that sign-in", {}};
  return error;
}

}  // namespace symbolon::login
