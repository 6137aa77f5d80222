#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "login_storm/failure.h"
#include "login_storm/histogram.h"

namespace symbolon::bench {

enum class Step : std::size_t {
  authorize,       ///< at the broker, until it sends the browser to the provider
  upstream,        ///< at the stub provider, as the browser sees it
  callback,        ///< at the broker, until it sends the browser back to the client
  callback_alone,  ///< the same without the stub's work on the code
  token,           ///< the client's own request
  whole,           ///< all of it; with --rate counted from the moment the start was due
};
constexpr std::size_t kSteps = 6;
std::string_view to_string(Step step);

/// How long each step of one login took, as far as it had that step.
class Times {
 public:
  void set(Step step, std::chrono::nanoseconds time) { times_[static_cast<std::size_t>(step)] = time; }
  const std::optional<std::chrono::nanoseconds>& at(std::size_t step) const { return times_[step]; }

 private:
  std::array<std::optional<std::chrono::nanoseconds>, kSteps> times_;
};

struct Outcome {
  Times times;
  std::optional<Failure> failure;
};

/// What the counted logins came to.
class Tally {
 public:
  /// A failed login counts by its kind only; its times would mix with those of whole ones.
  void add(const Outcome& outcome);

  struct Kind {
    std::uint64_t count = 0;
    std::string detail;  ///< of the first one
  };
  std::uint64_t succeeded() const { return succeeded_; }
  std::uint64_t failed() const { return failed_; }
  const std::map<std::string, Kind>& failures() const { return failures_; }
  const Histogram& at(Step step) const { return steps_[static_cast<std::size_t>(step)]; }

 private:
  std::array<Histogram, kSteps> steps_;
  std::map<std::string, Kind> failures_;
  std::uint64_t succeeded_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace symbolon::bench
