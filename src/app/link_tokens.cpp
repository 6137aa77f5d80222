#include "app/link_tokens.h"

#include <boost/json.hpp>

#include "jose/jws.h"
#include "json/read.h"
#include "oidc/id_token_hint.h"

namespace symbolon::app {

Task<std::optional<management::ProvenAccount>> VerifiedLinkTokens::read(http::Site site, std::string id_token) {
  const Instant now = clock_.now();
  const auto jws = jose::Jws::parse(id_token);
  const auto claims = jws ? jws->payload() : std::unexpected(jws.error());
  if (!claims) co_return std::nullopt;
  const auto audience = json::find_string(*claims, "aud");
  const auto expires = json::find_integer(*claims, "exp"), issued = json::find_integer(*claims, "iat");
  if (!audience || !expires || !issued || *expires <= to_epoch_seconds(now)) co_return std::nullopt;
  const auto keys = co_await keys_.get(site.tenant);
  // A hint may have expired, a proof may not; everything else is the same.
  const auto subject = oidc::read_id_token_hint(id_token, *keys, site, ClientId(*audience));
  if (!subject) co_return std::nullopt;
  co_return management::ProvenAccount{UserId(*subject), from_epoch_seconds(*issued)};
}

}  // namespace symbolon::app
