#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "http/client.h"
#include "model/connection.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// What a token endpoint gave for a code.
struct TokenAnswer {
  std::string id_token, access_token, scope;
};

/// The error that a token endpoint stated; empty when its answer states none.
struct TokenRefusal {
  int status = 0;
  std::string error, description;

  /// The provider did not believe that it was us (RFC 6749 §5.2).
  bool is_about_client() const { return status == 401 || error == "invalid_client"; }
};

/// Reads an answer (login-runtime RP-63): JSON, and for oauth2 also form-encoded text. nullopt when it is a success.
std::optional<TokenRefusal> find_refusal(const http::OutboundResponse& answer, model::Strategy strategy);

/// The tokens of a success. Needs an id_token for oidc and okta, an access_token for oauth2, and Bearer as type; an
/// access token of another type, or without one for oidc, is not used and left out.
std::expected<TokenAnswer, UpstreamError> read_token_answer(const model::Connection& connection,
                                                            const http::OutboundResponse& answer);

/// RP-64: invalid_grant means that the person is refused, everything else that somebody must repair something.
UpstreamError explain(const model::Connection& connection, const TokenRefusal& refusal,
                      model::UpstreamAuthMethod method);

}  // namespace symbolon::upstream
