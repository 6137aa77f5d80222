#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <string>

#include "base/clock.h"
#include "http/address.h"
#include "net/request_ids.h"
#include "net/request_reader.h"
#include "net/server.h"
#include "net/stream.h"

namespace symbolon::net {

/// What the connections of one thread share.
struct SessionSurroundings {
  SessionSurroundings(const ServerOptions& server_options, const Dispatch& server_dispatch, const Clock& server_clock,
                      Random& random)
      : options(server_options), dispatch(server_dispatch), clock(server_clock), ids(random) {}

  const ServerOptions& options;
  const Dispatch& dispatch;
  const Clock& clock;
  RequestIds ids;
  bool stopping = false;  ///< no connection is kept alive any more
  std::size_t large_bodies = 0;  ///< that are held in memory

  /// Of the limit for all threads, what is this one's.
  std::size_t most_large_bodies() const;

  /// The Date field, made once a second.
  std::string_view date();

 private:
  Instant date_second_{};
  std::string date_;
};

/// One connection: reads requests one after another and writes the dispatcher's answers. Lives on one thread.
class Session {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Session(SessionSurroundings& shared, Stream stream, const http::Address& peer);
  ~Session() { let_body_go(); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Until the connection ends. The caller keeps the session alive.
  Task<void> run();

  /// No byte of a next request has come.
  bool is_idle() const noexcept { return phase_ == Phase::idle || phase_ == Phase::handshake; }
  /// The dispatcher has the request. Else the client is waited for, to send or to take something.
  bool is_handling() const noexcept { return phase_ == Phase::handling; }
  /// When it began what it is at.
  Time since() const noexcept { return since_; }
  /// When the client must have done what it is waited for.
  Time deadline() const noexcept { return deadline_; }
  /// The deadline has passed: ends what is waited for.
  void expire() noexcept;
  void close() noexcept { stream_.close(); }
  /// Ends run() at its next suspension, also inside the dispatcher.
  boost::asio::cancellation_signal& cancellation() noexcept { return cancellation_; }

 private:
  enum class Phase { handshake, idle, header, body, handling, writing, lingering };

  void enter(Phase phase, std::chrono::milliseconds limit);
  Task<bool> receive();
  Task<bool> read_more();
  Task<bool> begin_body();
  bool may_hold_body();
  void let_body_go() noexcept;
  Task<bool> answer();
  Task<http::Response> handle(http::Request request);
  Task<bool> send(http::Response response, bool head_only, Time started);
  Task<void> refuse(Refusal refusal);
  http::Response error_answer(int status, std::string_view description);
  Task<void> drain();

  SessionSurroundings& shared_;
  Stream stream_;
  http::Address peer_;
  std::string peer_text_;
  RequestReader reader_;
  boost::beast::flat_buffer buffer_;
  std::string out_;
  boost::asio::cancellation_signal cancellation_;
  Phase phase_ = Phase::handshake;
  Time since_;
  Time deadline_;
  bool expired_ = false;
  bool has_large_body_ = false;
  // Of the request in hand.
  std::string id_;
  http::Method method_ = http::Method::other;
  std::string path_;
  bool keep_alive_ = false;
  bool http_1_0_ = false;
};

}  // namespace symbolon::net
