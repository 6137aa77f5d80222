#include "login_storm/http_connection.h"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

namespace symbolon::bench {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr auto kOutcome = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kMaxBody = 4 << 20;
constexpr std::size_t kMaxHeader = 64 << 10;

std::string serialize(const HttpRequest& request, const std::string& authority) {
  std::string out;
  out.reserve(512 + request.target.size() + request.body.size());
  out.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\nHost: ").append(authority);
  for (const auto& [name, value] : request.headers) out.append("\r\n").append(name).append(": ").append(value);
  if (!request.body.empty() || request.method == "POST")
    out.append("\r\nContent-Length: ").append(std::to_string(request.body.size()));
  return out.append("\r\n\r\n").append(request.body);
}

HttpResponse take_response(http::response<http::string_body>& message) {
  HttpResponse response{.status = message.result_int(),
                        .location = std::string(message[http::field::location]),
                        .content_type = std::string(message[http::field::content_type]),
                        .set_cookies = {},
                        .body = std::move(message.body())};
  const auto [first, last] = message.equal_range(http::field::set_cookie);
  for (auto line = first; line != last; ++line) response.set_cookies.emplace_back(line->value());
  return response;
}

}  // namespace

Endpoint resolve_endpoint(const std::string& host, const std::string& port) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  const bool literal = host.starts_with('[') && host.ends_with(']');
  const auto found = resolver.resolve(literal ? host.substr(1, host.size() - 2) : host, port);
  // localhost may name ::1 first although most servers of this kind listen on 127.0.0.1 only.
  for (const auto& entry : found)
    if (entry.endpoint().address().is_v4()) return {host + ":" + port, entry.endpoint()};
  return {host + ":" + port, found.begin()->endpoint()};
}

HttpConnection::HttpConnection(asio::any_io_executor executor, Endpoint endpoint, std::chrono::milliseconds timeout)
    : stream_(std::move(executor)), endpoint_(std::move(endpoint)), timeout_(timeout) {}

void HttpConnection::close() {
  stream_.close();
  buffer_.clear();
}

Task<std::expected<HttpResponse, Failure>> HttpConnection::exchange(HttpRequest request) {
  const std::string bytes = serialize(request, endpoint_.authority);
  for (bool retried = false;; retried = true) {
    const bool reused = stream_.socket().is_open();
    Attempt result = co_await attempt(&bytes, request.method == "HEAD");
    if (!result.error) {
      if (!result.keep_alive) close();
      co_return std::move(result.response);
    }
    close();
    if (reused && result.unanswered && !retried) continue;
    const std::string target = request.target.substr(0, request.target.find('?'));
    co_return std::unexpected(Failure{std::string(result.during) + ": " + result.error.message(),
                                      request.method + " " + target + " at " + endpoint_.authority});
  }
}

Task<HttpConnection::Attempt> HttpConnection::attempt(const std::string* bytes, bool head_only) {
  Attempt result;
  stream_.expires_after(timeout_);
  if (!stream_.socket().is_open()) {
    result.during = "connect";
    std::tie(result.error) = co_await stream_.async_connect(endpoint_.address, kOutcome);
    if (result.error) co_return result;
    stream_.socket().set_option(asio::ip::tcp::no_delay(true));
    ++opened_;
  }
  std::size_t size = 0;
  result.during = "send";
  std::tie(result.error, size) = co_await asio::async_write(stream_, asio::buffer(*bytes), kOutcome);
  result.unanswered = static_cast<bool>(result.error);
  if (result.error) co_return result;

  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxBody);
  parser.header_limit(kMaxHeader);
  parser.skip(head_only);
  result.during = "receive";
  std::tie(result.error, size) = co_await http::async_read(stream_, buffer_, parser, kOutcome);
  if (result.error) {
    const bool timed_out = result.error == boost::beast::error::timeout;
    result.unanswered = !timed_out && !parser.got_some() && buffer_.size() == 0;
    co_return result;
  }
  result.keep_alive = parser.get().keep_alive();
  result.response = take_response(parser.get());
  co_return result;
}

}  // namespace symbolon::bench
