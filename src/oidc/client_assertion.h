#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/site.h"
#include "model/client.h"

namespace symbolon::oidc {

inline constexpr std::size_t kMaxAssertionBytes = 2048;

/// The client that an assertion claims to be from: `sub`, not yet proved. Nullopt when it is no assertion at all.
std::optional<ClientId> claimed_client(const std::string& assertion);

/// A proved assertion that must still be burnt.
struct ProvedAssertion {
  std::string jti;
  Instant expires_at{};
};

/// Checks a private_key_jwt assertion (login-runtime TK-2, RFC 7523 §3) with the keys that the client registered, each
/// with its own algorithm. The error is for the log.
std::expected<ProvedAssertion, std::string> prove_assertion(const std::string& assertion, const model::Client& client,
                                                            const http::Site& site, Instant now);

}  // namespace symbolon::oidc
