#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "net/session.h"

namespace symbolon::net {

/// One thread of the server: its io_context, its acceptors and the connections that they took. Everything but
/// begin_stop() and spawn() happens on the thread that runs it.
class Loop {
 public:
  using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using TlsContext = std::shared_ptr<boost::asio::ssl::context>;

  Loop(const ServerOptions& options, const Dispatch& dispatch, const Clock& clock, Random& random);
  ~Loop();

  boost::asio::io_context& context() noexcept { return context_; }
  /// Before run(). `tls` is null for plain http.
  void add_acceptor(Acceptor acceptor, TlsContext tls);
  /// Returns when begin_stop() was called and every connection and job has ended.
  void run();
  void begin_stop();
  void spawn(Task<void> job);

 private:
  struct Job {
    boost::asio::cancellation_signal cancellation;
  };

  Task<void> accept(Acceptor& acceptor, TlsContext tls);
  void admit(Stream::Socket socket, const TlsContext& tls);
  bool make_room();
  void end(const std::shared_ptr<Session>& session, const std::exception_ptr& error);
  void start_sweeping();
  void sweep();
  void stop_now();
  void give_up_waiting();
  void finish_if_empty();

  SessionSurroundings shared_;
  std::size_t max_sessions_;
  std::list<Job> jobs_;  // before the io_context: whatever it still holds when it goes refers to these
  boost::asio::io_context context_;
  boost::asio::steady_timer sweep_timer_;
  bool sweeping_ = false;
  std::list<Acceptor> acceptors_;
  std::unordered_set<std::shared_ptr<Session>> sessions_;
  std::optional<Session::Time> stop_deadline_;
};

}  // namespace symbolon::net
