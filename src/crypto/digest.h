#pragma once

#include <string>
#include <string_view>

namespace symbolon::crypto {

enum class Hash { sha1, sha256, sha384, sha512 };

/// Raw digest bytes: 20, 32, 48 or 64.
std::string digest(Hash hash, std::string_view input);

inline std::string sha256(std::string_view input) { return digest(Hash::sha256, input); }
inline std::string sha384(std::string_view input) { return digest(Hash::sha384, input); }
inline std::string sha512(std::string_view input) { return digest(Hash::sha512, input); }

/// For certificate thumbprints (`x5t`) only.
inline std::string sha1(std::string_view input) { return digest(Hash::sha1, input); }

}  // namespace symbolon::crypto
