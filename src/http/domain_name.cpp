#include "http/domain_name.h"

#include <idn2.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace symbolon::http {
namespace {

constexpr std::size_t kMaxLabel = 63, kMaxName = 253;

// RFC 952 and RFC 1123 §2.1: letters, digits and inner hyphens.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && !label.starts_with('-') && !label.ends_with('-') &&
         std::ranges::all_of(
             label, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_host_name(std::string_view name) {
  if (name.size() > kMaxName) return false;
  for (std::size_t start = 0;;) {
    const std::size_t end = std::min(name.find('.', start), name.size());
    if (!is_label(name.substr(start, end - start))) return false;
    if (end == name.size()) return true;
    start = end + 1;
  }
}

// UTS #46, non-transitional. IDN2_USE_STD3_ASCII_RULES is not asked for: the library would leave out what those rules
// forbid, and "ü_x" would become another's "üx"; the result is judged instead.
std::optional<std::string> look_up(const std::string& name) {
  std::uint8_t* found = nullptr;
  const int error =
      idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(name.c_str()), &found, IDN2_NONTRANSITIONAL);
  const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(found, idn2_free);
  if (error != IDN2_OK) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(found));
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view domain) {
  // The library reads up to the first NUL.
  if (domain.size() > 4 * kMaxName || domain.contains('\0')) return std::nullopt;
  const bool ascii = count_code_points(domain) == domain.size();
  auto name = ascii ? to_lower_ascii(domain) : look_up(std::string(domain));
  if (!name || !is_host_name(*name)) return std::nullopt;
  return name;
}

}  // namespace symbolon::http
