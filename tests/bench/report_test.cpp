#include "login_storm/report.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

namespace symbolon::bench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

Outcome success(std::chrono::nanoseconds token) {
  Outcome outcome;
  outcome.times.set(Step::token, token);
  outcome.times.set(Step::whole, 2 * token);
  return outcome;
}

Report sample() {
  Report report;
  for (int i = 0; i < 4; ++i) report.tally.add(success(1ms));
  Outcome failed = success(1h);
  failed.failure = Failure{"token: HTTP 500", "first body"};
  report.tally.add(failed);
  failed.failure->detail = "second body";
  report.tally.add(failed);
  report.elapsed = 2s;
  report.server = Usage{.cpu = 8ms, .rss_bytes = 3 << 20, .peak_bytes = 4 << 20};
  report.counters = {{"store.commits", 8}};
  report.driver_cpu = 4ms;
  report.stub_cpu = 2ms;
  report.notes = {"something is missing"};
  return report;
}

TEST(Report, DividesBySuccessfulLogins) {
  const boost::json::object json = to_json(sample(), Options{});
  EXPECT_EQ(json.at("logins"), 4U);
  EXPECT_EQ(json.at("failed"), 2U);
  EXPECT_DOUBLE_EQ(json.at("logins_per_second").as_double(), 2);
  EXPECT_DOUBLE_EQ(json.at("server").at("cpu_ms_per_login").as_double(), 2);
  EXPECT_DOUBLE_EQ(json.at("server").at("busy_cores").as_double(), 0.004);
  EXPECT_DOUBLE_EQ(json.at("counters_per_login").at("store.commits").as_double(), 2);
  EXPECT_DOUBLE_EQ(json.at("generator").at("driver_cpu_ms_per_login").as_double(), 1);
}

TEST(Report, LeavesTheTimesOfFailedLoginsOut) {
  const boost::json::object json = to_json(sample(), Options{});
  EXPECT_EQ(json.at("steps").at("token").at("count"), 4U);
  EXPECT_DOUBLE_EQ(json.at("steps").at("token").at("max_ms").as_double(), 1);
  EXPECT_DOUBLE_EQ(json.at("steps").at("whole").at("p99_ms").as_double(), 2);
  EXPECT_FALSE(json.at("steps").as_object().contains("authorize"));
}

TEST(Report, CountsFailuresByKindAndShowsTheFirst) {
  const boost::json::object json = to_json(sample(), Options{});
  EXPECT_EQ(json.at("failures").at("token: HTTP 500").at("count"), 2U);
  EXPECT_EQ(json.at("failures").at("token: HTTP 500").at("first").as_string(), "first body");
}

TEST(Report, SaysTheSameInText) {
  const std::string text = to_text(sample(), Options{});
  EXPECT_THAT(text, HasSubstr("2.0 logins/s: 4 done, 2 failed in 2.00 s"));
  EXPECT_THAT(text, HasSubstr("2.000 ms CPU/login, 0 % of a core, 3.0 MiB now, 4.0 MiB peak"));
  EXPECT_THAT(text, HasSubstr("2.000 store.commits per login"));
  EXPECT_THAT(text, HasSubstr("2 x token: HTTP 500\n               first: first body"));
  EXPECT_THAT(text, HasSubstr("something is missing"));
  EXPECT_THAT(text, Not(HasSubstr("authorize")));
}

TEST(Report, IsReadableWhenNothingHappened) {
  const boost::json::object json = to_json(Report{.elapsed = 1s}, Options{});
  EXPECT_DOUBLE_EQ(json.at("logins_per_second").as_double(), 0);
  EXPECT_DOUBLE_EQ(json.at("generator").at("driver_cpu_ms_per_login").as_double(), 0);
  EXPECT_FALSE(json.contains("server"));
}

}  // namespace
}  // namespace symbolon::bench
