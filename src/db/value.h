#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/clock.h"
#include "base/id.h"

namespace symbolon::db {

struct Blob {
  std::string bytes;
};

/// One bound parameter. Instants are stored as epoch milliseconds, booleans as 0 or 1.
class Value {
 public:
  using Variant = std::variant<std::monostate, std::int64_t, std::string, Blob>;

  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  Value(std::int64_t number) : value_(number) {}
  Value(int number) : value_(std::int64_t{number}) {}
  Value(bool flag) : value_(std::int64_t{flag}) {}
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Blob blob) : value_(std::move(blob)) {}
  Value(Instant at) : value_(to_epoch_millis(at)) {}
  template <class Tag>
  Value(const Id<Tag>& id) : value_(id.str()) {}
  template <class T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }

  const Variant& get() const noexcept { return value_; }

 private:
  Variant value_;
};

}  // namespace symbolon::db
