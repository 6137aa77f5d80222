#pragma once

#include <cstddef>
#include <memory>

#include "http/client.h"

namespace symbolon::net {

/// What outbound calls may cost; each thread that sends counts on its own.
struct ClientLimits {
  std::size_t calls_per_host = 64;      ///< at the same time; more wait behind their own host only
  std::size_t calls = 1024;             ///< at the same time to all hosts together
  std::size_t waiting_per_host = 1024;  ///< more fail at once
  std::size_t idle_connections = 256;   ///< kept open for the next call
  std::size_t header_bytes = 64 << 10;  ///< of an answer
};

/// The outbound client over libcurl (design §2 rule 6, login-runtime SEC-39 to SEC-41).
///
/// Every address is checked where it is connected to, and again before a request goes over a connection that an earlier
/// call opened under another policy. TLS 1.2 or newer with host name check, trusting the system's authorities and those
/// of the policy. No environment, no cookies, no netrc, no decompression. A POST, PUT, PATCH or DELETE is never sent
/// twice. With a proxy in the policy, it is the proxy's address that is checked, unless the proxy is the operator's; of
/// the target only address literals are, since names are the proxy's to resolve.
///
/// May be used from several threads, each running an io_context alone; connections are kept per io_context.
class CurlClient final : public http::Client {
 public:
  explicit CurlClient(ClientLimits limits = {});
  ~CurlClient() override;

  /// Never throws for a failed call. When the caller is cancelled, the call ends and Asio's operation_aborted is
  /// thrown.
  Task<std::expected<http::OutboundResponse, http::FetchError>> send(http::OutboundRequest request) override;

 private:
  struct Shared;
  std::shared_ptr<const Shared> shared_;
};

}  // namespace symbolon::net
