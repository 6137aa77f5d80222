#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::login {

/// Sealed values of one kind that a browser keeps for us, each in a cookie named after its id; large ones are split over
/// numbered cookies (design §2 rule 1).
class SealedCookies {
 public:
  /// At most this much for each browser; the oldest go first.
  struct Room {
    std::size_t values = 8;
    std::size_t bytes = 40 * 1024;
  };
  /// When a value was made; the epoch for one that cannot be opened, which then goes first.
  using Age = std::function<Instant(const std::string& id, const std::string& sealed)>;

  constexpr SealedCookies(std::string_view prefix, Room room) : prefix_(prefix), room_(room) {}

  /// Adds the cookies of `id` to `response`, replacing what the browser has under that id.
  void keep(http::Response& response, const http::Request& request, const std::string& id, const std::string& sealed,
            std::chrono::seconds max_age, const Age& age) const;
  std::optional<std::string> find(const http::Request& request, const std::string& id) const;
  void forget(http::Response& response, const http::Request& request, const std::string& id) const;

  /// How many bytes of cookies `sealed` becomes.
  static std::size_t cookie_bytes(const std::string& sealed);

 private:
  std::string_view prefix_;
  Room room_;
};

}  // namespace symbolon::login
