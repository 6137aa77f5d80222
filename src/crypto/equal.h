#pragma once

#include <string_view>

namespace symbolon {
class Secret;
}

namespace symbolon::crypto {

/// The only comparison for secrets, codes, nonces and signatures: its time depends on the lengths alone.
[[nodiscard]] bool constant_time_equal(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] bool constant_time_equal(const Secret& a, const Secret& b) noexcept;
[[nodiscard]] bool constant_time_equal(const Secret& a, std::string_view b) noexcept;

}  // namespace symbolon::crypto
