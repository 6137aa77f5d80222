#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace symbolon::upstream {

/// Longest template, deepest path, and how much one mapping may produce in all (login-runtime RP-72).
inline constexpr std::size_t kMaxTemplateBytes = 8 * 1024;
inline constexpr std::size_t kMaxTemplateDepth = 16;
inline constexpr std::size_t kMaxMappingBytes = 100 * 1024;

/// More came out of a mapping than kMaxMappingBytes.
struct MappingTooLarge {};

/// A string of an attribute map: literal text with `${context.…}` references (login-runtime RP-72). Looks values up and
/// nothing else: no functions, no recursion; parsing and expanding take linear time.
class MappingTemplate {
 public:
  /// What a reference names, without `context`: {"tokenset", "email"}.
  using Path = std::vector<std::string>;

  /// The error is a sentence for the person who wrote the template.
  static std::expected<MappingTemplate, std::string> parse(std::string_view text);

  /// Whether a reference reads `context.userinfo`.
  bool reads_userinfo() const;

  /// The value in `context`, an object with connection, tokenset and userinfo. A template that is exactly one reference
  /// keeps the JSON type and is nullopt when there is no such member or it is null; in mixed text such a reference is
  /// empty. Subtracts what it produced from `budget`.
  std::expected<std::optional<boost::json::value>, MappingTooLarge> expand(const boost::json::object& context,
                                                                           std::size_t& budget) const;

 private:
  std::vector<std::variant<std::string, Path>> parts_;
};

}  // namespace symbolon::upstream
