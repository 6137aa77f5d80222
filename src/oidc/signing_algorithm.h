#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "crypto/signature_algorithm.h"
#include "jose/algorithm_set.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// What we sign with (login-runtime ID-3); discovery lists the same ones.
std::span<const crypto::SignatureAlgorithm> signing_algorithms();

/// The same, for verifying our own tokens.
jose::AlgorithmSet accepted_algorithms();

/// Nullopt for an algorithm that a client or API asks for and we do not sign with: HS256, RS512, none.
std::optional<crypto::SignatureAlgorithm> find_signing_algorithm(std::string_view name);

/// `whose` is the record that asks: "the API", "the application".
model::OAuthError unsupported_algorithm(std::string_view whose, std::string_view name);

}  // namespace symbolon::oidc
