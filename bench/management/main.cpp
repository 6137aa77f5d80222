// Sends requests to a server as fast as it answers them, from a list that is gone through again and again, and prints
// rate, times and the server's processor time. For the Management API: bench/management/run.py makes the lists.
#include <CLI/CLI.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <fstream>
#include <iostream>
#include <map>

#include "login_storm/histogram.h"
#include "login_storm/http_connection.h"
#include "login_storm/url.h"
#include "login_storm/usage.h"

namespace {

using namespace symbolon;
using namespace symbolon::bench;
using Steady = std::chrono::steady_clock;

struct Options {
  std::string url, token, list;
  unsigned concurrency = 16;
  double seconds = 5;
  double warm_up = 1;
  int pid = 0;
};

struct Line {
  std::string method, target, body;
};

/// One request a line: METHOD TARGET BODY; `{n}` in a body becomes a number that grows.
std::vector<Line> read_lines(const std::string& path) {
  std::ifstream in(path);
  std::vector<Line> lines;
  for (std::string text; std::getline(in, text);) {
    const auto first = text.find(' ');
    const auto second = text.find(' ', first + 1);
    lines.push_back({text.substr(0, first), text.substr(first + 1, second - first - 1),
                     second == std::string::npos ? "" : text.substr(second + 1)});
  }
  if (lines.empty()) throw std::runtime_error("no requests in " + path);
  return lines;
}

class Load {
 public:
  Load(const Options& options, std::vector<Line> lines, Endpoint server)
      : options_(options), lines_(std::move(lines)), server_(std::move(server)) {}

  int run() {
    const auto start = Steady::now();
    counting_from_ = start + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(options_.warm_up));
    end_ = counting_from_ + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(options_.seconds));
    for (unsigned i = 0; i < options_.concurrency; ++i)
      boost::asio::co_spawn(context_, send_all(), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
      });
    context_.run();
    return print();
  }

 private:
  HttpRequest next() {
    const Line& line = lines_[sent_ % lines_.size()];
    std::string body = line.body;
    if (const auto at = body.find("{n}"); at != std::string::npos) body.replace(at, 3, std::to_string(sent_));
    ++sent_;
    HttpRequest request{.method = line.method,
                        .target = line.target,
                        .headers = {{"Authorization", "Bearer " + options_.token}, {"Content-Type", "application/json"}},
                        .body = std::move(body)};
    return request;
  }

  Task<void> send_all() {
    HttpConnection connection(context_.get_executor(), server_, std::chrono::seconds(10));
    while (Steady::now() < end_) {
      const auto began = Steady::now();
      HttpRequest request = next();
      const auto answer = co_await connection.exchange(std::move(request));
      const auto ended = Steady::now();
      if (!usage_before_ && ended >= counting_from_) note_usage();
      if (began < counting_from_ || ended > end_) continue;
      if (answer && answer->status < 300)
        times_.record(ended - began);
      else
        ++failures_[answer ? "status " + std::to_string(answer->status) + " " + answer->body.substr(0, 200)
                           : answer.error().kind];
    }
  }

  void note_usage() {
    usage_before_ = Usage();
    if (options_.pid != 0)
      if (const auto usage = read_usage(options_.pid)) usage_before_ = *usage;
  }

  int print() {
    using Micro = std::chrono::duration<double, std::micro>;
    const auto count = static_cast<double>(times_.count());
    boost::json::object shown{{"requests_per_second", count / options_.seconds},
                              {"p50_us", Micro(times_.percentile(0.5)).count()},
                              {"p99_us", Micro(times_.percentile(0.99)).count()},
                              {"max_us", Micro(times_.max()).count()}};
    if (const auto usage = options_.pid != 0 ? read_usage(options_.pid) : std::unexpected(std::string());
        usage && usage_before_ && count > 0) {
      shown["server_us_per_request"] = Micro(usage->cpu - usage_before_->cpu).count() / count;
      shown["server_mib"] = static_cast<double>(usage->rss_bytes) / (1 << 20);
    }
    boost::json::object failures;
    for (const auto& [kind, number] : failures_) failures[kind] = number;
    if (!failures.empty()) shown["failures"] = std::move(failures);
    std::cout << boost::json::serialize(shown) << "\n";
    return failures_.empty() && times_.count() > 0 ? 0 : 1;
  }

  const Options& options_;
  const std::vector<Line> lines_;
  const Endpoint server_;
  boost::asio::io_context context_;
  Steady::time_point counting_from_, end_;
  std::uint64_t sent_ = 0;
  Histogram times_;
  std::map<std::string, std::uint64_t> failures_;
  std::optional<Usage> usage_before_;
};

}  // namespace

int main(int count, char** arguments) try {
  Options options;
  CLI::App app("Load for an API with bearer tokens", "management_storm");
  app.add_option("--url", options.url, "Origin of the server")->required();
  app.add_option("--token", options.token, "Access token")->required();
  app.add_option("--list", options.list, "File of requests: METHOD TARGET BODY")->required()->check(CLI::ExistingFile);
  app.add_option("--concurrency", options.concurrency, "Connections at the same time");
  app.add_option("--seconds", options.seconds, "Length of the measurement");
  app.add_option("--warm-up", options.warm_up, "Seconds before it");
  app.add_option("--pid", options.pid, "Process whose processor time is measured");
  CLI11_PARSE(app, count, arguments);
  const auto url = parse_http_url(options.url);
  if (!url) throw std::runtime_error("--url must be an http URL");
  return Load(options, read_lines(options.list), resolve_endpoint(url->host, url->port)).run();
} catch (const std::exception& error) {
  std::cerr << "management_storm: " << error.what() << "\n";
  return 2;
}
