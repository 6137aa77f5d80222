#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "login_storm/http_server.h"
#include "login_storm/signer.h"
#include "login_storm/url.h"

namespace symbolon::bench {

struct StubConfig {
  std::string issuer;  ///< `http://host:port`, without a slash at the end
  std::string client_id = "storm";
  std::string client_secret = "storm-secret";
  /// How many different people sign in, one after the other; 0: every login is somebody new.
  std::uint64_t people = 1000;
};

/// An OpenID provider that asks nobody: whoever comes to its authorization endpoint is signed in at once.
///
/// It keeps no state. A code carries, in the clear, all that the token endpoint needs, so that codes can be made in any
/// thread or process and cost nothing. Client secret and PKCE are checked, since a broker that sends the wrong ones is
/// set up wrongly; single use is not.
class StubProvider final : public HttpHandler {
 public:
  /// Travellers number themselves below this, to find their own upstream time again.
  static constexpr unsigned kMaxTravellers = 4096;

  StubProvider(StubConfig config, Signer signer, const Clock& clock);

  const StubConfig& config() const { return config_; }
  std::string authorization_endpoint() const { return config_.issuer + "/authorize"; }

  /// What the authorization endpoint answers: a redirect with a code, or a page with a form_post form that carries an
  /// ID token. Thread-safe; only the form costs a signature.
  ServerResponse authorize(const Parameters& request, unsigned traveller);
  static bool wants_id_token(const Parameters& request);

  /// Serves /.well-known/openid-configuration, /jwks, /authorize, /token and /userinfo.
  Task<ServerResponse> handle(ServerRequest request) override;

  /// How long the token endpoint worked on that traveller's last code; zero before the first.
  std::chrono::nanoseconds token_time(unsigned traveller) const;
  std::uint64_t tokens_signed() const { return signed_; }

 private:
  struct Grant {
    unsigned traveller = 0;
    std::string subject, challenge, nonce;
  };
  static std::string encode(const Grant& grant);
  static std::optional<Grant> decode(std::string_view code);

  std::string discovery() const;
  ServerResponse token(const ServerRequest& request);
  ServerResponse userinfo(const ServerRequest& request) const;
  bool is_client(const ServerRequest& request, const Parameters& form) const;
  std::string id_token(const Grant& grant, std::string_view access_token);

  StubConfig config_;
  Signer signer_;
  const Clock& clock_;
  std::string discovery_, jwks_;
  std::atomic<std::uint64_t> next_person_{0};
  std::atomic<std::uint64_t> signed_{0};
  std::vector<std::atomic<std::int64_t>> token_times_;
};

}  // namespace symbolon::bench
