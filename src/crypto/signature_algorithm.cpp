#include "crypto/signature_algorithm.h"

#include <array>
#include <stdexcept>

namespace symbolon::crypto {
namespace {

using enum SignatureAlgorithm;

constexpr std::array<std::string_view, kSignatureAlgorithms> kNames{"RS256", "RS384", "RS512", "PS256", "PS384",
                                                                    "PS512", "ES256", "ES384", "ES512", "EdDSA"};

}  // namespace

std::string_view to_string(SignatureAlgorithm algorithm) { return kNames.at(static_cast<std::size_t>(algorithm)); }

std::optional<SignatureAlgorithm> parse_signature_algorithm(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i] == name) return static_cast<SignatureAlgorithm>(i);
  return std::nullopt;
}

bool from_text(std::string_view name, SignatureAlgorithm& out) {
  const auto algorithm = parse_signature_algorithm(name);
  if (algorithm) out = *algorithm;
  return algorithm.has_value();
}

bool fits(SignatureAlgorithm algorithm, KeyType type) {
  switch (algorithm) {
    case RS256:
    case RS384:
    case RS512:
    case PS256:
    case PS384:
    case PS512:
      return type == KeyType::rsa;
    case ES256:
      return type == KeyType::ec_p256;
    case ES384:
      return type == KeyType::ec_p384;
    case ES512:
      return type == KeyType::ec_p521;
    case EdDSA:
      return type == KeyType::ed25519;
  }
  throw std::logic_error("SignatureAlgorithm outside its enumerators");
}

Hash hash_of(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case RS256:
    case PS256:
    case ES256:
      return Hash::sha256;
    case RS384:
    case PS384:
    case ES384:
      return Hash::sha384;
    case RS512:
    case PS512:
    case ES512:
    case EdDSA:
      return Hash::sha512;
  }
  throw std::logic_error("SignatureAlgorithm outside its enumerators");
}

SignatureAlgorithm default_algorithm(KeyType type) {
  switch (type) {
    case KeyType::rsa:
      return RS256;
    case KeyType::ec_p256:
      return ES256;
    case KeyType::ec_p384:
      return ES384;
    case KeyType::ec_p521:
      return ES512;
    case KeyType::ed25519:
      return EdDSA;
  }
  throw std::logic_error("KeyType outside its enumerators");
}

}  // namespace symbolon::crypto
