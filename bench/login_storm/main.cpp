#include <csignal>
#include <exception>
#include <iostream>

#include <boost/asio/signal_set.hpp>
#include <boost/json.hpp>

#include "login_storm/options.h"
#include "login_storm/report.h"
#include "login_storm/storm.h"

namespace {

using namespace symbolon;
using namespace symbolon::bench;

Signer make_signer(const StubOptions& stub) {
  return stub.key_file.empty() ? Signer::generate(stub.algorithm)
                               : Signer::load_or_create(stub.algorithm, stub.key_file);
}

void wait_for_signal() {
  boost::asio::io_context context;
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  context.run();
}

/// 0: every login succeeded; 1: some failed, or none was made.
int storm(const Options& options) {
  const SystemClock clock;
  StubProvider stub({.issuer = options.stub.issuer(),
                     .client_id = options.stub.client_id,
                     .client_secret = options.stub.client_secret,
                     .people = options.stub.people},
                    make_signer(options.stub), clock);
  ServerThread stub_thread(options.stub.address, options.stub.port, stub);
  if (options.stub.only) {
    std::cout << "stub provider at " << options.stub.issuer() << std::endl;
    wait_for_signal();
    return 0;
  }
  const Report report = Storm(options, stub, stub_thread).run();
  std::cout << (options.meters.json ? boost::json::serialize(to_json(report, options)) + "\n"
                                    : to_text(report, options));
  return report.tally.failed() == 0 && report.tally.succeeded() > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options) return options.error();
  try {
    return storm(*options);
  } catch (const std::exception& error) {
    std::cerr << "login_storm: " << error.what() << "\n";
    return 2;
  }
}
