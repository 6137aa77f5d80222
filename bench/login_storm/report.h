#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "login_storm/options.h"
#include "login_storm/tally.h"
#include "login_storm/usage.h"

namespace symbolon::bench {

/// The result of one run. Everything is about the counted time only, without the warm-up.
struct Report {
  Tally tally;
  std::chrono::nanoseconds elapsed{};
  std::optional<Usage> server;                           ///< CPU: growth; memory: at the end
  std::vector<std::pair<std::string, double>> counters;  ///< growth of each --stats-path
  std::chrono::nanoseconds driver_cpu{};                 ///< of the thread that plays browsers and applications
  std::chrono::nanoseconds stub_cpu{};                   ///< of the thread that plays the provider
  std::uint64_t stub_signatures = 0;
  std::vector<std::string> notes;  ///< what could not be measured, and why

  double per_second() const;
  /// A sum over the run divided by the successful logins; 0 when there were none.
  double per_login(double sum) const;
};

boost::json::object to_json(const Report& report, const Options& options);
std::string to_text(const Report& report, const Options& options);

}  // namespace symbolon::bench
