#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// A point in time, UTC. Milliseconds, because the Management API shows them (spec management-api W-9).
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where use cases get the time from; read once per call, so that a test can hold it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const override;
};

/// Seconds since the epoch, rounded down: the form of `iat`, `exp` and `auth_time` (RFC 7519 §2).
inline std::int64_t to_epoch_seconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}
inline Instant from_epoch_seconds(std::int64_t seconds) { return Instant(std::chrono::seconds(seconds)); }
inline std::int64_t to_epoch_millis(Instant at) { return at.time_since_epoch().count(); }
inline Instant from_epoch_millis(std::int64_t millis) { return Instant(std::chrono::milliseconds(millis)); }

/// `2026-08-20T10:11:12.345Z`
std::string to_iso8601(Instant at);
/// Reads what to_iso8601() writes, and the other forms of RFC 3339 §5.6: no fraction or a longer one (cut to
/// milliseconds), a numeric offset. nullopt for anything else and for days that no calendar has.
std::optional<Instant> from_iso8601(std::string_view text);

}  // namespace symbolon
