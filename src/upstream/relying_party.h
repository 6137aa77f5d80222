#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "crypto/secret_box.h"
#include "http/client.h"
#include "http/form.h"
#include "http/site.h"
#include "model/connection.h"
#include "upstream/assertion_keys.h"
#include "upstream/code_exchange.h"
#include "upstream/jwks_cache.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

struct IdToken;

/// What the login remembered when the browser left.
struct Expectation {
  std::string nonce, verifier, challenge_method;
  Instant started_at{};
  std::optional<std::chrono::seconds> max_age;  ///< sent upstream
};

/// A person, proved by a provider. The only maker is RelyingParty::prove, so code that holds one may trust it.
struct ProvenIdentity {
  std::string issuer, subject;
  std::string claims;           ///< JSON object: every claim of the ID token, or the user endpoint's answer (oauth2)
  std::string userinfo;         ///< JSON object; empty unless a mapping template asked for it (RP-66)
  std::string id_token;         ///< compact; empty for oauth2. Only for the logout hint, never logged
  std::string id_token_header;  ///< JSON object
  std::string access_token;     ///< empty in the front channel
  std::string scope_granted;
  std::string acr;
  std::vector<std::string> amr;
  std::string upstream_sid;
  std::optional<Instant> auth_time, session_expiry;
  /// Front channel: hash input and expiry under which the token is burnt (V17); empty otherwise.
  std::string replay_key;
  Instant replay_expires_at{};
  std::vector<std::string> warnings;  ///< in plain words: nonce missing, clock off by 40 s, …
  std::vector<Exchange> exchanges;
  bool needed_new_keys = false;  ///< the provider's keys had to be fetched anew (RP-11)
};

/// Talks to providers (login-runtime §2.6 steps 3–9). Holds no thread, lock or transaction while it waits. Thread-safe.
class RelyingParty {
 public:
  RelyingParty(http::Client& client, JwksCache& keys, AssertionKeys& assertion_keys, const crypto::SecretBox& box,
               Workers& workers, const Clock& clock, Random& random, http::EgressPolicy egress);

  /// Checks an authorization response and turns it into an identity: mix-up defence, error mapping, token request, ID
  /// token or user endpoint, userinfo when due. `connection` must be the one that the login started with.
  Task<std::expected<ProvenIdentity, UpstreamError>> prove(std::shared_ptr<const model::Connection> connection,
                                                           http::Site site, http::Form response, bool posted,
                                                           Expectation expectation);

 private:
  using Proof = std::expected<ProvenIdentity, UpstreamError>;
  struct Arrival;

  Task<Proof> run(Arrival arrival);
  Task<Proof> front_channel(Arrival arrival);
  Task<Proof> back_channel(Arrival arrival);
  Task<Proof> oauth2(Arrival arrival);
  Task<std::expected<IdToken, UpstreamError>> verify(Arrival arrival, std::string compact, std::string access_token);
  Task<std::expected<TokenAnswer, UpstreamError>> redeem(Arrival arrival);

  http::Client& client_;
  JwksCache& keys_;
  CodeExchange exchange_;
  const Clock& clock_;
  http::EgressPolicy egress_;
};

/// Server-wide policy plus what this connection is allowed in addition.
http::EgressPolicy egress_for(const http::EgressPolicy& server, const model::UpstreamSettings& settings);

}  // namespace symbolon::upstream
