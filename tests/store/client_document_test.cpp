#include "store/client_document.h"

#include <gtest/gtest.h>

#include "store/client_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;
using model::ClientAuthMethod;

model::Client read(std::string doc) { return client_from_document(TenantId("t"), std::move(doc)); }

TEST(ClientDocument, FillsEveryTypedMember) {
  const std::string doc = R"({
    "client_id":"c1","name":"Shop","app_type":"regular_web","is_first_party":false,"global":true,
    "callbacks":["https://a/cb"],"allowed_logout_urls":["https://a/out"],"web_origins":["https://b"],
    "allowed_origins":["https://c"],"grant_types":["authorization_code","refresh_token"],
    "token_endpoint_auth_method":"client_secret_basic",
    "jwt_configuration":{"alg":"PS256","lifetime_in_seconds":60},
    "id_token_profile_claims":false,"id_token_claims":{"https://ns/x":"user.x","bad":1},
    "initiate_login_uri":"https://a/login","logo_uri":"https://a/logo.png",
    "require_pushed_authorization_requests":true,"signed_request_object":{"required":true},
    "auto_redirect_single_connection":true,"skip_non_verifiable_callback_uri_confirmation_prompt":true,
    "redirection_policy":"allow_always","session_expiry_claim":false,
    "refresh_token":{"rotation_type":"rotating","expiration_type":"expiring","leeway":3,"token_lifetime":100,
      "idle_token_lifetime":50,"infinite_token_lifetime":false,"infinite_idle_token_lifetime":false,
      "policies":[{"audience":"https://api","scope":["read:a","read:b"]},7]},
    "par_request_expiry":120,
    "oidc_logout":{"backchannel_logout_urls":["https://a/bc"],
      "backchannel_logout_initiators":{"mode":"custom","selected_initiators":["rp-logout","session-deleted"]}},
    "backchannel_logout_token_typ":"logout+jwt"})";
  const model::Client client = read(doc);
  EXPECT_EQ(client.tenant.str(), "t");
  EXPECT_EQ(client.id.str(), "c1");
  EXPECT_EQ(client.name, "Shop");
  EXPECT_EQ(client.app_type, "regular_web");
  EXPECT_FALSE(client.first_party);
  EXPECT_TRUE(client.global);
  EXPECT_EQ(client.callbacks, std::vector<std::string>{"https://a/cb"});
  EXPECT_EQ(client.allowed_logout_urls, std::vector<std::string>{"https://a/out"});
  EXPECT_EQ(client.web_origins, std::vector<std::string>{"https://b"});
  EXPECT_EQ(client.allowed_origins, std::vector<std::string>{"https://c"});
  EXPECT_EQ(client.grant_types, (std::vector<std::string>{"authorization_code", "refresh_token"}));
  EXPECT_EQ(client.auth, ClientAuthMethod::client_secret_basic);
  EXPECT_TRUE(client.auth_is_stated);
  EXPECT_EQ(client.id_token_algorithm, "PS256");
  EXPECT_EQ(client.id_token_lifetime, 60s);
  EXPECT_FALSE(client.id_token_profile_claims);
  EXPECT_EQ(client.id_token_claims, (std::map<std::string, std::string>{{"https://ns/x", "user.x"}}));
  EXPECT_EQ(client.initiate_login_uri, "https://a/login");
  EXPECT_EQ(client.logo_uri, "https://a/logo.png");
  EXPECT_TRUE(client.require_par);
  EXPECT_TRUE(client.require_signed_request);
  EXPECT_TRUE(client.auto_redirect_single_connection);
  EXPECT_TRUE(client.skip_non_verifiable_callback_confirmation);
  EXPECT_FALSE(client.open_redirect_protection);
  EXPECT_FALSE(client.session_expiry_claim);
  EXPECT_TRUE(client.refresh.rotating);
  EXPECT_TRUE(client.refresh.expiring);
  EXPECT_EQ(client.refresh.leeway, 3s);
  ASSERT_EQ(client.refresh.resources.size(), 1u);
  EXPECT_EQ(client.refresh.resources[0].audience, "https://api");
  EXPECT_EQ(client.refresh.resources[0].scope, (std::vector<std::string>{"read:a", "read:b"}));
  EXPECT_EQ(client.pushed_request_lifetime, 120s);
  EXPECT_EQ(client.refresh.lifetime, 100s);
  EXPECT_EQ(client.refresh.idle_lifetime, 50s);
  EXPECT_FALSE(client.refresh.infinite_lifetime);
  EXPECT_FALSE(client.refresh.infinite_idle_lifetime);
  EXPECT_EQ(client.backchannel_logout_urls, std::vector<std::string>{"https://a/bc"});
  EXPECT_EQ(client.backchannel_logout_initiators, (std::vector<std::string>{"rp-logout", "session-revoked"}));
  EXPECT_EQ(client.backchannel_logout_typ, "logout+jwt");
  EXPECT_EQ(client.doc, doc);
  EXPECT_TRUE(client.secret.empty());
  EXPECT_TRUE(client.secret_hash.empty());
}

TEST(ClientDocument, DefaultsAreThoseOfTheContract) {
  const model::Client client = read(R"({"client_id":"c1","name":"x"})");
  EXPECT_TRUE(client.first_party);
  EXPECT_FALSE(client.global);
  EXPECT_EQ(client.auth, ClientAuthMethod::client_secret_post);
  EXPECT_FALSE(client.auth_is_stated);
  EXPECT_EQ(client.id_token_algorithm, "RS256");
  EXPECT_EQ(client.id_token_lifetime, 36000s);
  EXPECT_TRUE(client.id_token_profile_claims);
  EXPECT_TRUE(client.open_redirect_protection);
  EXPECT_TRUE(client.session_expiry_claim);
  EXPECT_FALSE(client.refresh.rotating);
  EXPECT_TRUE(client.refresh.infinite_lifetime);
  EXPECT_EQ(client.refresh.lifetime, 31557600s);
  EXPECT_EQ(client.backchannel_logout_initiators, (std::vector<std::string>{"rp-logout", "idp-logout"}));
  EXPECT_EQ(client.backchannel_logout_typ, "JWT");
}

TEST(ClientDocument, AuthenticationMethodFollowsTheTypeUnlessStated) {
  const struct {
    const char* doc;
    ClientAuthMethod want;
    bool stated;
  } rows[] = {
      {R"({"app_type":"native"})", ClientAuthMethod::none, false},
      {R"({"app_type":"spa"})", ClientAuthMethod::none, false},
      {R"({"app_type":"non_interactive"})", ClientAuthMethod::client_secret_post, false},
      {R"({"app_type":"spa","token_endpoint_auth_method":null})", ClientAuthMethod::none, false},
      {R"({"app_type":"spa","token_endpoint_auth_method":"client_secret_post"})", ClientAuthMethod::client_secret_post,
       true},
      {R"({"token_endpoint_auth_method":"none"})", ClientAuthMethod::none, true},
      {R"({"client_authentication_methods":{"private_key_jwt":{"credentials":[]}},"token_endpoint_auth_method":"none"})",
       ClientAuthMethod::private_key_jwt, true},
      {R"({"client_authentication_methods":null,"app_type":"spa"})", ClientAuthMethod::none, false},
      // A method that this server lacks must not turn the client into one that proves nothing.
      {R"({"client_authentication_methods":{"tls_client_auth":{"credentials":[]}},"app_type":"spa"})",
       ClientAuthMethod::client_secret_post, true},
      {R"({"token_endpoint_auth_method":"of a later version"})", ClientAuthMethod::client_secret_post, true},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.doc);
    EXPECT_EQ(read(row.doc).auth, row.want);
    EXPECT_EQ(read(row.doc).auth_is_stated, row.stated);
  }
}

TEST(ClientDocument, IdTokensAreNeverSignedWithAnythingButTheThree) {
  const std::pair<const char*, const char*> rows[] = {{"HS256", "RS256"}, {"RS256", "RS256"}, {"ES256", "ES256"},
                                                      {"PS256", "PS256"}, {"RS512", "RS256"}, {"none", "RS256"}};
  for (const auto& [configured, want] : rows)
    EXPECT_EQ(read(R"({"jwt_configuration":{"alg":")" + std::string(configured) + R"("}})").id_token_algorithm, want);
}

TEST(ClientDocument, LogoutInitiatorsAreTheEffectiveOnes) {
  const auto initiators = [](const std::string& member) {
    return read(R"({"oidc_logout":{)" + member + "}}").backchannel_logout_initiators;
  };
  const std::vector<std::string> usual{"rp-logout", "idp-logout"};
  EXPECT_EQ(initiators(""), usual);
  EXPECT_EQ(initiators(R"("backchannel_logout_initiators":null)"), usual);
  EXPECT_EQ(initiators(R"("backchannel_logout_initiators":{"mode":"custom"})"), usual);
  EXPECT_EQ(initiators(R"("backchannel_logout_initiators":{"mode":"all","selected_initiators":["rp-logout"]})"),
            std::vector<std::string>{"all"});
  EXPECT_EQ(initiators(R"("backchannel_logout_initiators":{"mode":"custom","selected_initiators":["idp-logout"]})"),
            std::vector<std::string>{"idp-logout"});
}

TEST(ClientDocument, TheOldNameOfLogoutUrlsCountsOnlyAlone) {
  EXPECT_EQ(read(R"({"oidc_backchannel_logout":{"backchannel_logout_urls":["https://old"]}})").backchannel_logout_urls,
            std::vector<std::string>{"https://old"});
  EXPECT_EQ(read(R"({"oidc_backchannel_logout":{"backchannel_logout_urls":["https://old"]},
                     "oidc_logout":{"backchannel_logout_urls":[]}})")
                .backchannel_logout_urls,
            std::vector<std::string>());
}

TEST(ClientDocument, NamesTheCredentialsItRefersToOnceAndWhatFor) {
  const auto document = read_client_document(TenantId("t"), R"({
    "client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":"a"},{"id":"b"},{"name":"no id"}]}},
    "signed_request_object":{"required":false,"credentials":[{"id":"b"},{"id":"c"}]}})");
  std::vector<std::string> uses;
  for (const CredentialUse& use : document.credentials)
    uses.push_back(use.id + (use.authenticates ? " authenticates" : "") + (use.signs_requests ? " signs" : ""));
  EXPECT_EQ(uses, (std::vector<std::string>{"a authenticates", "b authenticates signs", "c signs"}));
}

TEST(ClientDocument, MembersOfAWrongTypeReadAsAbsent) {
  const model::Client client = read(R"({"client_id":7,"callbacks":"https://a","is_first_party":"no","refresh_token":[],
                                        "jwt_configuration":{"lifetime_in_seconds":"1"},"oidc_logout":null})");
  EXPECT_TRUE(client.id.empty());
  EXPECT_TRUE(client.callbacks.empty());
  EXPECT_TRUE(client.first_party);
  EXPECT_EQ(client.id_token_lifetime, 36000s);
}

TEST(ClientDocument, RefusesWhatIsNoObject) {
  EXPECT_THROW(read(""), std::invalid_argument);
  EXPECT_THROW(read("[]"), std::invalid_argument);
  EXPECT_THROW(read("{"), std::invalid_argument);
}

TEST(ClientDocument, KeysComeFromCredentials) {
  const auto key =
      client_key_from({"cred_1", true, false}, R"({"kid":"k","alg":"PS256","expires_at":"2030-01-01T00:00:00.000Z"})", "PEM");
  EXPECT_EQ(key.credential_id, "cred_1");
  EXPECT_EQ(key.kid, "k");
  EXPECT_EQ(key.algorithm, "PS256");
  EXPECT_EQ(key.spki_pem, "PEM");
  EXPECT_EQ(key.expires_at, from_iso8601("2030-01-01T00:00:00.000Z"));
  EXPECT_TRUE(key.authenticates);
  EXPECT_FALSE(key.signs_requests);
  const auto plain = client_key_from({"cred_2", false, true}, "{}", "PEM");
  EXPECT_FALSE(plain.authenticates);
  EXPECT_TRUE(plain.signs_requests);
  EXPECT_EQ(plain.algorithm, "RS256");
  EXPECT_FALSE(plain.expires_at);
}

}  // namespace
}  // namespace symbolon::store
