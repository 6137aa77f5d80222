#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace symbolon::http {

/// A host name as it is looked up: lower case, labels outside ASCII mapped and encoded as UTS #46 says (non-transitional:
/// ß stays). Nullopt for what is no name: empty or long labels, characters that names do not have (RFC 5892: emoji, for
/// one), mixed directions (RFC 5893), bad UTF-8, more than 253 characters. A name in ASCII is not decoded: `xn--` labels
/// are taken as they are, whatever they stand for.
std::optional<std::string> to_a_labels(std::string_view domain);

}  // namespace symbolon::http
