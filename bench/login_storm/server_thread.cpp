#include "login_storm/server_thread.h"

#include <pthread.h>
#include <time.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace symbolon::bench {

ServerThread::ServerThread(const std::string& address, unsigned short port, HttpHandler& handler)
    : acceptor_(listen_on(context_.get_executor(), address, port)) {
  boost::asio::co_spawn(context_, serve(acceptor_, handler), boost::asio::detached);
  thread_ = std::thread([this] { context_.run(); });
}

ServerThread::~ServerThread() { stop(); }

void ServerThread::stop() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

std::chrono::nanoseconds ServerThread::cpu_time() const {
  clockid_t clock{};
  timespec used{};
  if (pthread_getcpuclockid(thread_.native_handle(), &clock) != 0 || clock_gettime(clock, &used) != 0) return {};
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace symbolon::bench
