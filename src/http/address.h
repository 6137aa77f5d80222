#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/egress.h"

namespace symbolon::http {

/// An IPv4 or IPv6 address. An IPv4 address written as IPv6 (`::ffff:1.2.3.4`) is kept as the IPv4 address that
/// packets would go to, so no rule can be avoided by another spelling.
class Address {
 public:
  static Address v4(std::array<std::uint8_t, 4> bytes);
  static Address v6(std::array<std::uint8_t, 16> bytes);

  bool is_v4() const noexcept { return is_v4_; }
  bool is_loopback() const noexcept;
  /// 4 or 16 bytes in network order.
  std::span<const std::uint8_t> bytes() const noexcept { return {bytes_.data(), is_v4_ ? 4u : 16u}; }

  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  bool is_v4_ = true;
  std::array<std::uint8_t, 16> bytes_{};
};

/// Strict: four decimal numbers without leading zeros, or RFC 4291 §2.2 without brackets and zone. The shorthand forms
/// that inet_aton() takes (`2130706433`, `0177.0.0.1`, `127.1`) are refused.
std::optional<Address> parse_address(std::string_view text);

/// Dotted quad, or RFC 5952 form.
std::string to_string(const Address& address);

/// A CIDR block.
struct Network {
  Address base;
  unsigned prefix = 0;

  bool contains(const Address& address) const noexcept;
};

/// `10.0.0.0/8`; a bare address is a block of one. nullopt also when bits beyond the prefix are set: that is a slip
/// that would permit more than was meant.
std::optional<Network> parse_network(std::string_view text);

/// True for addresses of the public internet only (login-runtime SEC-40). Refuses every special-purpose block of
/// RFC 6890 and cloud metadata addresses; addresses that carry an IPv4 address (6to4, Teredo, NAT64) are judged by it.
bool is_public(const Address& address);

/// Whether a call under `policy` may connect to `address`.
bool permits(const EgressPolicy& policy, const Address& address);

}  // namespace symbolon::http
