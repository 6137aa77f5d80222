#include "net/session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <exception>

#include "base/log.h"
#include "http/forwarded.h"
#include "net/response_head.h"

namespace symbolon::net {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kReadBytes = 8 << 10;
constexpr std::size_t kReadBodyBytes = 64 << 10;
constexpr std::size_t kKeptBufferBytes = 32 << 10;  // what a connection may hold on to between requests
constexpr std::size_t kOneWriteBytes = 16
                                       << 10;  // copied behind the head, so that both leave in one packet or TLS record
constexpr std::size_t kLingerBytes = 1 << 20;
constexpr milliseconds kLingerTime{2'000};
constexpr milliseconds kLastLingerTime{100};  // while the server stops
constexpr Refusal kTooManyLargeBodies{503, "too many large requests are under way; try again in a moment"};
constexpr std::string_view kServerFailed = "the server failed; its log tells more under the request_id";

milliseconds elapsed_since(Session::Time started) {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started);
}

/// Both texts are ours and need no escaping.
http::Response error_response(int status, std::string_view code, std::string_view description,
                              std::string_view id = {}) {
  std::string body =
      R"({"error":")" + std::string(code) + R"(","error_description":")" + std::string(description) + '"';
  if (!id.empty()) body += R"(,"request_id":")" + std::string(id) + '"';
  http::Response response = http::json_response(status, body + "}");
  http::forbid_caching(response);
  return response;
}

http::Response protocol_error(const Unanswered& what) {
  if (what.status == 500) return error_response(500, "server_error", what.description, what.request_id);
  return error_response(what.status, "invalid_request", what.description);
}

std::string_view view(const boost::beast::flat_buffer& buffer) {
  return {static_cast<const char*>(buffer.data().data()), buffer.size()};
}

}  // namespace

std::size_t SessionSurroundings::most_large_bodies() const {
  return std::max<std::size_t>(options.limits.large_bodies / std::max(options.threads, 1u), 1);
}

std::string_view SessionSurroundings::date() {
  const Instant second = std::chrono::floor<std::chrono::seconds>(clock.now());
  if (date_.empty() || second != date_second_) {
    date_second_ = second;
    date_ = to_http_date(second);
  }
  return date_;
}

Session::Session(SessionSurroundings& shared, Stream stream, const http::Address& peer)
    : shared_(shared),
      stream_(std::move(stream)),
      peer_(peer),
      peer_text_(to_string(peer)),
      reader_(shared.options.limits.header_bytes) {
  enter(Phase::handshake, shared.options.limits.header_timeout);
}

void Session::enter(Phase phase, milliseconds limit) {
  phase_ = phase;
  since_ = std::chrono::steady_clock::now();
  deadline_ = since_ + limit;
}

void Session::expire() noexcept {
  deadline_ = Time::max();
  if (phase_ != Phase::header && phase_ != Phase::body) return stream_.close();
  expired_ = true;  // receive() then says so to the client
  stream_.cancel();
}

Task<void> Session::run() {
  if (co_await stream_.handshake()) co_return;
  // A new connection gets as long for its first request as for a header: nothing says yet that it will be used.
  enter(Phase::idle, shared_.options.limits.header_timeout);
  while (co_await receive() && co_await answer()) enter(Phase::idle, shared_.options.limits.idle_timeout);
  stream_.close();
}

// False when the connection is over; what had to be said has been said.
Task<bool> Session::receive() {
  for (;;) {
    buffer_.consume(reader_.feed(view(buffer_)));
    switch (reader_.stage()) {
      case RequestReader::Stage::complete:
        if (may_hold_body()) co_return true;
        co_await refuse(kTooManyLargeBodies);
        co_return false;
      case RequestReader::Stage::refused:
        co_await refuse(reader_.refusal());
        co_return false;
      case RequestReader::Stage::head_done:
        if (!co_await begin_body()) co_return false;
        continue;
      case RequestReader::Stage::body:
        if (may_hold_body()) break;
        co_await refuse(kTooManyLargeBodies);
        co_return false;
      case RequestReader::Stage::head:
        break;
    }
    if (co_await read_more()) continue;
    if (expired_) co_await refuse({408, "the request did not arrive in time"});
    co_return false;
  }
}

Task<bool> Session::read_more() {
  if (buffer_.size() == 0 && buffer_.capacity() > kKeptBufferBytes) buffer_ = {};
  if (phase_ == Phase::idle && shared_.stopping) co_return false;
  if (phase_ == Phase::idle && buffer_.size() > 0) enter(Phase::header, shared_.options.limits.header_timeout);

  const auto [error, bytes] =
      co_await stream_.read_some(buffer_.prepare(has_large_body_ ? kReadBodyBytes : kReadBytes));
  // What ended the wait while these bytes stood in line already had nothing left to cancel.
  if (error || expired_ || !stream_.is_open()) co_return false;
  buffer_.commit(bytes);
  if (phase_ == Phase::idle) enter(Phase::header, shared_.options.limits.header_timeout);
  co_return true;
}

// Ten thousand clients that know no secret must not fill the memory with a mebibyte each: a few large bodies are held at a
// time, and small ones as many as there are connections.
bool Session::may_hold_body() {
  if (has_large_body_ || reader_.request().body.size() <= shared_.options.limits.small_body_bytes) return true;
  if (shared_.large_bodies >= shared_.most_large_bodies()) return false;
  ++shared_.large_bodies;
  has_large_body_ = true;
  return true;
}

void Session::let_body_go() noexcept {
  if (has_large_body_) --shared_.large_bodies;
  has_large_body_ = false;
}

Task<bool> Session::begin_body() {
  const http::Request& request = reader_.request();
  const ServerOptions& options = shared_.options;
  reader_.allow_body(options.body_limit ? options.body_limit(request.method, request.path) : options.limits.body_bytes);
  if (reader_.stage() != RequestReader::Stage::body) co_return true;

  enter(Phase::body, options.limits.body_timeout);
  if (!reader_.wants_continue() || buffer_.size() > 0) co_return true;
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto error = co_await stream_.write({asio::buffer(kContinue), asio::const_buffer()});
  co_return !error;
}

Task<bool> Session::answer() {
  const Time started = std::chrono::steady_clock::now();
  keep_alive_ = reader_.keep_alive();
  http_1_0_ = reader_.is_http_1_0();
  http::Request request = reader_.take();
  id_ = shared_.ids.next();
  method_ = request.method;
  path_ = request.path;
  request.id = id_;
  const auto& proxies = shared_.options.trusted_proxies;
  request.client_address =
      proxies.empty() ? peer_text_ : to_string(http::client_address(peer_, request.headers, proxies));

  phase_ = Phase::handling;
  deadline_ = Time::max();
  http::Response response = co_await handle(std::move(request));
  let_body_go();
  keep_alive_ = keep_alive_ && !shared_.stopping;
  if (!co_await send(std::move(response), method_ == http::Method::head, started)) co_return false;
  if (keep_alive_) co_return true;
  enter(Phase::lingering, shared_.stopping ? kLastLingerTime : kLingerTime);
  co_await stream_.finish();
  if (!stream_.is_tls()) co_await drain();
  co_return false;
}

// The one place where something broken becomes an answer: only the id leaves, the rest is in the log.
Task<http::Response> Session::handle(http::Request request) {
  std::string failure;
  try {
    co_return co_await shared_.dispatch(std::move(request));
  } catch (const std::exception& error) {
    failure = error.what();
  } catch (...) {
    failure = "an exception that is no std::exception";
  }
  log::error("request failed",
             {{"request_id", id_}, {"method", to_string(method_)}, {"path", path_}, {"reason", failure}});
  co_return error_answer(500, kServerFailed);
}

http::Response Session::error_answer(int status, std::string_view description) {
  const Unanswered what{.status = status, .path = path_, .description = description, .request_id = id_};
  return shared_.options.error_answer ? shared_.options.error_answer(what) : protocol_error(what);
}

Task<bool> Session::send(http::Response response, bool head_only, Time started) {
  Framing framing{.keep_alive = keep_alive_, .http_1_0 = http_1_0_, .request_id = id_, .date = shared_.date()};
  out_.clear();
  try {
    append_head(out_, response, framing);
  } catch (const std::logic_error& error) {
    log::error("answer cannot be sent", {{"request_id", id_}, {"path", path_}, {"reason", error.what()}});
    out_.clear();
    response = protocol_error({.path = path_, .description = kServerFailed, .request_id = id_});
    append_head(out_, response, framing);
  }
  if (log::is_enabled(log::Level::debug))
    log::debug("request", {{"request_id", id_},
                           {"client", peer_text_},
                           {"method", to_string(method_)},
                           {"path", path_},
                           {"status", response.status},
                           {"bytes", response.body.size()},
                           {"ms", elapsed_since(started).count()}});

  const bool has_body = !head_only && response.status != 204 && response.status != 304;
  asio::const_buffer rest;
  if (has_body && response.body.size() <= kOneWriteBytes)
    out_ += response.body;
  else if (has_body)
    rest = asio::buffer(response.body);
  const Limits& limits = shared_.options.limits;
  enter(Phase::writing,
        limits.write_timeout +
            std::chrono::seconds(response.body.size() / std::max<std::size_t>(limits.least_bytes_per_second, 1)));
  const auto error = co_await stream_.write({asio::buffer(out_), rest});
  co_return !error;
}

Task<void> Session::refuse(Refusal refusal) {
  id_ = shared_.ids.next();
  log::info("request refused",
            {{"request_id", id_}, {"client", peer_text_}, {"status", refusal.status}, {"reason", refusal.description}});
  keep_alive_ = false;
  http_1_0_ = false;
  method_ = http::Method::other;
  path_ = reader_.request().path;
  const Time now = std::chrono::steady_clock::now();
  if (!co_await send(error_answer(refusal.status, refusal.description), false, now)) co_return;
  enter(Phase::lingering, shared_.stopping ? kLastLingerTime : kLingerTime);
  // TLS has no half-closed state: there the client is heard out first.
  if (!stream_.is_tls()) co_await stream_.finish();
  co_await drain();
  if (stream_.is_tls()) co_await stream_.finish();
}

// A close with unread bytes makes the kernel send a reset, which can overtake the answer on its way.
Task<void> Session::drain() {
  for (std::size_t seen = 0; seen < kLingerBytes;) {
    buffer_.clear();
    const auto [error, bytes] = co_await stream_.read_some(buffer_.prepare(kReadBytes));
    if (error) break;
    seen += bytes;
  }
}

}  // namespace symbolon::net
