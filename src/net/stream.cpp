#include "net/stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace symbolon::net {
namespace asio = boost::asio;
namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

Stream::Stream(Socket socket, std::shared_ptr<asio::ssl::context> tls) : context_(std::move(tls)) {
  if (context_) {
    tls_.emplace(std::move(socket), *context_);
  } else {
    plain_.emplace(std::move(socket));
  }
}

Task<Stream::Error> Stream::handshake() {
  if (!tls_) co_return Error();
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kTuple);
  co_return error;
}

Task<Stream::Read> Stream::read_some(asio::mutable_buffer buffer) {
  if (tls_) {
    const auto [error, bytes] = co_await tls_->async_read_some(buffer, kTuple);
    co_return Read{error, bytes};
  }
  const auto [error, bytes] = co_await plain_->async_read_some(buffer, kTuple);
  co_return Read{error, bytes};
}

Task<Stream::Error> Stream::write(std::array<asio::const_buffer, 2> buffers) {
  if (tls_) {
    const auto [error, bytes] = co_await asio::async_write(*tls_, buffers, kTuple);
    co_return error;
  }
  const auto [error, bytes] = co_await asio::async_write(*plain_, buffers, kTuple);
  co_return error;
}

Task<void> Stream::finish() {
  if (tls_) (void)co_await tls_->async_shutdown(kTuple);
  Error ignored;
  socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

void Stream::cancel() noexcept {
  Error ignored;
  socket().cancel(ignored);
}

void Stream::close() noexcept {
  Error ignored;
  socket().close(ignored);
}

}  // namespace symbolon::net
