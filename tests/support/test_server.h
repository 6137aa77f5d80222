#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "crypto/random.h"
#include "net/server.h"
#include "net/tls.h"

namespace symbolon {

/// A running net::Server on a free port of 127.0.0.1. Stops with the test.
class TestServer {
 public:
  using Change = std::function<void(net::ServerOptions&)>;

  explicit TestServer(net::Dispatch dispatch, const Change& change = {})
      : server_(options(change), std::move(dispatch), clock_, random_) {
    server_.start();
  }

  net::Server& server() noexcept { return server_; }
  std::uint16_t port() const { return server_.listen_port(); }
  std::string url(std::string_view path = "/", std::string_view scheme = "http") const {
    return std::string(scheme) + "://127.0.0.1:" + std::to_string(port()) + std::string(path);
  }

  static Change with_tls(const net::TlsIdentity& identity) {
    return [identity](net::ServerOptions& options) {
      options.listeners[0].tls = std::make_shared<const net::TlsIdentity>(identity);
    };
  }

 private:
  static net::ServerOptions options(const Change& change) {
    net::ServerOptions options;
    options.listeners.emplace_back();
    if (change) change(options);
    return options;
  }

  SystemClock clock_;
  crypto::SystemRandom random_;
  net::Server server_;
};

}  // namespace symbolon
