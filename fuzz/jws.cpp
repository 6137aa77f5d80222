// Compact JWS, as it is and wrapped: the first byte of the input chooses, because flipping bits below base64url would
// hardly ever reach the JSON of header and payload.

#include <boost/json.hpp>

#include "base/encoding.h"
#include "check.h"
#include "jose/verify.h"

namespace {

using namespace symbolon;
using enum crypto::SignatureAlgorithm;

constexpr jose::AlgorithmSet kAll{RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA};

const jose::KeySet& keys() {
  static const jose::KeySet set = [] {
    std::vector<jose::Jwk> made;
    for (const auto type : {crypto::KeyType::rsa, crypto::KeyType::ec_p256, crypto::KeyType::ec_p384,
                            crypto::KeyType::ec_p521, crypto::KeyType::ed25519})
      made.push_back({crypto::PrivateKey::generate(type).public_key(), "k", {}, {}});
    return jose::KeySet(std::move(made));
  }();
  return set;
}

// header NUL payload NUL signature
std::string wrapped(std::string_view text) {
  std::string token;
  for (int part = 0; part < 3; ++part) {
    const std::size_t end = std::min(text.find('\0'), text.size());
    if (part > 0) token += '.';
    base64url_append(token, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return token;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = view(bytes + 1, size - 1);
  const auto jws = jose::Jws::parse(bytes[0] == '#' ? wrapped(text) : std::string(text));
  if (!jws) {
    check(!to_string(jws.error()).empty());
    return 0;
  }
  check(std::string(jws->signing_input()) + '.' + base64url_encode(jws->signature()) == jws->compact());
  check(jws->header_json().size() < jose::kMaxCompactBytes);
  const auto verified = verify(*jws, keys(), kAll);
  check(!verified);  // nobody holds the private keys
  check(verified.error() == jose::JoseError::unknown_key || verified.error() == jose::JoseError::signature);
  const auto claims = jws->payload();
  if (claims) check(claims->size() < jose::kMaxCompactBytes);
  return 0;
}
