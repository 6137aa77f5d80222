#include "oidc/id_token_hint.h"

#include <boost/json.hpp>

#include "jose/verify.h"
#include "json/read.h"
#include "oidc/signing_algorithm.h"

namespace symbolon::oidc {

std::optional<IdTokenHint> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site) {
  const auto jws = jose::Jws::parse(hint);
  if (!jws || !jws->key_id() || !jws->has_type("JWT")) return std::nullopt;
  if (!jose::verify(*jws, keys.public_keys(), accepted_algorithms())) return std::nullopt;
  const auto claims = jws->payload();
  if (!claims || json::find_text(*claims, "iss") != site.issuer()) return std::nullopt;
  // Neither an access token, which names its client in azp or client_id, nor a logout token.
  auto audience = json::find_string(*claims, "aud");
  auto subject = json::find_string(*claims, "sub");
  const bool is_another_kind =
      json::has(*claims, "azp") || json::has(*claims, "client_id") || json::has(*claims, "events");
  if (!audience || !subject || is_another_kind) return std::nullopt;
  return IdTokenHint{ClientId(std::move(*audience)), UserId(std::move(*subject)),
                     SessionId(json::find_string(*claims, "sid").value_or(""))};
}

std::optional<std::string> read_id_token_hint(const std::string& hint, const SigningKeySet& keys,
                                              const http::Site& site, const ClientId& client) {
  const auto read = read_id_token_hint(hint, keys, site);
  if (!read || read->client != client) return std::nullopt;
  return read->subject.str();
}

}  // namespace symbolon::oidc
