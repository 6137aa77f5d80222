#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/secret.h"
#include "http/form.h"
#include "http/headers.h"
#include "model/client.h"
#include "model/oauth_error.h"

namespace symbolon::oidc {

/// An id with the secret that came with it.
struct PresentedSecret {
  ClientId client;
  Secret secret;
};

/// How a client says who it is, before anything is proved (login-runtime TK-1).
struct PresentedCredentials {
  model::ClientAuthMethod method = model::ClientAuthMethod::none;
  /// Of client_id in the body, or of the assertion; empty when only HTTP Basic names the client.
  ClientId client;
  /// HTTP Basic is read twice, form-decoded as RFC 6749 §2.3.1 says and raw as many clients send it.
  std::vector<PresentedSecret> secrets;
  std::string assertion;
};

/// HTTP Basic was tried, so a refusal offers it (TK-3).
bool tries_basic(const http::Headers& headers);

/// One mechanism, or invalid_request. A client id that differs between its places is invalid_client (SEC-44).
std::expected<PresentedCredentials, model::OAuthError> read_credentials(const http::Headers& headers,
                                                                        const http::Form& form);

/// Whether the client may use that method. `either_secret`: Basic and body count the same (management-api §5.2).
bool is_registered_method(const model::Client& client, model::ClientAuthMethod method, bool either_secret);

/// False for an empty or blank secret, one with a NUL, or a client that has none. Takes the same time for every other
/// secret of the same length, and for a client that does not exist (null).
bool is_right_secret(const model::Client* client, const std::vector<PresentedSecret>& secrets);

}  // namespace symbolon::oidc
