#pragma once

#include <string_view>

namespace symbolon::jose {

/// Why a token was refused: one value for each cause, for logs and the administrator's explanation (login-runtime
/// V1–V3).
enum class JoseError {
  too_long,             ///< more than 64 KiB
  not_compact,          ///< not three parts
  encrypted,            ///< five parts: a JWE
  base64url,            ///< a part is not strict base64url
  header,               ///< not a JSON object, or a member of the wrong type
  critical_header,      ///< `crit` is present; we understand no extension (RFC 7515 §4.1.11)
  missing_algorithm,    ///< no `alg`
  unknown_algorithm,    ///< `none`, an HMAC or another algorithm that we do not have
  forbidden_algorithm,  ///< one that this verifier does not allow
  unknown_key,          ///< no key of that `kid` and algorithm; the caller may refresh its key set once
  signature,            ///< no candidate key made the signature
  payload,              ///< not a JSON object with unique members
};
std::string_view to_string(JoseError error);

}  // namespace symbolon::jose
