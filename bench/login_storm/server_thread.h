#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "login_storm/http_server.h"

namespace symbolon::bench {

/// Runs a handler behind a listening socket on a thread of its own, so that what it costs can be told apart from what
/// driving the load costs.
class ServerThread {
 public:
  /// Listens at once, and throws boost::system::system_error when it cannot. `handler` must outlive this.
  ServerThread(const std::string& address, unsigned short port, HttpHandler& handler);
  ~ServerThread();

  /// Stops answering and closes the port. What handlers opened on executor() may be destroyed afterwards, and must be
  /// before this is.
  void stop();
  ServerThread(const ServerThread&) = delete;
  ServerThread& operator=(const ServerThread&) = delete;

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  boost::asio::any_io_executor executor() { return context_.get_executor(); }
  /// Processor time that the thread has used so far.
  std::chrono::nanoseconds cpu_time() const;

 private:
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::thread thread_;
};

}  // namespace symbolon::bench
