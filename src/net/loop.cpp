#include "net/loop.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "base/log.h"

namespace symbolon::net {
namespace asio = boost::asio;
namespace {

using std::chrono::milliseconds;
using Tcp = asio::ip::tcp;

constexpr milliseconds kAcceptPause{100};   // after running out of file descriptors
constexpr milliseconds kStoppingSweep{20};  // somebody waits for stop() to return

/// How often deadlines are looked at: fine enough for the shortest, at most once a second.
milliseconds sweep_interval(const Limits& limits) {
  const auto shortest = std::min(
      {limits.header_timeout, limits.body_timeout, limits.write_timeout, limits.idle_timeout, limits.stop_timeout});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(1000));
}

http::Address to_address(const asio::ip::address& address) {
  return address.is_v4() ? http::Address::v4(address.to_v4().to_bytes())
                         : http::Address::v6(address.to_v6().to_bytes());
}

std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

}  // namespace

Loop::Loop(const ServerOptions& options, const Dispatch& dispatch, const Clock& clock, Random& random)
    : shared_(options, dispatch, clock, random),
      max_sessions_(std::max<std::size_t>(options.limits.connections / std::max(options.threads, 1u), 1)),
      context_(1),
      sweep_timer_(context_) {}

Loop::~Loop() = default;

void Loop::add_acceptor(Acceptor acceptor, TlsContext tls) {
  Acceptor& kept = acceptors_.emplace_back(std::move(acceptor));
  asio::co_spawn(context_, accept(kept, std::move(tls)), asio::detached);
}

void Loop::run() {
  const auto guard = asio::make_work_guard(context_);
  context_.run();
}

Task<void> Loop::accept(Acceptor& acceptor, TlsContext tls) {
  while (!shared_.stopping) {
    auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error) {
      try {
        admit(std::move(socket), tls);
      } catch (const std::exception& broken) {
        log::error("connection dropped", {{"reason", broken.what()}});
      }
    } else if (!shared_.stopping && error != asio::error::connection_aborted) {
      log::warning("cannot accept a connection", {{"reason", error.message()}});
      asio::steady_timer pause(context_, kAcceptPause);
      (void)co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
}

void Loop::admit(Stream::Socket socket, const TlsContext& tls) {
  boost::system::error_code error;
  const auto peer = socket.remote_endpoint(error);
  if (error) return;  // gone again
  socket.set_option(Tcp::no_delay(true), error);
  if (sessions_.size() >= max_sessions_ && !make_room()) {
    log::warning("connection refused: too many are open", {{"open", sessions_.size()}});
    static constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    socket.non_blocking(true, error);
    if (!tls) socket.write_some(asio::buffer(kBusy), error);
    return;
  }
  auto session = std::make_shared<Session>(shared_, Stream(std::move(socket), tls), to_address(peer.address()));
  sessions_.insert(session);
  start_sweeping();
  asio::co_spawn(
      context_, session->run(),
      asio::bind_cancellation_slot(session->cancellation().slot(),
                                   [this, session](const std::exception_ptr& thrown) { end(session, thrown); }));
}

// The connection that has been idle for longest gives way, so that idle ones cannot keep others out; and where none is, the
// one whose client has been waited for longest, so that no more can those that send a byte at a time, or read none.
bool Loop::make_room() {
  const auto rank = [](const std::shared_ptr<Session>& session) {
    return std::pair(session->is_idle() ? 0 : session->is_handling() ? 2 : 1, session->since());
  };
  const auto found = std::ranges::min_element(sessions_, {}, rank);
  if (found == sessions_.end() || rank(*found).first == 2) return false;
  (*found)->close();
  return true;
}

void Loop::end(const std::shared_ptr<Session>& session, const std::exception_ptr& error) {
  session->close();
  if (error && !shared_.stopping) log::error("connection failed", {{"reason", reason_of(error)}});
  sessions_.erase(session);
  finish_if_empty();
}

void Loop::start_sweeping() {
  if (sweeping_) return;
  sweeping_ = true;
  sweep_timer_.expires_after(shared_.stopping ? kStoppingSweep : sweep_interval(shared_.options.limits));
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    sweeping_ = false;
    if (!error) return sweep();
    if (shared_.stopping && !sessions_.empty()) start_sweeping();
  });
}

void Loop::sweep() {
  const auto now = std::chrono::steady_clock::now();
  for (const auto& session : sessions_)
    if (session->deadline() <= now) session->expire();
  if (stop_deadline_ && *stop_deadline_ <= now) give_up_waiting();
  if (!sessions_.empty()) start_sweeping();
}

void Loop::begin_stop() {
  asio::post(context_, [this] { stop_now(); });
}

void Loop::stop_now() {
  if (shared_.stopping) return;
  shared_.stopping = true;
  stop_deadline_ = std::chrono::steady_clock::now() + shared_.options.limits.stop_timeout;
  for (Acceptor& acceptor : acceptors_) acceptor.close();
  for (const auto& session : sessions_)
    if (session->is_idle()) session->close();
  sweep_timer_.cancel();  // to begin again at the faster pace
  finish_if_empty();
}

void Loop::give_up_waiting() {
  stop_deadline_.reset();
  log::warning("stopping: requests still in flight are cancelled", {{"connections", sessions_.size()}});
  // A cancelled session may end at once, which changes the set.
  const std::vector<std::shared_ptr<Session>> left(sessions_.begin(), sessions_.end());
  for (const auto& session : left) {
    session->close();
    session->cancellation().emit(asio::cancellation_type::terminal);
  }
}

void Loop::spawn(Task<void> job) {
  asio::post(context_, [this, job = std::move(job)]() mutable {
    const auto entry = jobs_.emplace(jobs_.end());
    asio::co_spawn(
        context_, std::move(job),
        asio::bind_cancellation_slot(entry->cancellation.slot(), [this, entry](const std::exception_ptr& error) {
          if (error && !shared_.stopping) log::error("background job failed", {{"reason", reason_of(error)}});
          jobs_.erase(entry);
          finish_if_empty();
        }));
    if (shared_.stopping) entry->cancellation.emit(asio::cancellation_type::terminal);
  });
}

void Loop::finish_if_empty() {
  if (!shared_.stopping || !sessions_.empty()) return;
  if (jobs_.empty()) return context_.stop();
  for (auto job = jobs_.begin(); job != jobs_.end();) (job++)->cancellation.emit(asio::cancellation_type::terminal);
}

}  // namespace symbolon::net
