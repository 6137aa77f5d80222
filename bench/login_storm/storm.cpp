#include "login_storm/storm.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "login_storm/counters.h"

namespace symbolon::bench {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;
constexpr auto kOutcome = asio::as_tuple(asio::use_awaitable);
// A broker that refuses connections would otherwise be asked as fast as the loop turns.
constexpr auto kPauseAfterRefusal = 100ms;
// With a low rate the next start may be far away when the run ends.
constexpr auto kLongestSleep = 100ms;

Endpoint endpoint_of(const std::string& url) {
  const Url parsed = parse_http_url(url).value();
  return resolve_endpoint(parsed.host, parsed.port);
}

std::optional<Endpoint> broker_of(const Options& options) {
  if (options.flow == Flow::client_credentials) return std::nullopt;
  return endpoint_of(options.authorize_url);
}

void rethrow(std::exception_ptr error) {
  if (error) std::rethrow_exception(error);
}

}  // namespace

Storm::Storm(const Options& options, StubProvider& stub, ServerThread& stub_thread)
    : options_(options),
      stub_(stub),
      stub_thread_(stub_thread),
      world_{.options = options,
             .clock = clock_,
             .stub = stub,
             .stub_executor = stub_thread.executor(),
             .stub_endpoint = endpoint_of(stub.config().issuer),
             .broker = broker_of(options),
             .token_endpoint = endpoint_of(options.token_url)},
      schedule_(options.load, Steady::now()),
      users_gone_(context_, Moment::max()) {}

Report Storm::run() {
  asio::co_spawn(context_, conduct(), rethrow);
  context_.run();
  return std::move(report_);
}

Task<> Storm::conduct() {
  const bool warms_up = options_.load.warm_up.count() > 0;
  if (warms_up) {
    release_users();
    co_await sleep_until(Steady::now() + options_.load.warm_up);
  }
  const Meters before = co_await read_meters();
  counting_ = true;
  if (!warms_up) release_users();
  if (options_.load.logins > 0) {
    co_await wait_for_users();
  } else {
    co_await sleep_until(before.at + options_.load.duration);
  }
  counting_ = false;
  compare(before, co_await read_meters());
  stopping_ = true;
  co_await wait_for_users();
}

void Storm::release_users() {
  users_ = options_.load.concurrency;
  for (unsigned number = 0; number < options_.load.concurrency; ++number)
    asio::co_spawn(context_, use(number), rethrow);
}

Task<> Storm::use(unsigned number) {
  VirtualUser user(context_.get_executor(), world_, number);
  if (co_await prepare(&user)) co_await repeat(&user);
  if (--users_ == 0) users_gone_.cancel();
}

Task<bool> Storm::prepare(VirtualUser* user) {
  while (!stopping_) {
    const auto failure = co_await user->prepare();
    if (!failure) co_return true;
    report_.tally.add({.times = {}, .failure = failure});
    // With a number of logins to reach, a preparation that never succeeds would never end.
    if (options_.load.logins > 0) co_return false;
    co_await sleep_until(Steady::now() + kPauseAfterRefusal);
  }
  co_return false;
}

Task<> Storm::repeat(VirtualUser* user) {
  while (!stopping_) {
    const Moment due = schedule_.next(Steady::now());
    while (!stopping_ && due > Steady::now()) co_await sleep_until(std::min(due, Steady::now() + kLongestSleep));
    const bool limited = options_.load.logins > 0;
    const bool counted_from_start = counting_;
    if (stopping_ || (limited && counted_from_start && started_ == options_.load.logins)) co_return;
    if (counted_from_start) ++started_;

    Outcome outcome = co_await user->act();
    outcome.times.set(Step::whole, Steady::now() - due);
    if (limited ? counted_from_start : counting_) report_.tally.add(outcome);
    if (outcome.failure && outcome.failure->kind.find("connect: ") != std::string::npos)
      co_await sleep_until(Steady::now() + kPauseAfterRefusal);
  }
}

Task<> Storm::sleep_until(Moment moment) {
  asio::steady_timer timer(context_, moment);
  co_await timer.async_wait(kOutcome);
}

Task<> Storm::wait_for_users() {
  if (users_ > 0) co_await users_gone_.async_wait(kOutcome);
}

Task<Storm::Meters> Storm::read_meters() {
  Meters meters;
  auto counters = co_await read_counters(context_.get_executor(), options_.meters);
  if (counters) {
    meters.counters = std::move(*counters);
  } else {
    report_.notes.push_back("counters: " + counters.error().kind + " " + counters.error().detail);
  }
  for (const int pid : options_.meters.pids) {
    const auto usage = read_usage(pid);
    if (!usage) report_.notes.push_back(usage.error());
    if (usage) (meters.server ? *meters.server : meters.server.emplace()) += *usage;
  }
  meters.driver_cpu = thread_cpu_time();
  meters.stub_cpu = stub_thread_.cpu_time();
  meters.signatures = stub_.tokens_signed();
  meters.at = Steady::now();
  co_return meters;
}

void Storm::compare(const Meters& before, const Meters& after) {
  report_.elapsed = after.at - before.at;
  if (before.server && after.server) {
    report_.server = after.server;
    report_.server->cpu -= before.server->cpu;
  }
  if (before.counters.size() == after.counters.size())
    for (std::size_t i = 0; i < after.counters.size(); ++i)
      report_.counters.emplace_back(options_.meters.stats_paths[i], after.counters[i] - before.counters[i]);
  report_.driver_cpu = after.driver_cpu - before.driver_cpu;
  report_.stub_cpu = after.stub_cpu - before.stub_cpu;
  report_.stub_signatures = after.signatures - before.signatures;
}

}  // namespace symbolon::bench
