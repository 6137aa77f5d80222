#include "login_storm/report.h"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace symbolon::bench {

namespace json = boost::json;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

double milliseconds(std::chrono::nanoseconds time) { return Milliseconds(time).count(); }
double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }
double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

const char* name_of(Flow flow) {
  switch (flow) {
    case Flow::login:
      return "login";
    case Flow::sso:
      return "sso";
    case Flow::client_credentials:
      return "client-credentials";
    case Flow::refresh:
      return "refresh";
  }
  throw std::logic_error("Flow outside its enumerators");
}

json::object step_to_json(const Histogram& step) {
  return {{"count", step.count()},
          {"mean_ms", milliseconds(step.mean())},
          {"p50_ms", milliseconds(step.percentile(0.50))},
          {"p99_ms", milliseconds(step.percentile(0.99))},
          {"max_ms", milliseconds(step.max())}};
}

json::object server_to_json(const Report& report) {
  return {{"cpu_ms_per_login", report.per_login(milliseconds(report.server->cpu))},
          {"busy_cores", seconds(report.server->cpu) / seconds(report.elapsed)},
          {"rss_bytes", report.server->rss_bytes},
          {"peak_bytes", report.server->peak_bytes}};
}

std::string step_table(const Report& report) {
  std::string out = fmt::format("{:<15}{:>10}{:>10}{:>10}{:>10}   (ms)\n", "step", "p50", "p99", "max", "mean");
  for (std::size_t i = 0; i < kSteps; ++i) {
    const Histogram& step = report.tally.at(static_cast<Step>(i));
    if (step.count() == 0) continue;
    out += fmt::format("{:<15}{:>10.3f}{:>10.3f}{:>10.3f}{:>10.3f}\n", to_string(static_cast<Step>(i)),
                       milliseconds(step.percentile(0.50)), milliseconds(step.percentile(0.99)),
                       milliseconds(step.max()), milliseconds(step.mean()));
  }
  return out;
}

std::string failure_list(const Tally& tally) {
  std::string out;
  for (const auto& [kind, seen] : tally.failures()) {
    out += fmt::format("failed         {} x {}\n", seen.count, kind);
    if (!seen.detail.empty()) out += fmt::format("               first: {}\n", seen.detail);
  }
  return out;
}

}  // namespace

double Report::per_second() const {
  return elapsed.count() > 0 ? static_cast<double>(tally.succeeded()) / seconds(elapsed) : 0;
}

double Report::per_login(double sum) const {
  return tally.succeeded() > 0 ? sum / static_cast<double>(tally.succeeded()) : 0;
}

json::object to_json(const Report& report, const Options& options) {
  json::object out{{"flow", name_of(options.flow)},
                   {"concurrency", options.load.concurrency},
                   {"rate", options.load.rate},
                   {"seconds", seconds(report.elapsed)},
                   {"logins", report.tally.succeeded()},
                   {"failed", report.tally.failed()},
                   {"logins_per_second", report.per_second()}};
  json::object steps, failures, counters;
  for (std::size_t i = 0; i < kSteps; ++i) {
    const Histogram& step = report.tally.at(static_cast<Step>(i));
    if (step.count() > 0) steps[json::string_view(to_string(static_cast<Step>(i)))] = step_to_json(step);
  }
  for (const auto& [kind, seen] : report.tally.failures())
    failures[kind] = json::object{{"count", seen.count}, {"first", seen.detail}};
  for (const auto& [path, growth] : report.counters) counters[path] = report.per_login(growth);
  out["steps"] = std::move(steps);
  out["failures"] = std::move(failures);
  out["counters_per_login"] = std::move(counters);
  if (report.server) out["server"] = server_to_json(report);
  out["generator"] = {{"driver_cpu_ms_per_login", report.per_login(milliseconds(report.driver_cpu))},
                      {"stub_cpu_ms_per_login", report.per_login(milliseconds(report.stub_cpu))},
                      {"stub_signatures", report.stub_signatures},
                      {"busy_cores", seconds(report.driver_cpu + report.stub_cpu) / seconds(report.elapsed)}};
  out["notes"] = json::value_from(report.notes);
  return out;
}

std::string to_text(const Report& report, const Options& options) {
  std::string out = fmt::format(
      "flow           {}, {} browsers, {}\n", name_of(options.flow), options.load.concurrency,
      options.load.rate > 0 ? fmt::format("{} starts/s (open loop)", options.load.rate) : std::string("closed loop"));
  out += fmt::format("result         {:.1f} logins/s: {} done, {} failed in {:.2f} s\n", report.per_second(),
                     report.tally.succeeded(), report.tally.failed(), seconds(report.elapsed));
  out += step_table(report);
  if (report.server)
    out += fmt::format("server         {:.3f} ms CPU/login, {:.0f} % of a core, {:.1f} MiB now, {:.1f} MiB peak\n",
                       report.per_login(milliseconds(report.server->cpu)),
                       100 * seconds(report.server->cpu) / seconds(report.elapsed), mebibytes(report.server->rss_bytes),
                       mebibytes(report.server->peak_bytes));
  for (const auto& [path, growth] : report.counters)
    out += fmt::format("counter        {:.3f} {} per login\n", report.per_login(growth), path);
  out +=
      fmt::format("generator      {:.3f} ms driver + {:.3f} ms stub CPU/login ({} signatures), {:.0f} % of a core\n",
                  report.per_login(milliseconds(report.driver_cpu)), report.per_login(milliseconds(report.stub_cpu)),
                  report.stub_signatures, 100 * seconds(report.driver_cpu + report.stub_cpu) / seconds(report.elapsed));
  for (const std::string& note : report.notes) out += "note           " + note + "\n";
  return out + failure_list(report.tally);
}

}  // namespace symbolon::bench
