#pragma once

#include <string>
#include <string_view>

#include "base/id.h"

namespace symbolon::http {

/// The host name that a request was addressed to, `{D}` of the specification: a tenant's canonical host or one of its
/// verified domains. Everything emitted during a request uses this and never the Host header (threats T42).
struct Site {
  TenantId tenant;
  std::string base_url;  ///< scheme, host and port, without a trailing slash
  std::string host;      ///< host and port as in `base_url`
  bool secure = true;    ///< https; false only for a loopback public URL

  /// `iss` of every token: the base URL with a trailing slash, byte for byte what SDKs compare.
  std::string issuer() const { return base_url + "/"; }
  std::string url(std::string_view path) const { return base_url + std::string(path); }
};

}  // namespace symbolon::http
