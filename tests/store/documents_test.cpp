#include <gtest/gtest.h>

#include "store/resource_server_store.h"
#include "store/tenant_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

model::Tenant tenant(std::string doc) { return tenant_from_document(TenantId("t"), std::move(doc)); }

TEST(TenantDocument, FillsEveryTypedMember) {
  const std::string doc =
      R"({"friendly_name":"Example","support_email":"s@x","support_url":"https://s","picture_url":"https://p",
    "default_audience":"aud","default_redirection_uri":"https://d","error_page":{"url":"https://e"},
    "allowed_logout_urls":["https://out"],"enabled_locales":["fr","en"],
    "session_lifetime":100,"idle_session_lifetime":10,"ephemeral_session_lifetime":5,"idle_ephemeral_session_lifetime":2.5,
    "session_cookie":{"mode":"non-persistent"},"authorization_response_iss_parameter_supported":false,
    "oidc_logout":{"rp_logout_end_session_endpoint_discovery":false,"rp_logout_end_user_confirmation":false},
    "pushed_authorization_requests_supported":true,"resource_parameter_profile":"compatibility","strict_scopes":true,
    "allow_http_callbacks":true,"allow_connections_management_without_options_scopes":false,
    "hide_connection_secrets":true,"flags":{"enable_sso":true,"revoke_refresh_token_grant":false,"odd":"x"}})";
  const model::Tenant t = tenant(doc);
  EXPECT_EQ(t.id.str(), "t");
  EXPECT_EQ(t.friendly_name, "Example");
  EXPECT_EQ(t.support_email, "s@x");
  EXPECT_EQ(t.support_url, "https://s");
  EXPECT_EQ(t.picture_url, "https://p");
  EXPECT_EQ(t.default_audience, "aud");
  EXPECT_EQ(t.default_redirection_uri, "https://d");
  EXPECT_EQ(t.error_page_url, "https://e");
  EXPECT_EQ(t.allowed_logout_urls, std::vector<std::string>{"https://out"});
  EXPECT_EQ(t.enabled_locales, (std::vector<std::string>{"fr", "en"}));
  EXPECT_EQ(t.sessions.absolute, 100h);
  EXPECT_EQ(t.sessions.idle, 10h);
  EXPECT_EQ(t.sessions.ephemeral_absolute, 5h);
  EXPECT_EQ(t.sessions.ephemeral_idle, 150min);
  EXPECT_FALSE(t.sessions.persistent_cookie);
  EXPECT_FALSE(t.iss_parameter);
  EXPECT_FALSE(t.end_session_in_discovery);
  EXPECT_FALSE(t.logout_confirmation);
  EXPECT_TRUE(t.par_supported);
  EXPECT_TRUE(t.resource_is_audience);
  EXPECT_TRUE(t.strict_scopes);
  EXPECT_TRUE(t.allow_http_callbacks);
  EXPECT_TRUE(t.options_need_own_scopes);
  EXPECT_TRUE(t.hide_connection_secrets);
  EXPECT_EQ(t.flags, (std::map<std::string, bool>{{"enable_sso", true}, {"revoke_refresh_token_grant", false}}));
  EXPECT_EQ(t.doc, doc);
}

TEST(TenantDocument, DefaultsAreThoseOfTheSpecification) {
  const model::Tenant t = tenant("{}");
  EXPECT_EQ(t.sessions.absolute, 168h);
  EXPECT_EQ(t.sessions.idle, 72h);
  EXPECT_EQ(t.sessions.ephemeral_absolute, 72h);
  EXPECT_EQ(t.sessions.ephemeral_idle, 24h);
  EXPECT_TRUE(t.sessions.persistent_cookie);
  EXPECT_TRUE(t.iss_parameter);
  EXPECT_TRUE(t.end_session_in_discovery);
  EXPECT_TRUE(t.logout_confirmation);
  EXPECT_FALSE(t.par_supported);
  EXPECT_FALSE(t.resource_is_audience);
  EXPECT_FALSE(t.strict_scopes);
  EXPECT_FALSE(t.allow_http_callbacks);
  EXPECT_FALSE(t.options_need_own_scopes);
  EXPECT_FALSE(t.hide_connection_secrets);
  EXPECT_TRUE(t.flags.empty());
}

TEST(TenantDocument, SessionLifetimesAreHoursOrMinutesWithinBounds) {
  const struct {
    const char* doc;
    std::chrono::seconds absolute, idle;
  } rows[] = {
      {R"({"session_lifetime":0.5,"idle_session_lifetime":0.25})", 30min, 15min},
      {R"({"session_lifetime_in_minutes":90,"idle_session_lifetime_in_minutes":45})", 90min, 45min},
      {R"({"session_lifetime":2,"session_lifetime_in_minutes":90,"idle_session_lifetime":1})", 90min, 1h},
      {R"({"session_lifetime":0.001,"idle_session_lifetime":0.001})", 1min, 1min},
      {R"({"session_lifetime":1e300,"idle_session_lifetime":1e300})", 8760h, 2400h},
      {R"({"session_lifetime":0,"idle_session_lifetime":-1})", 168h, 72h},
      {R"({"session_lifetime":"9","idle_session_lifetime":null})", 168h, 72h},
      {R"({"session_lifetime":1,"idle_session_lifetime":5})", 1h, 1h},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.doc);
    EXPECT_EQ(tenant(row.doc).sessions.absolute, row.absolute);
    EXPECT_EQ(tenant(row.doc).sessions.idle, row.idle);
  }
  EXPECT_EQ(tenant(R"({"ephemeral_session_lifetime":1})").sessions.ephemeral_idle, 1h);
}

TEST(TenantDocument, SwitchesAreFoundAmongTheFlagsToo) {
  EXPECT_TRUE(tenant(R"({"flags":{"strict_scopes":true}})").strict_scopes);
  EXPECT_FALSE(tenant(R"({"strict_scopes":false,"flags":{"strict_scopes":true}})").strict_scopes);
  EXPECT_TRUE(
      tenant(R"({"flags":{"allow_connections_management_without_options_scopes":false}})").options_need_own_scopes);
}

TEST(TenantDocument, LogoutConfirmationHasTwoNames) {
  EXPECT_FALSE(tenant(R"({"sessions":{"oidc_logout_prompt_enabled":false}})").logout_confirmation);
  EXPECT_TRUE(tenant(R"({"sessions":{"oidc_logout_prompt_enabled":false},
                         "oidc_logout":{"rp_logout_end_user_confirmation":true}})")
                  .logout_confirmation);
}

TEST(TenantDocument, RefusesWhatIsNoObject) { EXPECT_THROW(tenant("null"), std::invalid_argument); }

TEST(ResourceServerDocument, FillsEveryTypedMember) {
  const auto server =
      resource_server_from_document(TenantId("t"), R"({"id":"r1","identifier":"https://api","name":"API",
    "is_system":true,"scopes":[{"value":"read:x","description":"d"},{"description":"no value"},{"value":"write:x"}],
    "signing_alg":"HS256","token_lifetime":600,"token_lifetime_for_web":60,"allow_offline_access":true,
    "skip_consent_for_verifiable_first_party_clients":false,"token_dialect":"rfc9068_profile_authz",
    "subject_type_authorization":{"user":{"policy":"require_client_grant"},"client":{"policy":"deny_all"}}})");
  EXPECT_EQ(server.id, "r1");
  EXPECT_EQ(server.identifier, "https://api");
  EXPECT_EQ(server.name, "API");
  EXPECT_TRUE(server.is_system);
  EXPECT_EQ(server.scopes, (std::vector<std::string>{"read:x", "write:x"}));
  EXPECT_EQ(server.signing_algorithm, "HS256");
  EXPECT_EQ(server.token_lifetime, 600s);
  EXPECT_EQ(server.token_lifetime_for_web, 60s);
  EXPECT_TRUE(server.allow_offline_access);
  EXPECT_FALSE(server.skip_consent_for_first_party);
  EXPECT_TRUE(server.rfc9068);
  EXPECT_EQ(server.user_policy, "require_client_grant");
  EXPECT_EQ(server.client_policy, "deny_all");
}

TEST(ResourceServerDocument, DefaultsAreThoseOfTheContract) {
  const auto server = resource_server_from_document(TenantId("t"), R"({"token_dialect":"access_token_authz"})");
  EXPECT_FALSE(server.is_system);
  EXPECT_EQ(server.signing_algorithm, "RS256");
  EXPECT_EQ(server.token_lifetime, 86400s);
  EXPECT_EQ(server.token_lifetime_for_web, 7200s);
  EXPECT_FALSE(server.allow_offline_access);
  EXPECT_TRUE(server.skip_consent_for_first_party);
  EXPECT_FALSE(server.rfc9068);
  EXPECT_EQ(server.user_policy, "allow_all");
  EXPECT_EQ(server.client_policy, "require_client_grant");
  EXPECT_THROW(resource_server_from_document(TenantId("t"), "[]"), std::invalid_argument);
}

TEST(ClientGrantDocument, FillsEveryTypedMember) {
  const auto grant =
      client_grant_from_document(TenantId("t"), R"({"id":"cgr_1","client_id":"c1","audience":"https://api",
    "subject_type":"user","scope":["read:x"],"allow_all_scopes":true})");
  EXPECT_EQ(grant.id, "cgr_1");
  EXPECT_EQ(grant.client.str(), "c1");
  EXPECT_EQ(grant.audience, "https://api");
  EXPECT_EQ(grant.subject_type, "user");
  EXPECT_EQ(grant.scope, std::vector<std::string>{"read:x"});
  EXPECT_TRUE(grant.allow_all_scopes);
  EXPECT_EQ(client_grant_from_document(TenantId("t"), "{}").subject_type, "client");
  EXPECT_THROW(client_grant_from_document(TenantId("t"), ""), std::invalid_argument);
}

}  // namespace
}  // namespace symbolon::store
