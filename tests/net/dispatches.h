#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "http/request.h"
#include "http/response.h"
#include "support/gate.h"
#include "support/test_server.h"

// What stands in for the program behind the server.
namespace symbolon::net {

inline constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// Says back what it was asked.
inline Task<http::Response> echo(http::Request request) {
  std::string text = std::string(to_string(request.method)) + " " + request.path + " ? " + request.query + " from " +
                     request.client_address + " id " + request.id + " host " +
                     std::string(request.headers.get("Host")) + " body " + request.body;
  co_return http::json_response(200, std::move(text));
}

inline TestServer::Change limits(std::function<void(Limits&)> change) {
  return [change = std::move(change)](ServerOptions& options) { change(options.limits); };
}

/// As many bytes as the path asks for.
inline Task<http::Response> large(http::Request request) {
  const std::size_t size = request.path == "/small" ? 10 : request.path == "/huge" ? 64'000'000 : 3'000'000;
  co_return http::json_response(200, std::string(size, 'x'));
}

/// Answers /held when the gate opens.
struct Held {
  Gate gate;
  std::atomic<bool> cancelled = false;

  Task<http::Response> handle(http::Request request) {
    if (request.path == "/held") {
      try {
        co_await gate.pass();
      } catch (const std::exception&) {
        cancelled = true;
        throw;
      }
    }
    co_return http::json_response(200, "passed");
  }
  Dispatch dispatch() {
    return [this](http::Request request) { return handle(std::move(request)); };
  }
};

}  // namespace symbolon::net
