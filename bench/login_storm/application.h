#pragma once

#include <expected>
#include <string>

#include "login_storm/http_connection.h"
#include "login_storm/options.h"

namespace symbolon::bench {

/// What an application remembers between sending somebody to the broker and seeing them again.
struct PendingLogin {
  std::string url;
  std::string state, nonce, verifier;
};

/// The part of a token answer that the storm uses.
struct TokenSet {
  std::string refresh_token;  ///< empty when none came
};

/// The client side of the code flow with PKCE (RFC 6749 §4.1, RFC 7636), as an ordinary application does it.
class Application {
 public:
  Application(const Options& options, const ClientProfile& client);

  /// An authorization request with a state, nonce and verifier of its own.
  PendingLogin begin() const;

  /// The code of a successful authorization response to `pending`.
  static std::expected<std::string, Failure> read_code(const PendingLogin& pending, const Parameters& landing);

  HttpRequest code_request(const PendingLogin& pending, const std::string& code) const;
  HttpRequest refresh_request(const std::string& refresh_token) const;
  HttpRequest client_credentials_request() const;

  /// A 200 with an access token; when `nonce` is given, also with an ID token that carries it. Signatures are not
  /// checked: that would measure the storm.
  static std::expected<TokenSet, Failure> read_tokens(const HttpResponse& response, const std::string& nonce);

  const ClientProfile& client() const { return client_; }

 private:
  HttpRequest token_request(Parameters form) const;

  const Options& options_;
  const ClientProfile& client_;
  std::string start_;   ///< the authorization request, but for what differs from login to login
  std::string target_;  ///< of the token endpoint
};

}  // namespace symbolon::bench
