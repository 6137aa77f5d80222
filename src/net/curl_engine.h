#pragma once

#include <curl/curl.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "base/task.h"

namespace symbolon::net {

class CurlEngine;

/// One libcurl transfer: the easy handle while it is in use. Goes away with the coroutine that awaits it, which also
/// takes it out of the engine.
class CurlTransfer {
 public:
  explicit CurlTransfer(CurlEngine& engine);
  ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  /// Freshly reset: every option is the caller's to set.
  CURL* easy() const noexcept { return easy_; }
  /// Waits for the end. Throws operation_aborted when the caller is cancelled.
  Task<CURLcode> perform();

 private:
  friend class CurlEngine;

  CurlEngine* engine_;  ///< null when the io_context is being destroyed
  CURL* easy_;
  boost::asio::steady_timer finished_;  ///< never expires: cancelled when the transfer has ended
  bool running_ = false;
  CURLcode result_ = CURLE_OK;
};

/// A libcurl multi handle driven by one io_context: sockets and timeouts become Asio's, connections are kept for reuse.
/// Used on the io_context's thread only.
class CurlEngine {
 public:
  CurlEngine(boost::asio::any_io_executor executor, std::size_t idle_connections);
  ~CurlEngine();
  CurlEngine(const CurlEngine&) = delete;
  CurlEngine& operator=(const CurlEngine&) = delete;

  const boost::asio::any_io_executor& executor() const noexcept { return executor_; }

 private:
  friend class CurlTransfer;

  struct Watch {
    explicit Watch(const boost::asio::any_io_executor& executor) : descriptor(executor) {}
    boost::asio::posix::stream_descriptor descriptor;
    curl_socket_t socket = CURL_SOCKET_BAD;
    int wanted = 0;
    bool reading = false;
    bool writing = false;
    bool removed = false;
  };

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long milliseconds, void* self);
  using Time = std::chrono::steady_clock::time_point;

  CURL* take_easy();
  void give_back(CURL* easy);
  void start(CurlTransfer& transfer);
  void stop(CurlTransfer& transfer, CURLcode result);
  void remove(CurlTransfer& transfer);
  void call_soon();
  void arm_timer(Time at);
  void watch(curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket);
  void wait(const std::shared_ptr<Watch>& watch);
  void ready(const std::shared_ptr<Watch>& watch, int event);
  void act(curl_socket_t socket, int events);
  void collect_finished();

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer timer_;
  std::optional<Time> due_;    ///< when libcurl wants to be called
  std::optional<Time> armed_;  ///< when the timer fires, which may be earlier
  bool called_soon_ = false;
  std::size_t running_ = 0;
  CURLM* multi_;
  CURLSH* share_;
  std::vector<CURL*> idle_;
  std::unordered_set<CurlTransfer*> transfers_;
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace symbolon::net
