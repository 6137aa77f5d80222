#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace symbolon {

/// Text that must not leak: cannot be printed, formatted or compared, and is wiped when it goes away.
/// Compare with crypto::constant_time_equal; `reveal()` marks every place where the text is really needed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = std::move(other.text_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  const std::string& reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = delete;

 private:
  void wipe() noexcept {
    volatile char* at = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) at[i] = 0;
    text_.clear();
  }

  std::string text_;
};

}  // namespace symbolon
