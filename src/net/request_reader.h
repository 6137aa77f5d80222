#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/request.h"

namespace symbolon::net {

/// Why a request is not taken: status, and the sentence for `error_description`.
struct Refusal {
  int status = 400;
  std::string_view description;
};

/// Turns the bytes of a connection into http::Requests, one after another (RFC 9112). Strict about whatever two servers
/// in a row could read differently: Content-Length given twice or together with Transfer-Encoding, any coding but
/// `chunked`, a missing or repeated Host. Does no input or output.
class RequestReader {
 public:
  enum class Stage {
    head,       ///< wants more bytes of the request line or the fields
    head_done,  ///< the head is complete: call allow_body() before the next feed()
    body,
    complete,  ///< take() the request
    refused,   ///< see refusal(); the connection cannot be used for another request
  };

  /// `header_limit`: bytes of request line and fields together.
  explicit RequestReader(std::size_t header_limit);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  RequestReader& operator=(const RequestReader&) = delete;

  /// Uses bytes from the front of `bytes` until it needs more or a stage ends. Returns how many it used; the caller
  /// gives the others again, with more behind them.
  std::size_t feed(std::string_view bytes);

  Stage stage() const noexcept;
  const Refusal& refusal() const noexcept;

  /// Method, path, query and headers from Stage::head_done on.
  const http::Request& request() const noexcept;
  /// Goes on to the body, of at most `limit` bytes.
  void allow_body(std::size_t limit);
  /// The client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
  bool wants_continue() const noexcept;
  /// The connection may carry another request after this one. From Stage::head_done until take().
  bool keep_alive() const noexcept;
  bool is_http_1_0() const noexcept;

  /// The complete request; the reader is ready for the next one.
  http::Request take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::net
