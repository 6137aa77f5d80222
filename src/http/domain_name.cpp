#include "http/domain_name.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/text.h"

namespace symbolon::http {
namespace {

constexpr std::size_t kMaxLabel = 63, kMaxName = 253;

// RFC 3492 §5.
constexpr std::uint32_t kBase = 36, kTMin = 1, kTMax = 26, kSkew = 38, kDamp = 700, kInitialBias = 72, kInitialN = 128;

std::u32string code_points(std::string_view utf8) {
  std::u32string out;
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) point = (point << 6) | (static_cast<unsigned char>(utf8[i + k]) & 0x3Fu);
    out.push_back(point);
    i += length;
  }
  return out;
}

// Capitals of the Latin, Greek and Cyrillic blocks that names are written in; other scripts have none or stay as typed.
char32_t lower(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c >= 0x100 && c <= 0x137) return c | 1;
  if (c >= 0x14A && c <= 0x177) return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return (c % 2 == 1) ? c + 1 : c;
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  return c;
}

std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > ((kBase - kTMin) * kTMax) / 2; k += kBase) delta /= kBase - kTMin;
  return k + (kBase - kTMin + 1) * delta / (delta + kSkew);
}

char digit(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

// A label has at most 63 characters of ASCII in the end, so that nothing here can overflow.
std::string punycode(const std::u32string& label) {
  std::string out;
  for (const char32_t c : label)
    if (c < 0x80) out.push_back(static_cast<char>(c));
  const auto basic = static_cast<std::uint32_t>(out.size());
  std::uint32_t handled = basic, n = kInitialN, delta = 0, bias = kInitialBias;
  if (basic > 0) out.push_back('-');
  while (handled < label.size()) {
    std::uint32_t next = std::numeric_limits<std::uint32_t>::max();
    for (const char32_t c : label)
      if (c >= n) next = std::min<std::uint32_t>(next, c);
    delta += (next - n) * (handled + 1);
    n = next;
    for (const char32_t c : label) {
      if (c < n) ++delta;
      if (c != n) continue;
      std::uint32_t q = delta;
      for (std::uint32_t k = kBase;; k += kBase) {
        const std::uint32_t t = k <= bias ? kTMin : k >= bias + kTMax ? kTMax : k - bias;
        if (q < t) break;
        out.push_back(digit(t + (q - t) % (kBase - t)));
        q = (q - t) / (kBase - t);
      }
      out.push_back(digit(q));
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++n;
  }
  return out;
}

std::optional<std::string> to_a_label(std::string_view label) {
  if (label.empty() || label.size() > 4 * kMaxLabel) return std::nullopt;
  std::u32string points = code_points(label);
  std::ranges::transform(points, points.begin(), lower);
  const bool ascii = std::ranges::all_of(points, [](char32_t c) { return c < 0x80; });
  if (points.size() > kMaxLabel) return std::nullopt;
  for (const char32_t c : points)
    if (c < 0x80 && c != U'-' && !(c >= U'a' && c <= U'z') && !(c >= U'0' && c <= U'9')) return std::nullopt;
  std::string out = ascii ? std::string(points.begin(), points.end()) : "xn--" + punycode(points);
  if (out.size() > kMaxLabel || out.front() == '-' || out.back() == '-') return std::nullopt;
  return out;
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view domain) {
  if (domain.empty() || domain.size() > 4 * kMaxName || !count_code_points(domain)) return std::nullopt;
  std::string out;
  for (std::size_t start = 0; start <= domain.size();) {
    const std::size_t end = std::min(domain.find('.', start), domain.size());
    const auto label = to_a_label(domain.substr(start, end - start));
    if (!label) return std::nullopt;
    if (!out.empty()) out.push_back('.');
    out += *label;
    start = end + 1;
  }
  if (out.size() > kMaxName) return std::nullopt;
  return out;
}

}  // namespace symbolon::http
