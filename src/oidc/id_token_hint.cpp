#include "oidc/id_token_hint.h"

#include <boost/json.hpp>

#include "jose/verify.h"
#include "json/read.h"
#include "oidc/signing_algorithm.h"

namespace symbolon::oidc {

std::optional<std::string> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site, const ClientId& client) {
  const auto jws = jose::Jws::parse(hint);
  if (!jws || !jws->key_id() || !jws->has_type("JWT")) return std::nullopt;
  if (!jose::verify(*jws, keys.public_keys(), accepted_algorithms())) return std::nullopt;
  const auto claims = jws->payload();
  if (!claims || json::find_text(*claims, "iss") != site.issuer()) return std::nullopt;
  // An access token names the client in azp and an API in aud; an ID token has it the other way round.
  if (json::find_text(*claims, "aud") != client.str() || json::has(*claims, "azp")) return std::nullopt;
  return json::find_string(*claims, "sub");
}

}  // namespace symbolon::oidc
