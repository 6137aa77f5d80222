#include "oidc/signing_algorithm.h"

#include <algorithm>
#include <array>

#include "oidc/oauth_error.h"

namespace symbolon::oidc {
namespace {

using crypto::SignatureAlgorithm;

constexpr std::array kAlgorithms{SignatureAlgorithm::RS256, SignatureAlgorithm::PS256, SignatureAlgorithm::ES256};

}  // namespace

std::span<const SignatureAlgorithm> signing_algorithms() { return kAlgorithms; }

jose::AlgorithmSet accepted_algorithms() {
  jose::AlgorithmSet set;
  for (const SignatureAlgorithm algorithm : kAlgorithms) set.insert(algorithm);
  return set;
}

std::optional<SignatureAlgorithm> find_signing_algorithm(std::string_view name) {
  const auto algorithm = crypto::parse_signature_algorithm(name);
  if (!algorithm || std::ranges::find(kAlgorithms, *algorithm) == kAlgorithms.end()) return std::nullopt;
  return algorithm;
}

model::OAuthError unsupported_algorithm(std::string_view whose, std::string_view name) {
  return {model::OAuthCode::server_error,
          std::string(whose) + " is set to tokens signed with " + for_description(name) +
              "; set it to RS256, PS256 or ES256",
          {}};
}

}  // namespace symbolon::oidc
