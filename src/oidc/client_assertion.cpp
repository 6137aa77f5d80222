#include "oidc/client_assertion.h"

#include <boost/json.hpp>

#include "jose/verify.h"
#include "json/read.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::SignatureAlgorithm;
using namespace std::chrono_literals;

constexpr jose::AlgorithmSet kAllowed{SignatureAlgorithm::RS256, SignatureAlgorithm::RS384, SignatureAlgorithm::PS256,
                                      SignatureAlgorithm::PS384, SignatureAlgorithm::ES256, SignatureAlgorithm::ES384};
constexpr auto kSkew = 10s;
constexpr auto kLongestLife = 5min;
constexpr std::size_t kMaxJti = 64;

std::unexpected<std::string> refuse(std::string why) { return std::unexpected(std::move(why)); }

bool is_usable(const model::ClientKey& key, const jose::Jws& jws, Instant now) {
  if (!key.authenticates || (key.expires_at && now >= *key.expires_at)) return false;
  if (jws.key_id() && !key.kid.empty() && *jws.key_id() != key.kid) return false;
  // Registered with one algorithm, used with that one only (threats T38).
  return crypto::parse_signature_algorithm(key.algorithm) == jws.algorithm();
}

bool is_signed_by(const model::ClientKey& registered, const jose::Jws& jws) {
  const auto key = crypto::PublicKey::from_pem(registered.spki_pem);
  return key && jose::verify(jws, *key, kAllowed).has_value();
}

// One string only: a list could name another server, for which the assertion was really made (RFC 9700 §4.8, SEC-45).
bool is_for_us(const bj::object& claims, const http::Site& site) {
  const auto audience = json::find_string(claims, "aud");
  return audience && (*audience == site.issuer() || *audience == site.url("/oauth/token") ||
                      *audience == site.url("/oauth/v2/token") ||
                      *audience == site.url("/oauth/par"));  // RFC 9126 §2
}

std::optional<std::string> find_time_problem(const bj::object& claims, Instant now) {
  const auto exp = json::find_integer(claims, "exp");
  const auto iat = json::read_integer(claims, "iat");
  const auto nbf = json::read_integer(claims, "nbf");
  if (!exp) return "exp is missing";
  if (!iat || !nbf) return "iat or nbf is no integer";
  const std::int64_t seconds = to_epoch_seconds(now);
  if (seconds >= *exp) return "assertion expired";
  if (*exp > seconds + (kLongestLife + kSkew).count()) return "exp is more than five minutes ahead";
  if (*iat && **iat > seconds + kSkew.count()) return "iat is in the future";
  if (*nbf && **nbf > seconds + kSkew.count()) return "nbf is in the future";
  return std::nullopt;
}

}  // namespace

std::optional<ClientId> claimed_client(const std::string& assertion) {
  if (assertion.size() > kMaxAssertionBytes) return std::nullopt;
  const auto jws = jose::Jws::parse(assertion);
  const auto claims = jws ? jws->payload() : std::unexpected(jws.error());
  auto subject = claims ? json::find_string(*claims, "sub") : std::nullopt;
  if (!subject || subject->empty()) return std::nullopt;
  return ClientId(std::move(*subject));
}

std::expected<ProvedAssertion, std::string> prove_assertion(const std::string& assertion, const model::Client& client,
                                                            const http::Site& site, Instant now) {
  if (assertion.size() > kMaxAssertionBytes) return refuse("assertion longer than 2048 bytes");
  const auto jws = jose::Jws::parse(assertion);
  if (!jws) return refuse(std::string(to_string(jws.error())));
  bool proved = false;
  for (const model::ClientKey& key : client.keys)
    proved = proved || (is_usable(key, *jws, now) && is_signed_by(key, *jws));
  if (!proved) return refuse("no registered key made the signature");

  const auto claims = jws->payload();
  if (!claims) return refuse(std::string(to_string(claims.error())));
  if (jws->has_type("oauth-authz-req+jwt") || json::has(*claims, "response_type"))
    return refuse("a request object is no assertion");
  if (json::find_text(*claims, "iss") != client.id.str()) return refuse("iss is not the client");
  if (json::find_text(*claims, "sub") != client.id.str()) return refuse("sub is not the client");
  if (!is_for_us(*claims, site)) return refuse("aud is not this server alone");
  if (auto problem = find_time_problem(*claims, now)) return refuse(std::move(*problem));
  auto jti = json::find_string(*claims, "jti");
  if (!jti || jti->empty() || jti->size() > kMaxJti) return refuse("jti is missing or longer than 64 bytes");
  return ProvedAssertion{std::move(*jti), from_epoch_seconds(*json::find_integer(*claims, "exp"))};
}

}  // namespace symbolon::oidc
