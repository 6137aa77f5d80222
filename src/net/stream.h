#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>
#include <optional>

#include "base/task.h"

namespace symbolon::net {

/// One accepted connection, plain or TLS. The only place where the two differ, and the only one that instantiates
/// Asio's stream operations. Operations report errors as error codes.
class Stream {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
  using Error = boost::system::error_code;

  struct Read {
    Error error;
    std::size_t bytes = 0;
  };

  /// `tls`: null for a plain connection; otherwise shared with the connection for its whole life.
  Stream(Socket socket, std::shared_ptr<boost::asio::ssl::context> tls);

  bool is_tls() const noexcept { return tls_.has_value(); }
  bool is_open() const noexcept { return (tls_ ? tls_->next_layer() : *plain_).is_open(); }
  Task<Error> handshake();
  Task<Read> read_some(boost::asio::mutable_buffer buffer);
  Task<Error> write(std::array<boost::asio::const_buffer, 2> buffers);
  /// Says to the peer that nothing more will come.
  Task<void> finish();

  /// Ends the operation in progress, but leaves the connection open.
  void cancel() noexcept;
  /// Ends it with the connection.
  void close() noexcept;

 private:
  Socket& socket() noexcept { return tls_ ? tls_->next_layer() : *plain_; }

  std::shared_ptr<boost::asio::ssl::context> context_;
  std::optional<Socket> plain_;
  std::optional<boost::asio::ssl::stream<Socket>> tls_;
};

}  // namespace symbolon::net
