#pragma once

#include <string>
#include <vector>

namespace symbolon::http {

/// Which addresses an outbound call may reach, and how. Empty lists mean: public addresses only, system trust store.
struct EgressPolicy {
  std::vector<std::string> allowed_networks;  ///< CIDR blocks that are permitted although private
  bool allow_http = false;                    ///< plain http, for loopback tests and --dev
  bool allow_private = false;                 ///< --dev: every address
  std::string ca_pem;                         ///< additional trust anchors, PEM; empty: system's only
  std::string proxy;                          ///< URL of an HTTP(S) proxy; empty: direct
  /// The proxy comes from the operator's configuration: where it stands is the operator's business. A proxy that a
  /// connection names is an address like any other.
  bool proxy_is_operators = false;

  friend bool operator==(const EgressPolicy&, const EgressPolicy&) = default;
};

}  // namespace symbolon::http
