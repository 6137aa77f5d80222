#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <vector>

#include "login_storm/report.h"
#include "login_storm/schedule.h"
#include "login_storm/server_thread.h"
#include "login_storm/virtual_user.h"

namespace symbolon::bench {

/// One run of load: virtual users side by side on one thread, a warm-up, a counted time, and a drain.
class Storm {
 public:
  /// Resolves the broker's names; throws boost::system::system_error when one is unknown. All three outlive the storm.
  Storm(const Options& options, StubProvider& stub, ServerThread& stub_thread);

  /// Runs to the end on the calling thread. To be called once.
  Report run();

 private:
  using Moment = Schedule::Moment;
  struct Meters {
    Moment at;
    std::optional<Usage> server;
    std::vector<double> counters;
    std::chrono::nanoseconds driver_cpu{}, stub_cpu{};
    std::uint64_t signatures = 0;
  };
  Task<> conduct();
  void release_users();
  Task<> use(unsigned number);
  Task<bool> prepare(VirtualUser* user);
  Task<> repeat(VirtualUser* user);
  Task<> sleep_until(Moment moment);
  Task<> wait_for_users();
  Task<Meters> read_meters();
  void compare(const Meters& before, const Meters& after);

  const Options& options_;
  StubProvider& stub_;
  ServerThread& stub_thread_;
  SystemClock clock_;
  boost::asio::io_context context_{1};
  World world_;
  Schedule schedule_;
  boost::asio::steady_timer users_gone_;
  Report report_;
  unsigned users_ = 0;
  bool counting_ = false;
  bool stopping_ = false;
  std::uint64_t started_ = 0;  ///< while counting
};

}  // namespace symbolon::bench
