#include "jose/key_set.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "json/parse.h"
#include "json/read.h"

namespace symbolon::jose {
namespace {

bool may_have_made(const Jwk& key, const std::optional<std::string>& kid, crypto::SignatureAlgorithm algorithm) {
  if (kid && key.kid != kid) return false;
  return crypto::fits(algorithm, key.key.type()) && key.algorithm.value_or(algorithm) == algorithm;
}

std::string kid_of(const boost::json::value& key) {
  const boost::json::object* object = key.if_object();
  return object ? json::find_string(*object, "kid").value_or("") : std::string();
}

std::expected<Jwk, JwkError> read(const boost::json::value& key) {
  const boost::json::object* object = key.if_object();
  if (object == nullptr) return std::unexpected(JwkError::malformed);
  return parse_jwk(*object);
}

}  // namespace

std::string_view to_string(KeySetError error) {
  switch (error) {
    case KeySetError::too_long:
      return "key set longer than 512 KiB";
    case KeySetError::not_json:
      return "key set is not valid JSON";
    case KeySetError::no_keys:
      return "key set has no array of keys";
    case KeySetError::too_many_keys:
      return "key set has more than 100 keys";
  }
  throw std::logic_error("KeySetError outside its enumerators");
}

KeySet::KeySet(std::vector<Jwk> keys) : content_(std::make_shared<const Content>(Content{std::move(keys), {}})) {}

std::expected<KeySet, KeySetError> KeySet::parse(std::string_view text) {
  if (text.size() > kMaxKeySetBytes) return std::unexpected(KeySetError::too_long);
  const auto document = json::parse(text, {.bytes = kMaxKeySetBytes});
  if (!document) return std::unexpected(KeySetError::not_json);
  const boost::json::object* object = document->if_object();
  const boost::json::array* array = object ? json::find_array(*object, "keys") : nullptr;
  if (array == nullptr) return std::unexpected(KeySetError::no_keys);
  if (array->size() > kMaxKeys) return std::unexpected(KeySetError::too_many_keys);

  Content content;
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto key = read((*array)[i]);
    if (key) {
      content.keys.push_back(std::move(*key));
    } else {
      content.ignored.push_back({i, kid_of((*array)[i]), key.error()});
    }
  }
  return KeySet(std::make_shared<const Content>(std::move(content)));
}

std::vector<const Jwk*> KeySet::candidates(const std::optional<std::string>& kid,
                                           crypto::SignatureAlgorithm algorithm) const {
  std::vector<const Jwk*> found;
  for (const Jwk& key : keys()) {
    if (!may_have_made(key, kid, algorithm)) continue;
    found.push_back(&key);
    if (found.size() == kMaxCandidates) break;
  }
  return found;
}

}  // namespace symbolon::jose
