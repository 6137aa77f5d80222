#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::crypto {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadNonceBytes = 12;
inline constexpr std::size_t kAeadTagBytes = 16;

/// AES-256-GCM (NIST SP 800-38D). Appends ciphertext and tag to `out`; authenticates the two parts of `associated`
/// as one text. A (key, nonce) pair must never seal twice: use SecretBox, which derives a fresh pair for every call.
void aes256_gcm_seal(std::string_view key, std::string_view nonce, std::string_view associated_head,
                     std::string_view associated_tail, std::string_view plaintext, std::string& out);

/// The plaintext, or nullopt when anything of key, nonce, associated text, ciphertext or tag differs.
[[nodiscard]] std::optional<std::string> aes256_gcm_open(std::string_view key, std::string_view nonce,
                                                         std::string_view associated_head,
                                                         std::string_view associated_tail, std::string_view sealed);

}  // namespace symbolon::crypto
