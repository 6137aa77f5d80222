#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/client.h"

namespace symbolon::store {

/// A registered origin and the key by which it is looked up: itself, or with `*` for the whole first label when that
/// label has a wildcard (login-runtime RU-2).
struct RegisteredOrigin {
  std::string key;
  std::string pattern;

  friend auto operator<=>(const RegisteredOrigin&, const RegisteredOrigin&) = default;
};

/// The http and https origins of callbacks, web and allowed origins; sorted, without repetition. Wildcards count for
/// first-party clients only.
std::vector<RegisteredOrigin> registered_origins(const model::Client& client);

/// The key under which a wildcard that matches `origin` would stand; nullopt when `origin` has no label to vary.
std::optional<std::string> wildcard_key(std::string_view origin);

/// Does `origin` equal `pattern`, or is it what the one `*` of its first label stands for?
bool matches_origin(std::string_view pattern, std::string_view origin);

}  // namespace symbolon::store
