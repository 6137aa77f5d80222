#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "model/oauth_error.h"

namespace symbolon::upstream {

/// One call to the provider as an administrator may see it: no query, no secret, token or code.
struct Exchange {
  std::string purpose;  ///< discovery, keys, token, userinfo
  std::string method, url;
  int status = 0;  ///< 0: no answer
  std::chrono::milliseconds elapsed{0};
  std::string excerpt;  ///< at most 2 KiB of the answer, secrets replaced by "•••"
};

/// Why a login through a provider failed, for three audiences: `downstream` for the application, the rest for the
/// administrator's explanation (login-runtime DB-5).
struct UpstreamError {
  std::string step;   ///< configuration, authorization_response, token_request, id_token, userinfo, mapping, admission
  std::string rule;   ///< id of the failed check in login-runtime: "V4", "RP-50"
  std::string check;  ///< the check in plain words
  std::string expected, received;  ///< redacted: nonces to six characters, never a token
  std::string hint;                ///< what to change, and where
  std::vector<Exchange> exchanges;
  model::OAuthError downstream;
};

}  // namespace symbolon::upstream
