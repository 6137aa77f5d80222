#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "http/address.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::net {

struct TlsIdentity;

/// What a client may cost before it is turned away.
struct Limits {
  std::size_t header_bytes = 128 << 10;  ///< request line and fields; eight logins in flight are 96 KiB of cookies
  std::size_t body_bytes = 1 << 20;      ///< where ServerOptions::body_limit says nothing
  std::size_t connections = 10'000;      ///< over all threads
  std::size_t small_body_bytes = 64 << 10;  ///< what every connection may send at the same time as all others
  std::size_t large_bodies = 64;            ///< requests with more than that at the same time, over all threads
  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte, and for a TLS handshake
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds write_timeout{30'000};  ///< plus what the answer takes at the least speed
  std::size_t least_bytes_per_second = 16 << 10;    ///< at which a client must take an answer
  std::chrono::milliseconds idle_timeout{75'000};   ///< between two requests
  std::chrono::milliseconds stop_timeout{10'000};   ///< how long stop() lets requests in flight go on
};

struct Listener {
  std::string address = "127.0.0.1";       ///< an IP literal; `::` takes IPv4 too
  std::uint16_t port = 0;                  ///< 0: any free one, see Server::listen_port()
  std::shared_ptr<const TlsIdentity> tls;  ///< null: plain http
};

/// Called on an I/O thread of the server, many at a time. What it throws is logged and answered with 500.
using Dispatch = std::function<Task<http::Response>(http::Request)>;

/// A request that no handler answered: malformed, too large, too slow, or one whose handler threw.
struct Unanswered {
  int status = 500;
  std::string_view path;         ///< empty when the request was not read that far
  std::string_view description;  ///< a sentence of ours
  std::string_view request_id;
};

struct ServerOptions {
  std::vector<Listener> listeners;
  unsigned threads = 1;  ///< each has an io_context and an acceptor per listener
  Limits limits;
  /// Bytes that the body of such a request may have; called from every thread. Empty: Limits::body_bytes.
  std::function<std::size_t(http::Method, std::string_view path)> body_limit;
  /// How it is told; called from every thread. Empty: in the words of RFC 6749 §5.2.
  std::function<http::Response(const Unanswered&)> error_answer;
  std::vector<http::Network> trusted_proxies;  ///< whose X-Forwarded-For is believed
};

/// Why a listener cannot be opened, with address and port, in a sentence for the operator.
class ListenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The HTTP/1.1 server (RFC 9112): one io_context per thread, limits on everything that a client sends, and JSON errors
/// for what never reaches the dispatcher. Sets Request::client_address and Request::id; `X-Request-Id` is on every
/// answer. Request::site is the dispatcher's to set.
class Server {
 public:
  /// Opens the listeners, so that a wrong address or certificate shows before anything starts. Throws ListenError or
  /// TlsError. `clock` and `random` are used from every thread and outlive the server.
  Server(ServerOptions options, Dispatch dispatch, const Clock& clock, Random& random);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Starts the threads; returns at once.
  void start();

  /// Stops accepting, closes idle connections, lets requests in flight end within Limits::stop_timeout, cancels what is
  /// left and returns when all of it has ended. For good; safe to call twice, not from a thread of the server.
  void stop();

  /// Runs `job` on the first thread; stop() cancels it after the last request.
  void spawn(Task<void> job);

  /// The port that listener number `listener` is bound to.
  std::uint16_t listen_port(std::size_t listener = 0) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::net
