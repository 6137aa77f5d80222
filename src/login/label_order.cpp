#include "login/label_order.h"

#include <algorithm>

#include "base/text.h"

namespace symbolon::login {
namespace {

// Base letters of U+00C0 to U+017F; a dot keeps the character as it is.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiii.nooooo.ouuuuy.saaaaaaaceeeeiiii.nooooo.ouuuuy.y"  // U+00C0
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"  // U+0100
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // U+0140
static_assert(kLatin.size() == 192);

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

// The number that starts at `at`, so that 2 comes before 10: its length stands before its digits.
std::string number_key(std::string_view label, std::size_t& at) {
  std::size_t end = at;
  while (end < label.size() && is_digit(label[end])) ++end;
  std::string_view digits = label.substr(at, end - at);
  at = end;
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return std::string(1, static_cast<char>('0' + std::min<std::size_t>(digits.size(), 9))) + std::string(digits);
}

}  // namespace

std::string label_order_key(std::string_view label) {
  std::string key;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (is_digit(label[i])) {
      key += number_key(label, i);
      --i;
      continue;
    }
    const auto lead = static_cast<unsigned char>(label[i]);
    if (lead >= 0xC3 && lead <= 0xC5 && i + 1 < label.size()) {
      const std::size_t point = ((lead & 0x1Fu) << 6) | (static_cast<unsigned char>(label[i + 1]) & 0x3Fu);
      const char base = point >= 0xC0 && point < 0x180 ? kLatin[point - 0xC0] : '.';
      if (base != '.') {
        key.push_back(base);
        ++i;
        continue;
      }
    }
    key.push_back(label[i]);
  }
  // The name itself decides between those that differ in case and accents only.
  return to_lower_ascii(key) + '\0' + std::string(label);
}

}  // namespace symbolon::login
