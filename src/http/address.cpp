#include "http/address.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace symbolon::http {
namespace {

using Bytes4 = std::array<std::uint8_t, 4>;
using Bytes16 = std::array<std::uint8_t, 16>;
using Span = std::span<const std::uint8_t>;

std::optional<unsigned> parse_decimal(std::string_view text, unsigned greatest) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value > greatest) return std::nullopt;
  return value;
}

std::optional<Bytes4> parse_v4(std::string_view text) {
  Bytes4 bytes{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto end = i < 3 ? text.find('.') : text.size();
    if (end == std::string_view::npos) return std::nullopt;
    const auto number = parse_decimal(text.substr(0, end), 255);
    if (!number) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return bytes;
}

std::optional<unsigned> parse_group(std::string_view text) {
  unsigned value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Groups between ':' as bytes; the last may be a dotted quad. nullopt for an empty group.
std::optional<std::vector<std::uint8_t>> parse_groups(std::string_view text, bool may_end_in_v4) {
  std::vector<std::uint8_t> bytes;
  while (!text.empty()) {
    const auto end = text.find(':');
    const auto part = text.substr(0, end);
    if (end == std::string_view::npos && may_end_in_v4 && part.contains('.')) {
      const auto v4 = parse_v4(part);
      if (!v4) return std::nullopt;
      bytes.insert(bytes.end(), v4->begin(), v4->end());
      return bytes;
    }
    const auto group = parse_group(part);
    if (!group || bytes.size() == 16) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*group >> 8));
    bytes.push_back(static_cast<std::uint8_t>(*group & 255));
    if (end == std::string_view::npos) return bytes;
    text.remove_prefix(end + 1);
    if (text.empty()) return std::nullopt;
  }
  return bytes;
}

std::optional<Bytes16> parse_v6(std::string_view text) {
  Bytes16 out{};
  const auto gap = text.find("::");
  if (gap == std::string_view::npos) {
    const auto all = parse_groups(text, true);
    if (!all || all->size() != 16) return std::nullopt;
    std::ranges::copy(*all, out.begin());
    return out;
  }
  const auto head = parse_groups(text.substr(0, gap), false);
  const auto tail = parse_groups(text.substr(gap + 2), true);
  // "::" stands for at least one group (RFC 4291 §2.2); a second "::" is an empty group.
  if (!head || !tail || head->size() + tail->size() > 14) return std::nullopt;
  std::ranges::copy(*head, out.begin());
  std::ranges::copy(*tail, out.end() - static_cast<std::ptrdiff_t>(tail->size()));
  return out;
}

bool has_prefix(Span bytes, Span base, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::ranges::equal(bytes.first(whole), base.first(whole))) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((bytes[whole] ^ base[whole]) >> (8 - rest)) == 0;
}

template <std::size_t N>
struct Block {
  std::array<std::uint8_t, N> base;
  unsigned prefix;
};

// RFC 6890 and its successors at IANA, plus multicast and class E.
constexpr Block<4> kSpecialV4[] = {
    {{0, 0, 0, 0}, 8},         // "this network", the unspecified address
    {{10, 0, 0, 0}, 8},        // private
    {{100, 64, 0, 0}, 10},     // carrier-grade NAT; Alibaba's metadata 100.100.100.200
    {{127, 0, 0, 0}, 8},       // loopback
    {{168, 63, 129, 16}, 32},  // Azure's platform endpoint, public by number only
    {{169, 254, 0, 0}, 16},    // link-local; metadata of most clouds
    {{172, 16, 0, 0}, 12},     // private
    {{192, 0, 0, 0}, 24},      // protocol assignments; Oracle's metadata
    {{192, 0, 2, 0}, 24},      // documentation
    {{192, 88, 99, 0}, 24},    // 6to4 relays, withdrawn
    {{192, 168, 0, 0}, 16},    // private
    {{198, 18, 0, 0}, 15},     // benchmarking
    {{198, 51, 100, 0}, 24},   // documentation
    {{203, 0, 113, 0}, 24},    // documentation
    {{224, 0, 0, 0}, 4},       // multicast
    {{240, 0, 0, 0}, 4},       // reserved, broadcast
};

// Inside 2000::/3, the only block of global unicast addresses. Teredo and 6to4 are looked into before this list.
constexpr Block<16> kSpecialV6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments: benchmarking, ORCHID, AS112
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff}, 20},              // documentation
};

bool is_public_v4(Bytes4 bytes) {
  return std::ranges::none_of(kSpecialV4,
                              [&](const auto& block) { return has_prefix(bytes, block.base, block.prefix); });
}

Bytes4 v4_at(Span bytes, std::size_t at, std::uint8_t mask = 0) {
  Bytes4 out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = bytes[at + i] ^ mask;
  return out;
}

bool is_public_v6(Span bytes) {
  static constexpr Bytes16 kNat64 = {0x00, 0x64, 0xff, 0x9b};   // RFC 6052
  static constexpr Bytes16 kTeredo = {0x20, 0x01, 0x00, 0x00};  // RFC 4380; the client's address is inverted
  static constexpr Bytes16 k6to4 = {0x20, 0x02};                // RFC 3056
  static constexpr Bytes16 kGlobalUnicast = {0x20};
  if (has_prefix(bytes, kNat64, 96)) return is_public_v4(v4_at(bytes, 12));
  if (has_prefix(bytes, kTeredo, 32)) return is_public_v4(v4_at(bytes, 4)) && is_public_v4(v4_at(bytes, 12, 0xff));
  if (has_prefix(bytes, k6to4, 16)) return is_public_v4(v4_at(bytes, 2));
  return has_prefix(bytes, kGlobalUnicast, 3) && std::ranges::none_of(kSpecialV6, [&](const auto& block) {
           return has_prefix(bytes, block.base, block.prefix);
         });
}

std::string v4_text(Span bytes) {
  std::string out;
  for (std::size_t i = 0; i < 4; ++i) out += (i > 0 ? "." : "") + std::to_string(bytes[i]);
  return out;
}

// RFC 5952: lower case, no leading zeros, the first longest run of at least two zero groups becomes "::".
std::string v6_text(Span bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = bytes[2 * i] * 256u + bytes[2 * i + 1];
  std::size_t gap = 8, gap_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t run = 0;
    while (i + run < 8 && groups[i + run] == 0) ++run;
    if (run > gap_length) gap = i, gap_length = run;
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      out += "::";
      i += gap_length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out.push_back(':');
    char digits[4];
    out.append(digits, std::to_chars(digits, digits + 4, groups[i], 16).ptr);
  }
  return out;
}

}  // namespace

Address Address::v4(Bytes4 bytes) {
  Address address;
  std::ranges::copy(bytes, address.bytes_.begin());
  return address;
}

Address Address::v6(Bytes16 bytes) {
  static constexpr Bytes16 kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (has_prefix(bytes, kMapped, 96)) return v4(v4_at(bytes, 12));
  Address address;
  address.is_v4_ = false;
  address.bytes_ = bytes;
  return address;
}

bool Address::is_loopback() const noexcept {
  static constexpr Bytes16 kLoopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return is_v4_ ? bytes_[0] == 127 : bytes_ == kLoopback;
}

std::optional<Address> parse_address(std::string_view text) {
  if (text.contains(':')) {
    const auto bytes = parse_v6(text);
    return bytes ? std::optional(Address::v6(*bytes)) : std::nullopt;
  }
  const auto bytes = parse_v4(text);
  return bytes ? std::optional(Address::v4(*bytes)) : std::nullopt;
}

std::string to_string(const Address& address) {
  return address.is_v4() ? v4_text(address.bytes()) : v6_text(address.bytes());
}

bool Network::contains(const Address& address) const noexcept {
  return address.is_v4() == base.is_v4() && has_prefix(address.bytes(), base.bytes(), prefix);
}

std::optional<Network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = parse_address(text.substr(0, slash));
  if (!base) return std::nullopt;
  const auto bits = static_cast<unsigned>(base->bytes().size() * 8);
  if (slash == std::string_view::npos) return Network{*base, bits};

  const auto prefix = parse_decimal(text.substr(slash + 1), bits);
  if (!prefix) return std::nullopt;
  for (unsigned bit = *prefix; bit < bits; ++bit)
    if ((base->bytes()[bit / 8] >> (7 - bit % 8)) & 1) return std::nullopt;
  return Network{*base, *prefix};
}

bool is_public(const Address& address) {
  return address.is_v4() ? is_public_v4(v4_at(address.bytes(), 0)) : is_public_v6(address.bytes());
}

bool permits(const EgressPolicy& policy, const Address& address) {
  if (policy.allow_private || is_public(address)) return true;
  return std::ranges::any_of(policy.allowed_networks, [&](const std::string& text) {
    const auto network = parse_network(text);
    return network && network->contains(address);
  });
}

}  // namespace symbolon::http
