#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::http {

/// Header fields in order. Names are compared without regard to case (RFC 9110 §5.1).
class Headers {
 public:
  /// The first value, or an empty view.
  std::string_view get(std::string_view name) const;
  std::vector<std::string_view> get_all(std::string_view name) const;
  bool has(std::string_view name) const;
  /// Replaces every field of that name.
  void set(std::string_view name, std::string value);
  /// Adds one more field of that name (Set-Cookie).
  void add(std::string_view name, std::string value);
  /// Drops every field of that name.
  void remove(std::string_view name);

  const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// A token (RFC 9110 §5.6.2): what names of fields and cookies are made of.
bool is_token(std::string_view text);
/// No control character except tab, so that it cannot end its field and begin another.
bool is_field_value(std::string_view text);

}  // namespace symbolon::http
