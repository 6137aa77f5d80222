#include "crypto/aead.h"

#include <limits>
#include <stdexcept>

#include "crypto/openssl.h"

namespace symbolon::crypto {
namespace {

using OwnedCipher = Owned<EVP_CIPHER, EVP_CIPHER_free>;
using OwnedCipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

enum class Direction { open, seal };

int checked_length(std::string_view text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw std::length_error("AEAD input too long");
  return static_cast<int>(text.size());
}

// One context for each thread: allocating one and binding the cipher costs more than sealing a cookie.
EVP_CIPHER_CTX* start(std::string_view key, std::string_view nonce, Direction direction) {
  static const OwnedCipher cipher(require(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), "EVP_CIPHER_fetch"));
  thread_local const OwnedCipherContext context(require(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"));
  if (key.size() != kAeadKeyBytes || nonce.size() != kAeadNonceBytes)
    throw std::invalid_argument("AES-256-GCM key or nonce of a wrong length");
  const bool bound = EVP_CIPHER_CTX_get0_cipher(context.get()) != nullptr;
  require_success(EVP_CipherInit_ex2(context.get(), bound ? nullptr : cipher.get(), octets(key), octets(nonce),
                                     direction == Direction::seal ? 1 : 0, nullptr),
                  "EVP_CipherInit");
  return context.get();
}

void authenticate(EVP_CIPHER_CTX* context, std::string_view part) {
  int length = 0;
  if (!part.empty())
    require_success(EVP_CipherUpdate(context, nullptr, &length, octets(part), checked_length(part)),
                    "EVP_CipherUpdate");
}

}  // namespace

void aes256_gcm_seal(std::string_view key, std::string_view nonce, std::string_view associated_head,
                     std::string_view associated_tail, std::string_view plaintext, std::string& out) {
  const int text_length = checked_length(plaintext);
  EVP_CIPHER_CTX* const context = start(key, nonce, Direction::seal);
  authenticate(context, associated_head);
  authenticate(context, associated_tail);

  const std::size_t start_of_text = out.size();
  out.resize(start_of_text + plaintext.size() + kAeadTagBytes);
  unsigned char* const ciphertext = octets(out) + start_of_text;
  unsigned char* const tag = ciphertext + plaintext.size();
  int length = 0;
  if (!plaintext.empty())
    require_success(EVP_CipherUpdate(context, ciphertext, &length, octets(plaintext), text_length), "EVP_CipherUpdate");
  require_success(EVP_CipherFinal_ex(context, tag, &length), "EVP_CipherFinal");
  require_success(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagBytes, tag), "EVP_CTRL_AEAD_GET_TAG");
}

std::optional<std::string> aes256_gcm_open(std::string_view key, std::string_view nonce,
                                           std::string_view associated_head, std::string_view associated_tail,
                                           std::string_view sealed) {
  if (sealed.size() < kAeadTagBytes) return std::nullopt;
  const ErrorScope scope;
  const std::string_view ciphertext = sealed.substr(0, sealed.size() - kAeadTagBytes);
  std::string tag(sealed.substr(ciphertext.size()));

  EVP_CIPHER_CTX* const context = start(key, nonce, Direction::open);
  authenticate(context, associated_head);
  authenticate(context, associated_tail);

  std::string plaintext(ciphertext.size(), '\0');
  int length = 0;
  if (!ciphertext.empty())
    require_success(
        EVP_CipherUpdate(context, octets(plaintext), &length, octets(ciphertext), checked_length(ciphertext)),
        "EVP_CipherUpdate");
  require_success(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagBytes, tag.data()),
                  "EVP_CTRL_AEAD_SET_TAG");
  unsigned char rest[EVP_MAX_BLOCK_LENGTH];
  if (EVP_CipherFinal_ex(context, rest, &length) != 1) {
    OPENSSL_cleanse(plaintext.data(), plaintext.size());
    return std::nullopt;
  }
  return plaintext;
}

}  // namespace symbolon::crypto
