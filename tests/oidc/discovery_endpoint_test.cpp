#include "oidc/discovery_endpoint.h"

#include <gtest/gtest.h>

#include "oidc/provider.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

bj::object document(Provider& provider) {
  DiscoveryEndpoint endpoint(*provider.db);
  const auto response =
      run_task(endpoint.handle(provider.request(http::Method::get, "/.well-known/openid-configuration")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=300");
  return json_of(response);
}

TEST(Discovery, Golden) {
  Provider provider;
  EXPECT_EQ(
      bj::serialize(document(provider)),
      R"({"issuer":"https://id.example.com/","authorization_endpoint":"https://id.example.com/authorize",)"
      R"("token_endpoint":"https://id.example.com/oauth/token","userinfo_endpoint":"https://id.example.com/userinfo",)"
      R"("revocation_endpoint":"https://id.example.com/oauth/revoke",)"
      R"("introspection_endpoint":"https://id.example.com/oauth/v2/introspect",)"
      R"("jwks_uri":"https://id.example.com/.well-known/jwks.json",)"
      R"("scopes_supported":["openid","profile","offline_access","online_access","name","given_name","family_name",)"
      R"("nickname","email","email_verified","picture","created_at","identities","phone","address"],)"
      R"("response_types_supported":["code","token","id_token","code token","code id_token","token id_token",)"
      R"("code token id_token"],"response_modes_supported":["query","fragment","form_post","web_message"],)"
      R"("grant_types_supported":["authorization_code","refresh_token","client_credentials","implicit",)"
      R"("urn:ietf:params:oauth:grant-type:jwt-bearer"],)"
      R"("subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256","PS256","ES256"],)"
      R"("token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","none"],)"
      R"("token_endpoint_auth_signing_alg_values_supported":["RS256","RS384","PS256","PS384","ES256","ES384"],)"
      R"("code_challenge_methods_supported":["S256"],"request_parameter_supported":true,)"
      R"("request_object_signing_alg_values_supported":["RS256","RS384","PS256","ES256"],)"
      R"("request_uri_parameter_supported":false,"claims_parameter_supported":true,)"
      R"("claims_supported":["acr","address","amr","aud","auth_time","birthdate","created_at","email",)"
      R"("email_verified","exp","family_name","gender","given_name","iat","identities","iss","locale","middle_name",)"
      R"("name","nickname","nonce","phone_number","phone_number_verified","picture","preferred_username","profile",)"
      R"("session_expiry","sid","sub","updated_at","website","zoneinfo"],"ui_locales_supported":["en","fr","fr-CA"],)"
      R"("authorization_response_iss_parameter_supported":true,"backchannel_logout_supported":true,)"
      R"("backchannel_logout_session_supported":true,"end_session_endpoint":"https://id.example.com/oidc/logout"})");
}

TEST(Discovery, T42SpeaksOfTheSiteOnly) {
  Provider provider;
  provider.site->base_url = "https://login.customer.example";
  const auto found = document(provider);
  EXPECT_EQ(found.at("issuer"), "https://login.customer.example/");
  EXPECT_EQ(bj::serialize(found).find("id.example.com"), std::string::npos);
}

TEST(Discovery, TheTenantsSettingsShow) {
  Provider provider;
  provider.patch_tenant({{"authorization_response_iss_parameter_supported", false}, {"enabled_locales", {"fr", "en"}}});
  const auto found = document(provider);
  EXPECT_EQ(found.at("authorization_response_iss_parameter_supported"), false);
  EXPECT_EQ(bj::serialize(found.at("ui_locales_supported")), R"(["fr","en"])");
}

}  // namespace
}  // namespace symbolon::oidc
