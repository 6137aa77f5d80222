#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/requested_claims.h"

namespace symbolon::oidc {

/// What a client asked for with the parameter `claims` (OpenID Connect Core §5.5). Only what we act on: names that mean
/// nothing here are left out, as the section asks.
struct ClaimsParameter {
  model::RequestedClaims claims;  ///< of standard claims that a scope could give, each once
  /// Whom `sub` names by value; nobody when two places contradict each other. Absent: anybody.
  std::optional<std::vector<std::string>> subjects;
  std::vector<std::string> required_acr;  ///< essential, so that the sign-in must reach one (§5.5.1.1)
  std::vector<std::string> wished_acr;
};

inline constexpr std::size_t kMaxClaimsBytes = 4096;

/// Fails with a sentence for the client when the text is no such object, or longer than kMaxClaimsBytes.
[[nodiscard]] std::expected<ClaimsParameter, std::string> parse_claims_parameter(std::string_view text);

}  // namespace symbolon::oidc
