#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "jose/key_set.h"
#include "model/connection.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// How far a provider's clock may be off (login-runtime §0.4).
inline constexpr std::chrono::seconds kLeeway{60};

/// What failed; in the order of login-runtime §2.9, V1 to V16. V12 has nothing to check, since codes and access tokens
/// beside a front-channel ID token are not used; V17 is decided by the store that burns replay_key.
enum class IdTokenCheck {
  encrypted,          ///< V1
  shape,              ///< V1
  algorithm,          ///< V2
  type,               ///< V2
  unknown_key,        ///< V3: newer keys may help
  signature,          ///< V3
  key_issuer,         ///< V3: the key is published for another issuer (RP-7)
  tenant,             ///< V16: no usable `tid`, or one that is not allowed; found when V4 needs it
  issuer,             ///< V4
  audience,           ///< V5
  authorized_party,   ///< V6
  subject,            ///< V7
  expiry,             ///< V8: no `exp`
  expired,            ///< V8
  issue_time,         ///< V9: no `iat`
  issued_in_future,   ///< V9
  issued_too_early,   ///< V9
  not_before,         ///< V10
  nonce_missing,      ///< V11
  nonce,              ///< V11
  access_token_hash,  ///< V13
  auth_time_missing,  ///< V14
  auth_time,          ///< V14
  session_expiry,     ///< V15: missing or unusable
  session_expired,    ///< V15
};

/// "V4"
std::string_view rule_of(IdTokenCheck check);

/// What an ID token is checked against, besides the connection's settings.
struct IdTokenContext {
  std::string nonce;  ///< sent; empty when none was
  std::string challenge_method;
  Instant started_at{};
  std::optional<std::chrono::seconds> max_age;
  std::string access_token;  ///< that came with it; empty when none did
};

/// An ID token that passed every check.
struct IdToken {
  std::string header, claims;  ///< JSON objects, as received
  std::string issuer, subject;
  std::string replay_id;  ///< names this token among all of its issuer's: its jti, else what was signed
  Instant expires_at{};
  std::string acr, sid;
  std::vector<std::string> amr;
  std::optional<Instant> auth_time, session_expiry;
  std::vector<std::string> warnings;
};

struct IdTokenFailure {
  IdTokenCheck check;
  std::string expected, received;
  std::string facts;  ///< kid, alg, iss, aud and times as they stand in the token, for the log
};

/// Performs V1 to V16 in this order; the first failure counts. Keys come from `keys` alone, algorithms from the
/// settings alone. Pure.
[[nodiscard]] std::expected<IdToken, IdTokenFailure> verify_id_token(const std::string& compact,
                                                                     const jose::KeySet& keys,
                                                                     const model::UpstreamSettings& settings,
                                                                     const IdTokenContext& context, Instant now);

UpstreamError explain(const model::Connection& connection, const IdTokenFailure& failure);

}  // namespace symbolon::upstream
