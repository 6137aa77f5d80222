#include "login_storm/http_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

namespace symbolon::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto kOutcome = asio::as_tuple(asio::use_awaitable);

std::string serialize(const ServerResponse& response) {
  std::string out;
  out.reserve(256 + response.body.size());
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(http::obsolete_reason(http::int_to_status(response.status)));
  out.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
  if (!response.body.empty()) out.append("\r\nContent-Type: ").append(response.content_type);
  for (const auto& [name, value] : response.headers) out.append("\r\n").append(name).append(": ").append(value);
  return out.append("\r\n\r\n").append(response.body);
}

ServerRequest take_request(http::request<http::string_body>& message) {
  return {.method = std::string(message.method_string()),
          .target = std::string(message.target()),
          .authorization = std::string(message[http::field::authorization]),
          .cookie = std::string(message[http::field::cookie]),
          .body = std::move(message.body())};
}

Task<> converse(tcp::socket socket, HttpHandler& handler) {
  boost::beast::flat_buffer buffer;
  for (bool keep_alive = true; keep_alive;) {
    http::request_parser<http::string_body> parser;
    const auto [read_error, received] = co_await http::async_read(socket, buffer, parser, kOutcome);
    if (read_error) break;
    keep_alive = parser.keep_alive();
    const ServerResponse response = co_await handler.handle(take_request(parser.get()));
    if (response.status == 0) break;
    keep_alive = keep_alive && !response.close;
    const std::string bytes = serialize(response);
    const auto [write_error, sent] = co_await asio::async_write(socket, asio::buffer(bytes), kOutcome);
    if (write_error) break;
  }
  boost::system::error_code ignored;
  socket.shutdown(tcp::socket::shutdown_both, ignored);
}

}  // namespace

tcp::acceptor listen_on(asio::any_io_executor executor, const std::string& address, unsigned short port) {
  return tcp::acceptor(std::move(executor), tcp::endpoint(asio::ip::make_address(address), port), true);
}

Task<> serve(tcp::acceptor& acceptor, HttpHandler& handler) {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(kOutcome);
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) continue;
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    asio::co_spawn(acceptor.get_executor(), converse(std::move(socket), handler), asio::detached);
  }
}

}  // namespace symbolon::bench
