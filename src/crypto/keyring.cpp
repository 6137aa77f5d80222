#include "crypto/keyring.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "crypto/aead.h"

namespace symbolon::crypto {
namespace {

bool is_key_id(std::string_view id) {
  return id.size() == kKeyIdLength && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

NamedKey generate_key(Random& random) {
  std::string bytes(kAeadKeyBytes, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return {random_hex(random, kKeyIdLength / 2), Secret(std::move(bytes))};
}

}  // namespace

Keyring::Keyring(std::vector<NamedKey> keys) : keys_(std::move(keys)) {
  if (keys_.empty()) throw std::invalid_argument("a keyring needs at least one key");
  for (auto key = keys_.begin(); key != keys_.end(); ++key) {
    if (!is_key_id(key->id)) throw std::invalid_argument("key id \"" + key->id + "\" is not 8 hexadecimal digits");
    if (key->bytes.reveal().size() != kAeadKeyBytes)
      throw std::invalid_argument("key " + key->id + " is not 32 bytes long");
    if (std::any_of(keys_.begin(), key, [&](const NamedKey& earlier) { return earlier.id == key->id; }))
      throw std::invalid_argument("key id " + key->id + " occurs twice");
  }
}

Keyring Keyring::generate(Random& random) {
  std::vector<NamedKey> keys;
  keys.push_back(generate_key(random));
  return Keyring(std::move(keys));
}

const NamedKey* Keyring::find(std::string_view id) const noexcept {
  const auto found = std::ranges::find(keys_, id, &NamedKey::id);
  return found == keys_.end() ? nullptr : &*found;
}

Keyring Keyring::rotated(Random& random) const {
  NamedKey fresh = generate_key(random);
  while (find(fresh.id) != nullptr) fresh = generate_key(random);
  std::vector<NamedKey> keys;
  keys.push_back(std::move(fresh));
  keys.insert(keys.end(), keys_.begin(), keys_.end());
  return Keyring(std::move(keys));
}

Keyring Keyring::without(std::string_view id) const {
  if (current().id == id) throw std::invalid_argument("the current key cannot be dropped; rotate first");
  std::vector<NamedKey> keys = keys_;
  std::erase_if(keys, [&](const NamedKey& key) { return key.id == id; });
  return Keyring(std::move(keys));
}

}  // namespace symbolon::crypto
