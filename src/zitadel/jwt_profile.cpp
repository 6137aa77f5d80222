#include "zitadel/jwt_profile.h"

#include <boost/json.hpp>

#include "jose/verify.h"
#include "json/read.h"

namespace symbolon::zitadel {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxAssertionBytes = 4096;
constexpr std::size_t kMaxJti = 255;
constexpr auto kSkew = 30s;
constexpr auto kLongestLife = 1h;
constexpr jose::AlgorithmSet kAllowed{crypto::SignatureAlgorithm::RS256, crypto::SignatureAlgorithm::RS384,
                                      crypto::SignatureAlgorithm::PS256, crypto::SignatureAlgorithm::ES256,
                                      crypto::SignatureAlgorithm::ES384};

std::unexpected<std::string> refuse(std::string why) { return std::unexpected(std::move(why)); }

bool is_ours(std::string_view audience, const http::Site& site) {
  return audience == site.base_url || audience == site.issuer() || audience == site.url("/oauth/token") ||
         audience == site.url("/oauth/v2/token");
}

// A second audience would be another server, for which the assertion was really made.
bool is_for_us(const boost::json::object& claims, const http::Site& site) {
  if (const auto one = json::find_string(claims, "aud")) return is_ours(*one, site);
  const auto several = json::find_strings(claims, "aud");
  return several && several->size() == 1 && is_ours(several->front(), site);
}

std::optional<std::string> find_time_problem(const boost::json::object& claims, Instant now) {
  const auto exp = json::find_integer(claims, "exp");
  const auto iat = json::find_integer(claims, "iat");
  if (!exp || !iat) return "exp or iat is missing";
  const std::int64_t seconds = to_epoch_seconds(now);
  if (seconds >= *exp + kSkew.count()) return "assertion expired";
  if (*iat > seconds + kSkew.count()) return "iat is in the future";
  if (*exp - *iat > std::chrono::seconds(kLongestLife).count()) return "valid for more than an hour";
  return std::nullopt;
}

}  // namespace

std::optional<ClaimedAssertion> claimed_assertion(const std::string& assertion) {
  if (assertion.size() > kMaxAssertionBytes) return std::nullopt;
  const auto jws = jose::Jws::parse(assertion);
  if (!jws || !jws->key_id()) return std::nullopt;
  const auto claims = jws->payload();
  auto issuer = claims ? json::find_string(*claims, "iss") : std::nullopt;
  if (!issuer || issuer->empty()) return std::nullopt;
  return ClaimedAssertion{model::ServiceUserId(std::move(*issuer)), *jws->key_id()};
}

std::expected<ProvedProfile, std::string> prove_profile(const std::string& assertion, const model::ServiceUserKey& key,
                                                        const http::Site& site, Instant now) {
  const auto jws = jose::Jws::parse(assertion);
  if (!jws) return refuse(std::string(to_string(jws.error())));
  if (jws->key_id() != key.id) return refuse("another key");
  if (crypto::parse_signature_algorithm(key.algorithm) != jws->algorithm()) return refuse("not the key's algorithm");
  const auto made_with = crypto::PublicKey::from_pem(key.spki_pem);
  if (!made_with || !jose::verify(*jws, *made_with, kAllowed)) return refuse("the signature is not the key's");
  const auto claims = jws->payload();
  if (!claims) return refuse(std::string(to_string(claims.error())));
  if (json::find_text(*claims, "iss") != key.user.str()) return refuse("iss is not the key's user");
  if (json::find_text(*claims, "sub") != key.user.str()) return refuse("sub is not the key's user");
  if (!is_for_us(*claims, site)) return refuse("aud is not this server alone");
  if (auto problem = find_time_problem(*claims, now)) return refuse(std::move(*problem));
  auto jti = json::read_string(*claims, "jti");
  if (!jti || (*jti && (*jti)->size() > kMaxJti)) return refuse("jti is no text, or longer than 255 bytes");
  return ProvedProfile{jti->value_or(""), from_epoch_seconds(*json::find_integer(*claims, "exp")) + kSkew};
}

}  // namespace symbolon::zitadel
