#pragma once

#include <expected>
#include <optional>
#include <string>

#include "base/clock.h"
#include "http/site.h"
#include "model/service_user.h"

namespace symbolon::zitadel {

/// Whose assertion this claims to be, and which key made it: not yet proved. Nullopt when it is none at all.
struct ClaimedAssertion {
  model::ServiceUserId user;  ///< iss
  std::string key;            ///< kid
};
std::optional<ClaimedAssertion> claimed_assertion(const std::string& assertion);

/// A proved assertion; `jti` is empty when it has none.
struct ProvedProfile {
  std::string jti;
  Instant expires_at{};
};

/// Checks a JWT profile assertion (RFC 7523 §3, zitadel-idps §5.2): made with `key` and its own algorithm, iss and sub are
/// the key's user, aud is this server alone, at most an hour long. The error is for the log.
std::expected<ProvedProfile, std::string> prove_profile(const std::string& assertion, const model::ServiceUserKey& key,
                                                        const http::Site& site, Instant now);

}  // namespace symbolon::zitadel
