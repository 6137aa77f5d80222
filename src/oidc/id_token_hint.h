#pragma once

#include <optional>
#include <string>

#include "http/site.h"
#include "model/client.h"
#include "oidc/signing_key_set.h"

namespace symbolon::oidc {

/// What an ID token of ours says of the sign-in that it was made for.
struct IdTokenHint {
  ClientId client;
  UserId subject;
  SessionId session;  ///< empty when the token names none
};

/// Reads an ID token that somebody got from us on this host; it may have expired (login-runtime AZ-19, LO-11). Nullopt
/// for anything else, an access token included.
std::optional<IdTokenHint> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site);

/// The `sub` of an ID token that this client got.
std::optional<std::string> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site, const ClientId& client);

}  // namespace symbolon::oidc
