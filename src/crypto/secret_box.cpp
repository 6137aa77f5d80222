#include "crypto/secret_box.h"

#include <openssl/crypto.h>

#include <array>
#include <cstdint>

#include "crypto/aead.h"
#include "crypto/hkdf.h"

namespace symbolon::crypto {
namespace {

// version (1) | key id (8) | salt (16) | ciphertext | tag (16)
constexpr char kVersion = '\x01';
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeadBytes = 1 + kKeyIdLength + kSaltBytes;
constexpr std::string_view kLabel = "symbolon secret box 1:";

// A key and a nonce of each message's own, derived from its random 128-bit salt. With random nonces under one key,
// GCM is safe for 2^32 messages only; here the bound is a collision of salts, near 2^64 messages for each master key.
class MessageKey {
 public:
  MessageKey(const NamedKey& master, std::string_view salt, std::string_view purpose) {
    hkdf_sha256(master.bytes.reveal(), salt, {kLabel, purpose}, bytes_);
  }
  ~MessageKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }
  MessageKey(const MessageKey&) = delete;
  MessageKey& operator=(const MessageKey&) = delete;

  std::string_view key() const { return view().substr(0, kAeadKeyBytes); }
  std::string_view nonce() const { return view().substr(kAeadKeyBytes); }

 private:
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}; }

  std::array<std::uint8_t, kAeadKeyBytes + kAeadNonceBytes> bytes_;
};

// Empty when `sealed` is not a value of ours at all.
std::string_view key_id_of(std::string_view sealed) {
  if (sealed.size() < kHeadBytes + kAeadTagBytes || sealed.front() != kVersion) return {};
  return sealed.substr(1, kKeyIdLength);
}

}  // namespace

SecretBox::SecretBox(Keyring keyring, Random& random)
    : keyring_(std::make_shared<const Keyring>(std::move(keyring))), random_(random) {}

std::string SecretBox::seal(std::string_view purpose, std::string_view associated, std::string_view plaintext) const {
  const auto keys = keyring();
  const NamedKey& current = keys->current();

  std::string sealed;
  sealed.reserve(kHeadBytes + plaintext.size() + kAeadTagBytes);
  sealed.push_back(kVersion);
  sealed += current.id;
  std::array<std::uint8_t, kSaltBytes> salt;
  random_.fill(salt);
  sealed.append(reinterpret_cast<const char*>(salt.data()), salt.size());

  const MessageKey message(current, std::string_view(sealed).substr(kHeadBytes - kSaltBytes), purpose);
  const std::string head = sealed;
  aes256_gcm_seal(message.key(), message.nonce(), head, associated, plaintext, sealed);
  return sealed;
}

std::optional<std::string> SecretBox::open(std::string_view purpose, std::string_view associated,
                                           std::string_view sealed) const {
  const auto keys = keyring();
  const NamedKey* key = keys->find(key_id_of(sealed));
  if (key == nullptr) return std::nullopt;
  const std::string_view head = sealed.substr(0, kHeadBytes);
  const MessageKey message(*key, head.substr(kHeadBytes - kSaltBytes), purpose);
  return aes256_gcm_open(message.key(), message.nonce(), head, associated, sealed.substr(kHeadBytes));
}

std::string SecretBox::current_key_id() const { return keyring()->current().id; }

bool SecretBox::needs_reseal(std::string_view sealed) const { return key_id_of(sealed) != keyring()->current().id; }

void SecretBox::replace(Keyring keyring) {
  auto fresh = std::make_shared<const Keyring>(std::move(keyring));
  const std::lock_guard lock(mutex_);
  keyring_.swap(fresh);
}

std::shared_ptr<const Keyring> SecretBox::keyring() const {
  const std::lock_guard lock(mutex_);
  return keyring_;
}

}  // namespace symbolon::crypto
