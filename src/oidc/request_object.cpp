#include "oidc/request_object.h"

#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "jose/verify.h"
#include "json/read.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::SignatureAlgorithm;
using model::OAuthCode;
using model::OAuthError;

constexpr jose::AlgorithmSet kAllowed{SignatureAlgorithm::RS256, SignatureAlgorithm::RS384, SignatureAlgorithm::PS256,
                                      SignatureAlgorithm::ES256};
constexpr std::size_t kMaxBytes = 16 * 1024;
constexpr std::size_t kMaxJti = 64;
constexpr std::int64_t kSkew = 10;

// Claims of the object itself; everything else is a parameter.
constexpr std::array<std::string_view, 7> kOwnClaims{"iss", "aud", "exp", "nbf", "iat", "jti", "sub"};

std::unexpected<OAuthError> refuse(std::string why) {
  return std::unexpected(
      OAuthError{OAuthCode::invalid_request_object, "the request object is not valid", std::move(why)});
}

bool is_signed_by(const jose::Jws& jws, const model::Client& client, Instant now) {
  for (const model::ClientKey& key : client.keys) {
    if (!key.signs_requests || (key.expires_at && now >= *key.expires_at)) continue;
    if (jws.key_id() && !key.kid.empty() && *jws.key_id() != key.kid) continue;
    // Registered with one algorithm, used with that one only (threats T38).
    if (crypto::parse_signature_algorithm(key.algorithm) != jws.algorithm()) continue;
    const auto known = crypto::PublicKey::from_pem(key.spki_pem);
    if (known && jose::verify(jws, *known, kAllowed)) return true;
  }
  return false;
}

bool is_for_us(const bj::object& claims, const http::Site& site) {
  if (const auto one = json::find_string(claims, "aud")) return *one == site.issuer();
  const auto several = json::find_strings(claims, "aud");
  return several && contains(*several, site.issuer());
}

std::string find_problem(const bj::object& claims, const model::Client& client, const http::Site& site, Instant now) {
  const std::int64_t at = to_epoch_seconds(now);
  if (json::find_text(claims, "iss") != client.id.str()) return "iss is not the client";
  if (json::find_text(claims, "client_id") != client.id.str()) return "client_id is not the client";
  if (!is_for_us(claims, site)) return "aud is not this server";
  if (json::find_string(claims, "response_type").value_or("").empty()) return "response_type is missing";
  const auto exp = json::read_integer(claims, "exp"), nbf = json::read_integer(claims, "nbf");
  if (!exp || !nbf) return "exp or nbf is no integer";
  if (*exp && at >= **exp) return "expired";
  if (*nbf && **nbf > at + kSkew) return "nbf is in the future";
  const auto jti = json::read_string(claims, "jti");
  if (!jti || jti->value_or("").size() > kMaxJti) return "jti is no text of at most 64 bytes";
  // RFC 9101 §10.8: such an object could be shown to the token endpoint as the client's assertion.
  if (json::find_text(claims, "sub") == client.id.str()) return "sub is the client, as in an assertion";
  // RFC 9101 §4: an object within an object has no end.
  if (json::has(claims, "request") || json::has(claims, "request_uri")) return "holds another request";
  return {};
}

std::expected<http::Form, OAuthError> parameters_of(const bj::object& claims) {
  http::Form form;
  for (const auto& [name, value] : claims) {
    if (std::ranges::find(kOwnClaims, std::string_view(name)) != kOwnClaims.end() || value.is_null()) continue;
    std::string text = value.is_string() ? std::string(value.get_string()) : bj::serialize(value);
    if (text.contains('\0')) return refuse("a parameter contains a NUL");
    form.add(std::string(name), std::move(text));
  }
  return form;
}

}  // namespace

std::expected<http::Form, OAuthError> read_request_object(const std::string& compact, const model::Client& client,
                                                          const http::Site& site, Instant now) {
  if (compact.size() > kMaxBytes) return refuse("longer than 16 KiB");
  const auto jws = jose::Jws::parse(compact);
  if (!jws) return refuse(std::string(to_string(jws.error())));
  if (jws->type() && !jws->has_type("jwt") && !jws->has_type("oauth-authz-req+jwt")) return refuse("another typ");
  if (!is_signed_by(*jws, client, now)) return refuse("no registered key made the signature");
  const auto claims = jws->payload();
  if (!claims) return refuse(std::string(to_string(claims.error())));
  if (auto problem = find_problem(*claims, client, site, now); !problem.empty()) return refuse(std::move(problem));
  return parameters_of(*claims);
}

}  // namespace symbolon::oidc
