#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "upstream/effective_settings.h"

namespace symbolon::upstream {

/// Reads members of stored options. Absent, null and empty text all mean "not given" (management-api N-1). A member of
/// the wrong type or size is remembered as the error, the first one wins, and reads as not given.
class OptionReader {
 public:
  /// `path` stands before member names in errors: "options".
  OptionReader(const boost::json::object& object, std::string path) : object_(object), path_(std::move(path)) {}

  std::string text(std::string_view name, std::size_t max_bytes = 2083);
  /// An absolute http or https URL without user information and fragment. Plain http is refused where it matters: by
  /// the caller that saves, and by http::Client for every call.
  std::string url(std::string_view name);
  std::optional<bool> flag(std::string_view name);
  /// A list of texts; a single text counts as a list of one.
  std::vector<std::string> list(std::string_view name, std::size_t max_items, std::size_t max_bytes);
  /// Null when not given.
  const boost::json::object* section(std::string_view name);
  /// An object whose members are all text, in order.
  std::vector<std::pair<std::string, std::string>> table(std::string_view name, std::size_t max_items,
                                                         std::size_t max_bytes);
  template <class E>
  void choice(std::string_view name, E& value) {
    const std::string given = text(name, 64);
    if (!given.empty() && !from_text(given, value)) refuse(name, "has no such value: " + given);
  }

  void refuse(std::string_view name, std::string message);
  void refuse(SettingsError error);
  std::string path_of(std::string_view name) const { return path_ + "." + std::string(name); }
  const boost::json::object& object() const noexcept { return object_; }
  const std::optional<SettingsError>& error() const noexcept { return error_; }
  /// Takes over the error of a reader for an inner object.
  void adopt(const OptionReader& inner);

 private:
  const boost::json::value* find(std::string_view name) const;

  const boost::json::object& object_;
  std::string path_;
  std::optional<SettingsError> error_;
};

}  // namespace symbolon::upstream
