#include "jose/jwk.h"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/encoding.h"
#include "base/text.h"
#include "json/read.h"

namespace symbolon::jose {
namespace {

using crypto::KeyType;
using crypto::PublicKey;

// Private members of RSA, EC and OKP keys, and the value of a symmetric one (RFC 7518 §6.2.2, §6.3.2, §6.4.1).
constexpr std::string_view kSecretMembers[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

std::optional<std::string> find_bytes(const boost::json::object& jwk, std::string_view name) {
  const auto text = json::find_text(jwk, name);
  return text ? base64url_decode(*text) : std::nullopt;
}

std::optional<KeyType> find_curve(std::string_view name) {
  for (const KeyType curve : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521})
    if (crypto::to_string(curve) == name) return curve;
  return std::nullopt;
}

JwkError error_of(crypto::KeyError error) {
  switch (error) {
    case crypto::KeyError::malformed:
      return JwkError::malformed;
    case crypto::KeyError::unsupported:
      return JwkError::key_type;
    case crypto::KeyError::too_small:
    case crypto::KeyError::weak:
      return JwkError::weak;
    case crypto::KeyError::too_large:
      return JwkError::too_large;
    case crypto::KeyError::not_on_curve:
      return JwkError::not_on_curve;
  }
  throw std::logic_error("KeyError outside its enumerators");
}

std::expected<PublicKey, JwkError> taken(std::expected<PublicKey, crypto::KeyError> key) {
  if (!key) return std::unexpected(error_of(key.error()));
  return std::move(*key);
}

std::expected<PublicKey, JwkError> read_rsa(const boost::json::object& jwk) {
  const auto n = find_bytes(jwk, "n"), e = find_bytes(jwk, "e");
  if (!n || !e) return std::unexpected(JwkError::malformed);
  return taken(PublicKey::from_rsa(*n, *e));
}

std::expected<PublicKey, JwkError> read_ec(const boost::json::object& jwk) {
  const auto name = json::find_text(jwk, "crv");
  if (!name) return std::unexpected(JwkError::malformed);
  const auto curve = find_curve(*name);
  if (!curve) return std::unexpected(JwkError::curve);
  const auto x = find_bytes(jwk, "x"), y = find_bytes(jwk, "y");
  if (!x || !y) return std::unexpected(JwkError::malformed);
  return taken(PublicKey::from_ec(*curve, *x, *y));
}

std::expected<PublicKey, JwkError> read_okp(const boost::json::object& jwk) {
  const auto name = json::find_text(jwk, "crv");
  if (!name) return std::unexpected(JwkError::malformed);
  if (*name != crypto::to_string(KeyType::ed25519)) return std::unexpected(JwkError::curve);
  const auto x = find_bytes(jwk, "x");
  if (!x) return std::unexpected(JwkError::malformed);
  return taken(PublicKey::from_ed25519(*x));
}

std::expected<PublicKey, JwkError> read_key(const boost::json::object& jwk) {
  const auto type = json::find_text(jwk, "kty");
  if (!type) return std::unexpected(JwkError::malformed);
  if (*type == "oct" || std::ranges::any_of(kSecretMembers, [&](auto name) { return json::has(jwk, name); }))
    return std::unexpected(JwkError::secret);
  if (*type == "RSA") return read_rsa(jwk);
  if (*type == "EC") return read_ec(jwk);
  if (*type == "OKP") return read_okp(jwk);
  return std::unexpected(JwkError::key_type);
}

std::optional<JwkError> check_use(const boost::json::object& jwk) {
  const auto use = json::read_string(jwk, "use");
  const auto operations = json::read_strings(jwk, "key_ops");
  if (!use || !operations) return JwkError::malformed;
  if (*use && **use != "sig") return JwkError::use;
  if (*operations && !contains(**operations, "verify")) return JwkError::use;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(JwkError error) {
  switch (error) {
    case JwkError::malformed:
      return "malformed key";
    case JwkError::key_type:
      return "key type is not RSA, EC or OKP";
    case JwkError::curve:
      return "curve is not P-256, P-384, P-521 or Ed25519";
    case JwkError::secret:
      return "a private or symmetric key was published";
    case JwkError::use:
      return "key is not for verifying signatures";
    case JwkError::algorithm:
      return "key is for another algorithm";
    case JwkError::not_on_curve:
      return "point is not on the curve";
    case JwkError::weak:
      return "RSA key is below 2048 bits or weak";
    case JwkError::too_large:
      return "RSA key is above 8192 bits";
  }
  throw std::logic_error("JwkError outside its enumerators");
}

std::expected<Jwk, JwkError> parse_jwk(const boost::json::object& jwk) {
  auto kid = json::read_string(jwk, "kid");
  auto algorithm_name = json::read_string(jwk, "alg");
  auto issuer = json::read_string(jwk, "issuer");
  if (!kid || !algorithm_name || !issuer) return std::unexpected(JwkError::malformed);
  if (const auto wrong = check_use(jwk)) return std::unexpected(*wrong);

  std::optional<crypto::SignatureAlgorithm> algorithm;
  if (*algorithm_name) {
    algorithm = crypto::parse_signature_algorithm(**algorithm_name);
    if (!algorithm) return std::unexpected(JwkError::algorithm);
  }
  auto key = read_key(jwk);
  if (!key) return std::unexpected(key.error());
  if (algorithm && !crypto::fits(*algorithm, key->type())) return std::unexpected(JwkError::algorithm);
  return Jwk{std::move(*key), std::move(*kid), algorithm, std::move(*issuer)};
}

}  // namespace symbolon::jose
