#include <stdexcept>

#include "upstream/error_mapping.h"
#include "upstream/hints.h"
#include "upstream/id_token.h"

namespace symbolon::upstream {
namespace {

struct Row {
  std::string_view rule, check;
};

Row row_of(IdTokenCheck check) {
  switch (check) {
    case IdTokenCheck::encrypted:
      return {"V1", "the ID token is signed and not encrypted"};
    case IdTokenCheck::shape:
      return {"V1", "the ID token is well-formed"};
    case IdTokenCheck::algorithm:
      return {"V2", "the ID token's algorithm is allowed for this connection"};
    case IdTokenCheck::type:
      return {"V2", "the token is an ID token"};
    case IdTokenCheck::unknown_key:
      return {"V3", "the provider's key set holds the key that signed the ID token"};
    case IdTokenCheck::signature:
      return {"V3", "the ID token's signature holds"};
    case IdTokenCheck::key_issuer:
      return {"V3", "the key that signed the ID token is published for its issuer"};
    case IdTokenCheck::tenant:
      return {"V16", "the ID token comes from a tenant that may sign in"};
    case IdTokenCheck::issuer:
      return {"V4", "iss is the connection's issuer, byte for byte"};
    case IdTokenCheck::audience:
      return {"V5", "aud is this connection's client id and nobody else's"};
    case IdTokenCheck::authorized_party:
      return {"V6", "azp is this connection's client id"};
    case IdTokenCheck::subject:
      return {"V7", "sub names the person"};
    case IdTokenCheck::expiry:
      return {"V8", "exp is there"};
    case IdTokenCheck::expired:
      return {"V8", "the ID token has not expired"};
    case IdTokenCheck::issue_time:
      return {"V9", "iat is there"};
    case IdTokenCheck::issued_in_future:
      return {"V9", "the ID token was not issued in the future"};
    case IdTokenCheck::issued_too_early:
      return {"V9", "the ID token was issued for this sign-in"};
    case IdTokenCheck::not_before:
      return {"V10", "the ID token is valid already"};
    case IdTokenCheck::nonce_missing:
      return {"V11", "the ID token has this sign-in's nonce"};
    case IdTokenCheck::nonce:
      return {"V11", "nonce is the one of this sign-in"};
    case IdTokenCheck::access_token_hash:
      return {"V13", "at_hash belongs to the access token"};
    case IdTokenCheck::auth_time_missing:
      return {"V14", "auth_time is there, as max_age demands"};
    case IdTokenCheck::auth_time:
      return {"V14", "the person signed in recently enough for max_age"};
    case IdTokenCheck::session_expiry:
      return {"V15", "The upstream Identity Provider did not return a session_expiry claim"};
    case IdTokenCheck::session_expired:
      return {"V15", "session already expired"};
  }
  throw std::logic_error("IdTokenCheck outside its enumerators");
}

std::string hint_of(const IdTokenFailure& failure) {
  switch (failure.check) {
    case IdTokenCheck::algorithm:
      return hints::algorithm(failure.received);
    case IdTokenCheck::unknown_key:
    case IdTokenCheck::signature:
      return hints::unknown_key();
    case IdTokenCheck::issuer:
      return hints::issuer(failure.expected, failure.received);
    case IdTokenCheck::expired:
    case IdTokenCheck::issued_in_future:
    case IdTokenCheck::issued_too_early:
    case IdTokenCheck::not_before:
      return hints::clock();
    case IdTokenCheck::nonce_missing:
    case IdTokenCheck::nonce:
      return hints::nonce();
    case IdTokenCheck::encrypted:
      return "Switch ID token encryption off for this application at the identity provider.";
    case IdTokenCheck::tenant:
      return "Add the tenant to allowed_tenant_ids if its people may sign in.";
    case IdTokenCheck::audience:
    case IdTokenCheck::authorized_party:
      return "Compare client_id with the provider's application; list further audiences in trusted_audiences.";
    case IdTokenCheck::session_expiry:
    case IdTokenCheck::session_expired:
      return "Let the provider send session_expiry, or switch id_token_session_expiry_supported off.";
    case IdTokenCheck::auth_time_missing:
    case IdTokenCheck::auth_time:
      return "The provider must ask the person again, or strict_auth_time must be off.";
    case IdTokenCheck::shape:
    case IdTokenCheck::type:
    case IdTokenCheck::key_issuer:
    case IdTokenCheck::subject:
    case IdTokenCheck::expiry:
    case IdTokenCheck::issue_time:
    case IdTokenCheck::access_token_hash:
      return "The provider sends tokens that no strict client accepts: tell its maker.";
  }
  throw std::logic_error("IdTokenCheck outside its enumerators");
}

}  // namespace

std::string_view rule_of(IdTokenCheck check) { return row_of(check).rule; }

UpstreamError explain(const model::Connection& connection, const IdTokenFailure& failure) {
  const Row row = row_of(failure.check);
  UpstreamError error;
  error.step = "id_token";
  error.rule = row.rule;
  error.check = row.check;
  error.expected = failure.expected;
  error.received = failure.received;
  error.hint = hint_of(failure);
  error.downstream = invalid_id_token(connection);
  // AZ-31: the application may send the person again.
  if (failure.check == IdTokenCheck::auth_time || failure.check == IdTokenCheck::auth_time_missing)
    error.downstream.code = model::OAuthCode::login_required;
  error.downstream.detail = failure.facts;
  return error;
}

}  // namespace symbolon::upstream
