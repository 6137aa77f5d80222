#pragma once

#include <string_view>

namespace symbolon::crypto {

enum class KeyType { rsa, ec_p256, ec_p384, ec_p521, ed25519 };

/// `RSA`, `P-256`, `P-384`, `P-521`, `Ed25519`.
std::string_view to_string(KeyType type);

/// Why a key was not taken.
enum class KeyError {
  malformed,     ///< not the encoding it should be
  unsupported,   ///< another kind of key or curve
  too_small,     ///< RSA below 2048 bits
  too_large,     ///< RSA above 8192 bits: verifying would cost too much
  weak,          ///< RSA with a bad exponent or an even modulus, or made by a generator with the ROCA flaw
  not_on_curve,  ///< the coordinates are no point of the curve
};
std::string_view to_string(KeyError error);

}  // namespace symbolon::crypto
