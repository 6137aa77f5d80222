#pragma once

#include <string>
#include <string_view>

namespace symbolon::json {

/// A JSON object put together as text, for members that are JSON text already and need not be read to be passed on.
class ObjectText {
 public:
  ObjectText() = default;
  /// Goes on behind the members of `object`, as our own serializer wrote it; it has none of those that are added.
  explicit ObjectText(std::string object);

  /// `value` is text to be quoted, in UTF-8.
  void add_string(std::string_view name, std::string_view value);
  void add_flag(std::string_view name, bool value) { add_json(name, value ? "true" : "false"); }
  /// `json` is one JSON value, as our own serializer wrote it.
  void add_json(std::string_view name, std::string_view json);

  /// The object; nothing may be added afterwards.
  std::string take();

 private:
  std::string text_ = "{";
};

/// Appends `text` to `out` as a JSON string.
void append_quoted(std::string& out, std::string_view text);

}  // namespace symbolon::json
