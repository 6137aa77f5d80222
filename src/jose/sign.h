#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "crypto/key.h"

namespace symbolon::jose {

/// A compact token with the header `{"alg","typ","kid"}` (login-runtime KEY-4). An empty `typ` or `kid` is left out.
/// Costs a private-key operation: run it on a worker thread for RSA. Throws std::invalid_argument when `algorithm` does
/// not fit the key.
std::string sign_jwt(const crypto::PrivateKey& key, crypto::SignatureAlgorithm algorithm, std::string_view kid,
                     std::string_view typ, const boost::json::object& claims);

}  // namespace symbolon::jose
