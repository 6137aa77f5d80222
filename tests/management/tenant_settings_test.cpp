#include "management/management_test.h"
#include "store/session_store.h"
#include "store/tenant_store.h"

// /api/v2/tenants/settings, /branding and /prompts (management-api §6.4, §6.6), and the lists that are always empty.
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using namespace std::chrono_literals;

class TenantSettingsTest : public ManagementTest {
 protected:
  Reply change(const std::string& body) { return patch("/tenants/settings", body); }
  model::Tenant stored() {
    return read([&](db::Transaction& tx) { return store::TenantStore(tx).find(kTenant).value(); });
  }
};

TEST_F(TenantSettingsTest, ANewTenantShowsWhatItDoes) {
  const Reply settings = get("/tenants/settings");
  EXPECT_EQ(settings.status, 200);
  const json::object want{{"flags",
                           {{"enable_client_connections", false},
                            {"enable_pipeline2", true},
                            {"enable_dynamic_client_registration", false},
                            {"no_disclose_enterprise_connections", false},
                            {"revoke_refresh_token_grant", false}}},
                          {"enabled_locales", json::array{"en", "fr", "fr-CA"}},
                          {"session_lifetime", 168},
                          {"idle_session_lifetime", 72}};
  EXPECT_EQ(settings.body, json::value(want)) << settings.text;
  EXPECT_EQ(stored().sessions.absolute, 168h);
  EXPECT_EQ(stored().sessions.idle, 72h);
  EXPECT_EQ(get("/tenants/settings?fields=session_lifetime").body,
            json::value(json::object{{"session_lifetime", 168}}));
}

TEST_F(TenantSettingsTest, ChangesAct) {
  const Reply changed = change(
      R"({"friendly_name":"Example","support_email":"help@example.com","enabled_locales":["fr","en"],)"
      R"("default_redirection_uri":"https://example.com/","allowed_logout_urls":["https://example.com/out"],)"
      R"("session_cookie":{"mode":"non-persistent"},"pushed_authorization_requests_supported":true,)"
      R"("authorization_response_iss_parameter_supported":false,"error_page":{"url":"https://example.com/error"}})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/friendly_name"), "Example");
  const model::Tenant tenant = stored();
  EXPECT_EQ(tenant.friendly_name, "Example");
  EXPECT_EQ(tenant.enabled_locales, (std::vector<std::string>{"fr", "en"}));
  EXPECT_EQ(tenant.default_redirection_uri, "https://example.com/");
  EXPECT_EQ(tenant.allowed_logout_urls, std::vector<std::string>{"https://example.com/out"});
  EXPECT_FALSE(tenant.sessions.persistent_cookie);
  EXPECT_TRUE(tenant.par_supported);
  EXPECT_FALSE(tenant.iss_parameter);
  EXPECT_EQ(tenant.error_page_url, "https://example.com/error");
  EXPECT_EQ(get("/tenants/settings").body, changed.body);
  EXPECT_THAT(logged(), testing::ElementsAre("sapi: Update tenant settings"));
}

TEST_F(TenantSettingsTest, AShorterLifetimeActsOnOpenSessions) {
  write([&](db::Transaction& tx) {
    model::Session session;
    session.tenant = kTenant;
    session.id = SessionId("sid-1");
    session.user = UserId("oidc|acme|ada");
    session.cookie = {"cookie"};
    session.authenticated_at = session.last_interacted_at = clock_.now() - 3h;
    session.idle_expires_at = clock_.now() + 69h;
    session.expires_at = clock_.now() + 165h;
    store::SessionStore(tx, kTenant).insert(session);
  });
  const auto is_live = [&] {
    return read([&](db::Transaction& tx) {
      return store::SessionStore(tx, kTenant).find(SessionId("sid-1"))->is_live(clock_.now());
    });
  };
  EXPECT_EQ(change(R"({"friendly_name":"Example"})").status, 200);
  EXPECT_EQ(change(R"({"idle_session_lifetime":4})").status, 200);
  EXPECT_TRUE(is_live());
  EXPECT_EQ(change(R"({"session_lifetime_in_minutes":120})").status, 200);
  EXPECT_FALSE(is_live());
}

TEST_F(TenantSettingsTest, WhatIsNotSentStaysAndNullUnsets) {
  change(R"({"friendly_name":"Example","support_url":"https://example.com/help"})");
  const Reply changed = change(R"({"support_url":null})");
  EXPECT_EQ(changed.at("/friendly_name"), "Example");
  EXPECT_FALSE(changed.has("/support_url"));
}

TEST_F(TenantSettingsTest, FlagsAreMerged) {
  change(R"({"flags":{"revoke_refresh_token_grant":true,"strict_scopes":true}})");
  const Reply changed = change(R"({"flags":{"enable_sso":true}})");
  EXPECT_EQ(changed.at("/flags/revoke_refresh_token_grant"), true);
  EXPECT_EQ(changed.at("/flags/enable_sso"), true);
  EXPECT_EQ(changed.at("/flags/enable_pipeline2"), true);
  EXPECT_TRUE(stored().strict_scopes);
  EXPECT_EQ(change(R"({"flags":{"enable_magic":true}})").message(),
            "Payload validation error: 'Additional properties not allowed: enable_magic' on property flags (Switches of "
            "the tenant).");
}

TEST_F(TenantSettingsTest, LifetimesComeInEitherUnitAndLeaveInHours) {
  EXPECT_EQ(change(R"({"session_lifetime_in_minutes":600})").at("/session_lifetime"), 10);
  EXPECT_EQ(stored().sessions.absolute, 600min);
  const Reply half = change(R"({"idle_session_lifetime_in_minutes":90})");
  EXPECT_EQ(half.at("/idle_session_lifetime"), 1.5);
  EXPECT_FALSE(half.has("/idle_session_lifetime_in_minutes"));
  EXPECT_EQ(stored().sessions.idle, 90min);
  EXPECT_EQ(change(R"({"session_lifetime":20})").at("/session_lifetime"), 20);
  const Reply both = change(R"({"session_lifetime":1,"session_lifetime_in_minutes":60})");
  EXPECT_EQ(both.status, 400);
  EXPECT_THAT(both.message(), HasSubstr("session_lifetime and session_lifetime_in_minutes exclude each other"));
  EXPECT_EQ(stored().sessions.absolute, 20h);
}

TEST_F(TenantSettingsTest, RefusesWhatItDoesNotKnow) {
  const struct {
    const char* body;
    const char* reason;
  } kRows[] = {
      {"{}", "Too few properties defined"},
      {R"({"sandbox_versions_available":["18"]})", "Additional properties not allowed: sandbox_versions_available"},
      {R"({"branding":{}})", "Additional properties not allowed: branding"},
      {R"({"default_redirection_uri":"http://example.com"})", "https-url-or-empty"},
      {R"({"enabled_locales":["tlh"]})", "No enum match for: \"tlh\""},
      {R"({"enabled_locales":[]})", "Array is too short"},
      {R"({"session_lifetime":100000})", "greater than maximum"},
      {R"({"session_cookie":{"mode":"sticky"}})", "No enum match"},
      {R"({"allowed_logout_urls":["data:text"]})", "callback-url"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.body);
    const Reply refused = change(row.body);
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.message(), HasSubstr(row.reason));
  }
  EXPECT_EQ(stored().version, 1);
}

TEST_F(TenantSettingsTest, OneOfTwoWritersIsTold) {
  const Reply before = get("/tenants/settings");
  http::Headers condition;
  condition.set("If-Match", std::string(before.headers.get("ETag")));
  EXPECT_EQ(send({"PATCH", "/tenants/settings", R"({"friendly_name":"a"})", full_token(), condition}).status, 200);
  EXPECT_EQ(send({"PATCH", "/tenants/settings", R"({"friendly_name":"b"})", full_token(), condition}).status, 412);
  EXPECT_EQ(stored().friendly_name, "a");
}

TEST_F(TenantSettingsTest, TheToggleOfConnectionOptionsActs) {
  const std::string id = make_connection("corp");
  const Token plain = token_with({"read:connections"});
  EXPECT_TRUE(send({"GET", "/connections/" + id, "", plain, {}}).has("/options"));
  change(R"({"flags":{"allow_connections_management_without_options_scopes":false}})");
  EXPECT_FALSE(send({"GET", "/connections/" + id, "", plain, {}}).has("/options"));
}

TEST_F(TenantSettingsTest, BrandingIsKeptBesideTheSettings) {
  EXPECT_EQ(get("/branding").body, json::value(json::object{}));
  const Reply changed = patch("/branding", R"({"colors":{"primary":"#ff0000","page_background":"#ffffff"},)"
                                           R"("logo_url":"https://example.com/logo.png"})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/colors/primary"), "#ff0000");
  const Reply again = patch("/branding", R"({"colors":{"primary":"#00ff00"},"logo_url":null})");
  EXPECT_EQ(again.body, json::parse(R"({"colors":{"primary":"#00ff00","page_background":"#ffffff"}})"));
  EXPECT_EQ(get("/branding").body, again.body);
  EXPECT_FALSE(get("/tenants/settings").has("/branding"));
  EXPECT_EQ(patch("/branding", R"({"colors":{"page_background":{"type":"linear-gradient","start":"#000000",)"
                               R"("end":"#ffffff","angle_deg":35}}})")
                .at("/colors/page_background/angle_deg"),
            35);
  EXPECT_FALSE(patch("/branding", R"({"colors":null})").has("/colors"));
}

TEST_F(TenantSettingsTest, BrandingRefusesWhatPagesCouldNotShow) {
  for (const char* body : {R"({"colors":{"primary":"red"}})", R"({"logo_url":"http://example.com/logo.png"})",
                           R"({"favicon_url":"data:text"})", R"({"css":"none"})"}) {
    EXPECT_EQ(patch("/branding", body).status, 400) << body;
  }
}

TEST_F(TenantSettingsTest, PromptsHaveDefaults) {
  const json::object usual{{"universal_login_experience", "new"},
                           {"identifier_first", false},
                           {"webauthn_platform_first_factor", false}};
  EXPECT_EQ(get("/prompts").body, json::value(usual));
  EXPECT_EQ(patch("/prompts", R"({"identifier_first":true})").at("/identifier_first"), true);
  EXPECT_EQ(get("/prompts").at("/identifier_first"), true);
  EXPECT_EQ(patch("/prompts", R"({"universal_login_experience":"odd"})").status, 400);
  EXPECT_FALSE(get("/tenants/settings").has("/prompts"));
}

TEST_F(TenantSettingsTest, TextsBelongToAPromptAndALanguage) {
  const std::string path = "/prompts/login/custom-text/fr";
  EXPECT_EQ(get(path).body, json::value(json::object{}));
  const std::string texts = R"({"login":{"title":"Bonjour","description":"Bienvenue"}})";
  EXPECT_EQ(send({"PUT", path, texts, full_token(), {}}).status, 200);
  EXPECT_EQ(get(path).body, json::parse(texts));
  EXPECT_EQ(get("/prompts/login/custom-text/en").body, json::value(json::object{}));
  EXPECT_EQ(get("/prompts/consent/custom-text/fr").body, json::value(json::object{}));
  EXPECT_EQ(send({"GET", path, "", full_token(kOtherTenant), {}}).body, json::value(json::object{}));
  EXPECT_EQ(send({"PUT", path, "{}", full_token(), {}}).status, 200);
  EXPECT_EQ(get(path).body, json::value(json::object{})) << "PUT replaces";

  const Reply unknown = get("/prompts/nonsense/custom-text/fr");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.at("/errorCode"), "invalid_uri");
  EXPECT_THAT(unknown.message(), testing::StartsWith("Path validation error: "));
  EXPECT_THAT(unknown.message(), HasSubstr("on property prompt (Name of the prompt)."));
  EXPECT_EQ(get("/prompts/login/custom-text/tlh").status, 400);
  EXPECT_EQ(send({"PUT", path, R"({"login":{"title":5}})", full_token(), {}}).status, 400);
  EXPECT_EQ(send({"PUT", path, R"({"login":"x"})", full_token(), {}}).status, 400);
}

TEST_F(TenantSettingsTest, PartialsAreKeptApartFromTexts) {
  const std::string partials = R"({"login":{"form-content-start":"<p>Hello</p>"}})";
  EXPECT_EQ(send({"PUT", "/prompts/login/partials", partials, full_token(), {}}).status, 200);
  EXPECT_EQ(get("/prompts/login/partials").body, json::parse(partials));
  EXPECT_EQ(get("/prompts/login/custom-text/en").body, json::value(json::object{}));
}

TEST_F(TenantSettingsTest, SomeListsAreAlwaysEmpty) {
  EXPECT_EQ(get("/connections-directory-provisionings?take=50").body,
            json::parse(R"({"directory_provisionings":[]})"));
  EXPECT_EQ(get("/user-attribute-profiles").body, json::parse(R"({"user_attribute_profiles":[]})"));
  EXPECT_EQ(get("/connection-profiles?take=10").body, json::parse(R"({"connection_profiles":[]})"));
}

}  // namespace
}  // namespace symbolon::management
