#include "jose/sign.h"

#include <boost/json.hpp>

#include "base/encoding.h"

namespace symbolon::jose {

std::string sign_jwt(const crypto::PrivateKey& key, crypto::SignatureAlgorithm algorithm, std::string_view kid,
                     std::string_view typ, const boost::json::object& claims) {
  boost::json::object header{{"alg", boost::json::string_view(crypto::to_string(algorithm))}};
  if (!typ.empty()) header["typ"] = typ;
  if (!kid.empty()) header["kid"] = kid;
  const std::string header_json = boost::json::serialize(header);
  const std::string claims_json = boost::json::serialize(claims);

  constexpr std::size_t kLongestSignature = 1024;  // RSA-8192
  std::string token;
  token.reserve((header_json.size() + claims_json.size() + kLongestSignature) * 4 / 3 + 8);
  base64url_append(token, header_json);
  token += '.';
  base64url_append(token, claims_json);
  const std::string signature = key.sign(algorithm, token);
  token += '.';
  base64url_append(token, signature);
  return token;
}

}  // namespace symbolon::jose
