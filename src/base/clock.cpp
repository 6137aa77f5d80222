#include "base/clock.h"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon {
namespace {

// Takes exactly `digits` digits off the front of `text`, and `after` behind them unless it is 0.
bool take_number(std::string_view& text, std::size_t digits, char after, int& out) {
  const std::size_t length = digits + (after == 0 ? 0 : 1);
  if (text.size() < length) return false;
  out = 0;
  for (const char digit : text.substr(0, digits)) {
    if (digit < '0' || digit > '9') return false;
    out = out * 10 + (digit - '0');
  }
  if (after != 0 && text[digits] != after) return false;
  text.remove_prefix(length);
  return true;
}

bool take_fraction(std::string_view& text, std::chrono::milliseconds& out) {
  if (!text.starts_with('.')) return true;
  text.remove_prefix(1);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) return false;
  std::string millis(text.substr(0, std::min<std::size_t>(digits, 3)));
  millis.resize(3, '0');
  out = std::chrono::milliseconds(std::stoi(millis));
  text.remove_prefix(digits);
  return true;
}

bool take_offset(std::string_view text, std::chrono::minutes& out) {
  if (text == "Z" || text == "z") return true;
  if (!text.starts_with('+') && !text.starts_with('-')) return false;
  const bool behind = text.front() == '-';
  text.remove_prefix(1);
  int hours = 0, minutes = 0;
  if (!take_number(text, 2, ':', hours) || !take_number(text, 2, 0, minutes)) return false;
  if (!text.empty() || hours > 23 || minutes > 59) return false;
  out = std::chrono::minutes(hours * 60 + minutes) * (behind ? -1 : 1);
  return true;
}

}  // namespace

Instant SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                     time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

std::optional<Instant> from_iso8601(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!take_number(text, 4, '-', year) || !take_number(text, 2, '-', month) || !take_number(text, 2, 0, day)) return {};
  if (!text.starts_with('T') && !text.starts_with('t')) return {};
  text.remove_prefix(1);
  if (!take_number(text, 2, ':', hour) || !take_number(text, 2, ':', minute) || !take_number(text, 2, 0, second))
    return {};
  std::chrono::milliseconds fraction{0};
  std::chrono::minutes offset{0};
  if (!take_fraction(text, fraction) || !take_offset(text, offset)) return {};

  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return {};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction - offset;
}

}  // namespace symbolon
