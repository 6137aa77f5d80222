#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/headers.h"

struct ssl_st;
struct ssl_session_st;

namespace symbolon {

/// What came back over a RawConnection.
struct RawResponse {
  std::string status_line;
  int status = 0;
  http::Headers headers;
  std::string body;
};

/// How a RawConnection starts TLS.
struct RawTls {
  std::string ca_pem;
  std::string host = "localhost";
  int newest_version = 0;             ///< TLS1_1_VERSION and so on; 0: no limit
  ssl_session_st* session = nullptr;  ///< to resume
};

/// A blocking connection to 127.0.0.1 on which a test writes exactly the bytes that it wants. Nothing waits longer than
/// ten seconds. Throws std::runtime_error where the other side does not do what is expected.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port);
  RawConnection(std::uint16_t port, const RawTls& tls);
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  void send(std::string_view bytes);
  /// False when the other side no longer takes them.
  bool try_send(std::string_view bytes);
  void finish_sending();
  /// One response; `head_only` for the answer to HEAD.
  RawResponse read_response(bool head_only = false);
  /// Everything until the other side closes.
  std::string read_to_end();
  /// True when bytes, or the end, come within `limit`.
  bool is_readable_within(std::chrono::milliseconds limit);

  ssl_st* tls() noexcept { return tls_; }

 private:
  void connect(std::uint16_t port);
  std::size_t receive();

  int socket_ = -1;
  ssl_st* tls_ = nullptr;
  std::string buffer_;
};

}  // namespace symbolon
