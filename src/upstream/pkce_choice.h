#pragma once

#include <string_view>

#include "model/upstream_settings.h"

namespace symbolon::upstream {

/// The code_challenge_method of a login: S256, plain, or empty for none (login-runtime RP-23). PKCE that is disabled in
/// the connection is used all the same when the provider says that it knows S256 (design §8).
std::string_view choose_challenge_method(const model::UpstreamSettings& settings);

/// Whether the provider's metadata lists S256.
bool advertises_s256(const model::UpstreamSettings& settings);

}  // namespace symbolon::upstream
