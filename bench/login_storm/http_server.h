#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.h"

namespace symbolon::bench {

struct ServerRequest {
  std::string method;
  std::string target;
  std::string authorization;
  std::string cookie;
  std::string body;

  std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

struct ServerResponse {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  bool close = false;  ///< hangs up after the answer, unannounced; with status 0 instead of it
};

/// Answers requests; several at once when connections wait for each other's I/O.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  virtual Task<ServerResponse> handle(ServerRequest request) = 0;
};

/// Opens a listening socket; port 0 lets the system choose. Throws boost::system::system_error.
boost::asio::ip::tcp::acceptor listen_on(boost::asio::any_io_executor executor, const std::string& address,
                                         unsigned short port);

/// Serves keep-alive connections until the acceptor is closed. `acceptor` and `handler` must outlive the io_context's
/// run.
Task<> serve(boost::asio::ip::tcp::acceptor& acceptor, HttpHandler& handler);

}  // namespace symbolon::bench
