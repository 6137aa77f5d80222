#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <iostream>

#include "testing/fake_broker.h"

// Finds out what the generator can drive: see "The generator's own limit" in docs/benchmarks.md.
int main(int argc, char** argv) {
  using namespace symbolon::bench;
  FakeBroker::Setup setup;
  unsigned short port = 9401;
  CLI::App app("A broker that does next to nothing, to find the load generator's own limit.", "fake_broker");
  app.add_option("--port", port)->capture_default_str();
  app.add_option("--provider", setup.provider)->capture_default_str();
  app.add_flag("--front-channel", setup.front_channel);
  CLI11_PARSE(app, argc, argv);

  boost::asio::io_context context(1);
  FakeBroker broker(context.get_executor(), setup);
  auto acceptor = listen_on(context.get_executor(), "127.0.0.1", port);
  broker.set_origin("http://127.0.0.1:" + std::to_string(port));
  boost::asio::co_spawn(context, serve(acceptor, broker), boost::asio::detached);
  boost::asio::signal_set signals(context, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
  std::cout << "fake broker on port " << port << std::endl;
  context.run();
}
