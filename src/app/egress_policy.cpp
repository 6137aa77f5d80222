#include "app/egress_policy.h"

#include "app/private_file.h"

namespace symbolon::app {

http::EgressPolicy egress_policy(const Config& config) {
  http::EgressPolicy policy;
  policy.allowed_networks = config.allowed_networks;
  policy.allow_http = config.insecure_upstreams;
  policy.allow_private = config.dev;
  if (!config.upstream_ca.empty()) policy.ca_pem = read_file(config.upstream_ca);
  policy.proxy = config.outbound_proxy;
  policy.proxy_is_operators = !policy.proxy.empty();
  return policy;
}

}  // namespace symbolon::app
