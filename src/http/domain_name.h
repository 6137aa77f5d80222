#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::http {

/// A DNS name as it is looked up: lower case, labels outside ASCII as `xn--` (RFC 3492). Nullopt for what is no name:
/// empty or long labels, foreign characters, bad UTF-8, more than 253 characters.
std::optional<std::string> to_a_labels(std::string_view domain);

}  // namespace symbolon::http
