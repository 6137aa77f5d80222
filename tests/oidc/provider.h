#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/random.h"
#include "db/database.h"
#include "http/form.h"
#include "oidc/access_token_verifier.h"
#include "oidc/authorization_issuer.h"
#include "oidc/client_authentication.h"
#include "oidc/token_endpoint.h"
#include "oidc/userinfo_endpoint.h"
#include "support/fake_clock.h"
#include "support/inline_workers.h"
#include "support/run_task.h"

namespace symbolon::oidc {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline const TenantId kTenant{"default"};
inline constexpr Instant kStart{std::chrono::milliseconds(1'700'000'000'000)};
inline constexpr const char* kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline constexpr const char* kChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline constexpr const char* kSecret = "s3cret+with%41signs";
inline constexpr const char* kApi = "https://api.example.com/";

/// The provider side over a database, usually in memory: the tenant `default` with the connection `acme`, the signed-in person
/// `oidc|acme|ada`, the API kApi (read:x, write:x), and the clients
///   web    confidential, client_secret_post, every grant, callback https://app.example.com/cb
///   basic  the same with client_secret_basic
///   spa    public, callback https://spa.example.com/, web origin https://spa.example.com
class Provider {
 public:
  explicit Provider(const std::string& database = "sqlite::memory:");

  template <class F>
  auto write(F unit) {
    return run_task(db->write(std::move(unit)));
  }
  template <class F>
  auto read(F unit) {
    return run_task(db->read(std::move(unit)));
  }

  void add_tenant(const std::string& id);
  model::Client client(const std::string& id);
  void add_client(const std::string& document, const std::string& secret = kSecret);
  void add_api(const std::string& document);
  void add_client_grant(const std::string& client, const std::string& audience, const std::vector<std::string>& scope,
                        const std::string& subject_type = "client");
  /// Changes the document of a client or the tenant.
  void patch_client(const std::string& id, const boost::json::object& changes);
  void patch_tenant(const boost::json::object& changes);
  void change_user(void (*change)(model::User&));

  /// A request as /authorize leaves it: client web, response type code, scope openid profile email, PKCE.
  static model::AuthorizationRequest authorization(const std::string& client = "web");
  login::SignedIn signed_in();
  /// What a finished login writes.
  login::IssuedAuthorization issue(const model::AuthorizationRequest& request);
  http::Response respond(const model::AuthorizationRequest& request, bool after_post = false);
  /// A code for authorization(), ready to be redeemed.
  std::string code(const model::AuthorizationRequest& request = authorization());

  /// The body that redeems `code` for client web, with its secret.
  static Fields redemption(const std::string& code);
  http::Request request(http::Method method, std::string path) const;
  http::Response post_token(const Fields& body, const Fields& headers = {});
  http::Response get_userinfo(const std::string& token, const Fields& headers = {});

  std::int64_t count(const std::string& table, const std::string& where = "1 = 1");

  std::shared_ptr<http::Site> site;
  FakeClock clock{kStart};
  crypto::SystemRandom random;
  InlineWorkers workers;
  crypto::SecretBox box;
  std::unique_ptr<db::Database> db;
  SigningKeys keys;
  TokenIssuer issuer;
  login::RecentFailures recent_failures{clock, random};
  AuthorizationIssuer responder;
  ClientAuthentication clients;
  CodeGrant code_grant;
  RefreshGrant refresh_grant;
  ClientCredentialsGrant client_credentials_grant;
  TokenEndpoint token_endpoint;
  AccessTokenVerifier verifier;
  UserinfoEndpoint userinfo_endpoint;
};

boost::json::object json_of(const http::Response& response);
/// A member that must be text.
std::string text_at(const boost::json::object& object, std::string_view name);
/// `error` of a JSON body.
std::string error_of(const http::Response& response);
/// Header and claims of a compact token, unverified.
boost::json::object header_of(std::string_view token);
boost::json::object claims_of(std::string_view token);
/// Parameters of the Location's query or fragment.
http::Form location_of(const http::Response& response);
std::string basic(const std::string& id, const std::string& secret);

}  // namespace symbolon::oidc
