#pragma once

#include <optional>
#include <string>

#include "http/site.h"
#include "model/client.h"
#include "oidc/signing_key_set.h"

namespace symbolon::oidc {

/// The `sub` of an ID token that this client got from us on this host; it may have expired (login-runtime AZ-19).
/// Nullopt for anything else, an access token included.
std::optional<std::string> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site, const ClientId& client);

}  // namespace symbolon::oidc
