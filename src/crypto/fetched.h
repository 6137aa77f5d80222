#pragma once

// For the files of crypto/ only.

#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace symbolon::crypto {

/// The implementation of `hash`, looked up once: OpenSSL 3 repeats the lookup, with locks, for every EVP_sha256().
const EVP_MD* fetched(Hash hash);

}  // namespace symbolon::crypto
