#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "base/task.h"
#include "login_storm/failure.h"

namespace symbolon::bench {

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";
  std::vector<std::pair<std::string, std::string>> headers;  ///< besides Host and Content-Length
  std::string body;
};

/// The parts of an answer that a login looks at.
struct HttpResponse {
  unsigned status = 0;
  std::string location;
  std::string content_type;
  std::vector<std::string> set_cookies;
  std::string body;
};

/// Where a server listens. Resolved once, so that name resolution is not part of a login.
struct Endpoint {
  std::string authority;  ///< for the Host header
  boost::asio::ip::tcp::endpoint address;
};

/// Resolves a host with its port; throws boost::system::system_error when the name is unknown.
Endpoint resolve_endpoint(const std::string& host, const std::string& port);

/// One keep-alive client connection. Opened with the first request, opened again after the server closed it.
/// One exchange at a time.
class HttpConnection {
 public:
  HttpConnection(boost::asio::any_io_executor executor, Endpoint endpoint, std::chrono::milliseconds timeout);

  /// Sends the request and reads the whole answer, each within the timeout. A request that meets a connection closed
  /// while idle is sent once more on a fresh one, as browsers do.
  Task<std::expected<HttpResponse, Failure>> exchange(HttpRequest request);

  void close();
  /// Connections opened so far.
  unsigned long opened() const { return opened_; }

 private:
  struct Attempt {
    boost::system::error_code error;
    const char* during = "";
    bool unanswered = false;  ///< not one byte of an answer came
    bool keep_alive = false;
    HttpResponse response;
  };
  Task<Attempt> attempt(const std::string* bytes, bool head_only);

  boost::beast::tcp_stream stream_;
  Endpoint endpoint_;
  std::chrono::milliseconds timeout_;
  boost::beast::flat_buffer buffer_;
  unsigned long opened_ = 0;
};

}  // namespace symbolon::bench
