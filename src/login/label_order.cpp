#include "login/label_order.h"

#include "base/text.h"

namespace symbolon::login {
namespace {

// Base letters of U+00C0 to U+017F; a dot keeps the character as it is.
constexpr std::string_view kLatin =
    "aaaaaaaceeeeiiii.nooooo.ouuuuy.saaaaaaaceeeeiiii.nooooo.ouuuuy.y"  // U+00C0
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"  // U+0100
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // U+0140
static_assert(kLatin.size() == 192);

}  // namespace

std::string label_order_key(std::string_view label) {
  std::string key;
  for (std::size_t i = 0; i < label.size(); ++i) {
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
