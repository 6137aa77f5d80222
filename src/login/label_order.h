#pragma once

#include <string>
#include <string_view>

namespace symbolon::login {

/// A key by which names of people's companies sort as readers of English and French expect: case and accents count only
/// where everything else is equal. For valid UTF-8; other bytes sort by value.
std::string label_order_key(std::string_view label);

}  // namespace symbolon::login
