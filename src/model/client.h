#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/sealed.h"

namespace symbolon::model {

/// How a client proves itself at the token endpoint (RFC 6749 §2.3, OpenID Connect Core §9).
enum class ClientAuthMethod { none, client_secret_post, client_secret_basic, private_key_jwt };

/// A further API for which a refresh token is good, and what it gives there (login-runtime RT-8).
struct RefreshResource {
  std::string audience;
  std::vector<std::string> scope;
};

/// Life and reach of a client's refresh tokens (login-runtime §1.12).
struct RefreshTokenPolicy {
  bool rotating = false;
  bool expiring = false;
  std::chrono::seconds leeway{0};
  std::chrono::seconds lifetime{31557600};
  std::chrono::seconds idle_lifetime{2592000};
  bool infinite_lifetime = true;
  bool infinite_idle_lifetime = true;
  std::vector<RefreshResource> resources{};
};

/// A public key that a client registered. One that signs requests proves nothing at the token endpoint unless it was
/// registered for that as well, and the reverse (RFC 9101 §10.8).
struct ClientKey {
  std::string credential_id;
  std::string kid;
  std::string algorithm;
  std::string spki_pem;
  std::optional<Instant> expires_at;
  bool authenticates = false;   ///< registered for private_key_jwt
  bool signs_requests = false;  ///< registered for request objects
};

/// An application that signs its users in through us. Typed members are what the server acts on; `doc` is the object
/// that the Management API shows (without secrets), from which they are read.
struct Client {
  TenantId tenant;
  ClientId id;
  std::string name;
  std::string app_type;  ///< empty when never stated
  bool first_party = true;
  bool global = false;  ///< "All Applications": listed, never usable
  std::vector<std::string> callbacks, allowed_logout_urls, web_origins, allowed_origins, grant_types;
  ClientAuthMethod auth = ClientAuthMethod::client_secret_post;  ///< effective, after the default by app_type
  bool auth_is_stated = false;  ///< `auth` was chosen, not defaulted; then the other way to send a secret is refused
  std::vector<ClientKey> keys;
  std::string id_token_algorithm = "RS256";
  std::chrono::seconds id_token_lifetime{36000};
  bool id_token_profile_claims = true;
  std::map<std::string, std::string> id_token_claims;  ///< claim name → `user.attribute`
  std::string initiate_login_uri;
  std::string logo_uri;
  bool require_par = false;
  std::chrono::seconds pushed_request_lifetime{60};
  bool require_signed_request = false;
  bool auto_redirect_single_connection = false;
  bool skip_non_verifiable_callback_confirmation = false;
  bool open_redirect_protection = true;
  bool session_expiry_claim = true;
  RefreshTokenPolicy refresh;
  std::vector<std::string> backchannel_logout_urls;
  std::vector<std::string> backchannel_logout_initiators;  ///< effective list; "all" for every one
  std::string backchannel_logout_typ = "JWT";
  ClientSecretHash secret_hash;
  SealedSecret secret;  ///< purpose "client-secret", associated data "tenant|client_id"
  std::string doc;      ///< JSON object
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};

  /// Holds no secret that it could keep (RFC 6749 §2.1): PKCE is then required.
  bool is_public() const { return auth == ClientAuthMethod::none; }
  bool allows_grant(std::string_view grant_type) const;
};

}  // namespace symbolon::model
