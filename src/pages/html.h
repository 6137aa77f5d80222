#pragma once

#include <string>
#include <string_view>

namespace symbolon::pages {

/// Literal markup. The constructor is consteval, so nothing that came from outside can become markup: it reaches a page
/// as a string, which Html escapes.
class Markup {
 public:
  template <std::size_t N>
  consteval Markup(const char (&text)[N]) : text_(text, N - 1) {}
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

/// A document under construction. `<<` of markup appends it; `<<` of a string appends it escaped for text and for
/// double-quoted attributes alike.
class Html {
 public:
  Html& operator<<(Markup markup) {
    out_ += markup.text();
    return *this;
  }
  Html& operator<<(std::string_view text);
  Html& operator<<(const std::string& text) { return *this << std::string_view(text); }
  /// A finished piece of another Html.
  Html& operator<<(const Html& part) {
    out_ += part.out_;
    return *this;
  }
  bool empty() const { return out_.empty(); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace symbolon::pages
