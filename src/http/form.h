#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::http {

enum class FormError {
  malformed,   ///< a bad percent escape, or a NUL, or text that is not UTF-8
  repeated,    ///< a name given twice where that is refused (RFC 6749 §3.1)
  too_many,    ///< more than kMaxParameters
};

/// Parameters of a query string or of an application/x-www-form-urlencoded body, in order.
/// An empty value counts as absent (RFC 6749 §3.1).
class Form {
 public:
  static constexpr std::size_t kMaxParameters = 256;

  /// Refuses a name given twice, except the names in `repeatable`.
  static std::expected<Form, FormError> parse(std::string_view text, const std::vector<std::string>& repeatable = {});
  /// Keeps repeated names; for list parameters of the Management API.
  static std::expected<Form, FormError> parse_lenient(std::string_view text);

  /// The first non-empty value; an empty string when absent.
  std::string get(std::string_view name) const;
  std::optional<std::string> find(std::string_view name) const;
  std::vector<std::string> get_all(std::string_view name) const;
  bool has(std::string_view name) const;
  /// True also for `name` or `name=`: presence switches such as `federated`.
  bool mentions(std::string_view name) const;
  void add(std::string name, std::string value);

  const std::vector<std::pair<std::string, std::string>>& all() const noexcept { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

/// The first name given twice, for the error text; nullopt when `text` has none or is malformed.
std::optional<std::string> find_repeated(std::string_view text);

/// `name=value&…`, percent-encoded so that every form decoder reads the same bytes.
std::string encode_form(const std::vector<std::pair<std::string, std::string>>& fields);

std::string percent_encode(std::string_view text);
/// Decodes %XX once and leaves '+' alone: for path parts. nullopt for a bad escape, a NUL, or what is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace symbolon::http
