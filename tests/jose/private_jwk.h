#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/encoding.h"
#include "crypto/key.h"

namespace symbolon::jose {

inline std::string der(char tag, const std::string& content) {
  std::string length;
  for (std::size_t rest = content.size(); rest > 0; rest >>= 8) length.insert(0, 1, static_cast<char>(rest));
  if (content.size() >= 128) length.insert(0, 1, static_cast<char>(0x80 | length.size()));
  if (content.empty()) length = std::string(1, '\0');
  return tag + length + content;
}

inline std::string der_integer(const boost::json::object& jwk, const char* name) {
  const std::string bytes = base64url_decode(std::string_view(jwk.at(name).as_string())).value();
  return der(2, (bytes.front() & 0x80) != 0 ? '\0' + bytes : bytes);
}

/// The private key of an RSA or Ed25519 JWK of the published examples: our code itself reads public ones only.
inline crypto::PrivateKey private_key_of(const boost::json::object& jwk) {
  const std::string zero = der(2, std::string(1, '\0'));
  if (jwk.at("kty") == "OKP") {
    const std::string seed = base64url_decode(std::string_view(jwk.at("d").as_string())).value();
    return crypto::PrivateKey::from_pkcs8_der(
               der(0x30, zero + der(0x30, hex_decode("06032b6570").value()) + der(4, der(4, seed))))
        .value();
  }
  std::string numbers = zero;
  for (const char* name : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) numbers += der_integer(jwk, name);
  const std::string algorithm = der(0x30, hex_decode("06092a864886f70d0101010500").value());
  return crypto::PrivateKey::from_pkcs8_der(der(0x30, zero + algorithm + der(4, der(0x30, numbers)))).value();
}

}  // namespace symbolon::jose
