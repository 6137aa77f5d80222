#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace symbolon::store {

/// What stored documents were read as, so that one that every request needs is parsed once and copied from then on.
///
/// The text itself is the key, and reading is a function of nothing else: a changed document is another text, so nothing
/// here can be out of date, whoever wrote it. Bounded: starts anew when it holds 64 texts or 512 KiB of them, and texts
/// above 64 KiB are read every time. Not thread-safe; keep one for each thread.
template <class T>
class ParseMemo {
 public:
  /// What `parse(text)` gives, or gave. Valid until the next call. What `parse` throws, the caller sees.
  template <class Parse>
  const T& get(std::string_view text, Parse parse) {
    if (const auto found = parsed_.find(text); found != parsed_.end()) return found->second;
    T made = parse(text);
    if (text.size() > kLongest) return passing_.emplace(std::move(made));
    if (parsed_.size() >= kMost || bytes_ + text.size() > kMostBytes) {
      parsed_.clear();
      bytes_ = 0;
    }
    bytes_ += text.size();
    return parsed_.emplace(std::string(text), std::move(made)).first->second;
  }

 private:
  static constexpr std::size_t kMost = 64;
  static constexpr std::size_t kMostBytes = std::size_t{512} << 10;
  // The longest that many requests need is the Management API with its scopes, some 20 KiB.
  static constexpr std::size_t kLongest = std::size_t{64} << 10;

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, T, Hash, std::equal_to<>> parsed_;
  std::size_t bytes_ = 0;
  std::optional<T> passing_;  // what was last made of a text too long to keep
};

}  // namespace symbolon::store
