#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace symbolon::store {

/// What stored documents were read as, so that one that every request needs is parsed once and copied from then on.
///
/// The text itself is the key, and reading is a function of nothing else: a changed document is another text, so nothing
/// here can be out of date, whoever wrote it. Bounded: starts anew when it is full, and texts above 16 KiB are read every
/// time. Not thread-safe; keep one for each thread.
template <class T>
class ParseMemo {
 public:
  /// What `parse(text)` gives, or gave. Valid until the next call. What `parse` throws, the caller sees.
  template <class Parse>
  const T& get(std::string_view text, Parse parse) {
    if (const auto found = parsed_.find(text); found != parsed_.end()) return found->second;
    T made = parse(text);
    if (text.size() > kLongest) return passing_.emplace(std::move(made));
    if (parsed_.size() >= kMost) parsed_.clear();
    return parsed_.emplace(std::string(text), std::move(made)).first->second;
  }

 private:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kLongest = 16 << 10;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, T, Hash, std::equal_to<>> parsed_;
  std::optional<T> passing_;  // what was last made of a text too long to keep
};

}  // namespace symbolon::store
