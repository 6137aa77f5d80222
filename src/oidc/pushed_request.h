#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "db/transaction.h"
#include "http/form.h"
#include "model/client.h"

namespace symbolon::oidc {

/// How a pushed request is named; what follows is random (RFC 9126 §2.2).
inline constexpr std::string_view kPushedUriPrefix = "urn:ietf:params:oauth:request_uri:";

/// An authorization request that a client left with us.
struct PushedRequest {
  http::Form form;
  bool was_signed = false;  ///< it came in a request object
};

/// The part of a request_uri that we make up; drawn before the unit of work.
struct PushedName {
  std::string uri;
  model::TicketHash hash;
};
PushedName draw_pushed_name(Random& random);

void insert_pushed_request(db::Transaction& tx, const TenantId& tenant, const PushedName& name, const ClientId& client,
                           const std::string& base_url, const PushedRequest& pushed, Instant now,
                           std::chrono::seconds lifetime = model::Client().pushed_request_lifetime);

/// Takes it: a request_uri serves once (PAR-2). Nullopt when it is unknown, expired, used, another client's, or was
/// pushed on another host.
std::optional<PushedRequest> take_pushed_request(db::Transaction& tx, const TenantId& tenant, std::string_view uri,
                                                 const ClientId& client, const std::string& base_url, Instant now);

}  // namespace symbolon::oidc
