#include "management/management_test.h"

// What auth0-deploy-cli reads of every tenant (management-api §7.4): nothing there, nothing switched on.
namespace symbolon::management {
namespace {

namespace json = boost::json;

class UnusedFeaturesTest : public ManagementTest {};

TEST_F(UnusedFeaturesTest, ListsAreEmpty) {
  const std::pair<const char*, const char*> kRows[] = {
      {"/rules", "[]"},
      {"/rules?page=0&per_page=100&include_totals=true", R"({"start":0,"limit":100,"total":0,"rules":[]})"},
      {"/rules-configs", "[]"},
      {"/actions/actions?page=0&per_page=100", R"({"actions":[]})"},
      {"/actions/triggers", R"({"triggers":[]})"},
      {"/forms?include_totals=true", R"({"start":0,"limit":50,"total":0,"forms":[]})"},
      {"/flows?include_totals=true", R"({"start":0,"limit":50,"total":0,"flows":[]})"},
      {"/flows/vault/connections?include_totals=true", R"({"start":0,"limit":50,"total":0,"connections":[]})"},
      {"/guardian/policies", "[]"},
      {"/branding/phone/providers", R"({"providers":[]})"},
      {"/branding/phone/templates", R"({"templates":[]})"},
      {"/log-streams", "[]"},
      {"/event-streams?take=50", R"({"eventStreams":[]})"},
      {"/token-exchange-profiles?take=50", R"({"token_exchange_profiles":[]})"},
  };
  for (const auto& [path, body] : kRows) {
    const Reply reply = get(path);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(static_cast<const json::value&>(reply.body), json::parse(body)) << path;
  }
}

TEST_F(UnusedFeaturesTest, GuardsOfPasswordsAreOff) {
  for (const char* name : {"breached-password-detection", "brute-force-protection", "suspicious-ip-throttling"})
    EXPECT_EQ(get(std::string("/attack-protection/") + name).at("/enabled"), false) << name;
  EXPECT_EQ(get("/attack-protection/bot-detection").at("/monitoring_mode_enabled"), false);
  EXPECT_EQ(get("/attack-protection/captcha").status, 200);
  EXPECT_EQ(get("/supplemental-signals").at("/akamai_enabled"), false);
}

TEST_F(UnusedFeaturesTest, AreWrittenAsTheyAreReadAndNotOtherwise) {
  const struct {
    const char *method, *path, *other, *feature;
  } kRows[] = {
      {"PUT", "/guardian/policies", R"(["all-applications"])", "A second factor"},
      {"PATCH", "/attack-protection/breached-password-detection", R"({"enabled":true})", "Breached password detection"},
      {"PATCH", "/attack-protection/brute-force-protection", R"({"enabled":false,"max_attempts":3})",
       "Brute force protection"},
      {"PATCH", "/attack-protection/suspicious-ip-throttling", R"({"shields":["block"]})", "Suspicious IP throttling"},
      {"PATCH", "/attack-protection/bot-detection", R"({"monitoring_mode_enabled":true})", "Bot detection"},
      {"PATCH", "/attack-protection/captcha", R"({"active_provider_id":"auth_challenge"})", "Captcha"},
      {"PATCH", "/supplemental-signals", R"({"akamai_enabled":true})", "Supplemental signals"},
      {"PATCH", "/risk-assessments/settings", R"({"enabled":true})", "Risk assessment"},
      {"PATCH", "/risk-assessments/settings/new-device", R"({"remember_for":3})", "Remembering devices"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.path);
    const Reply read = get(row.path);
    const Reply confirmed = send({row.method, row.path, read.text, full_token(), {}});
    EXPECT_EQ(confirmed.status, 200);
    EXPECT_EQ(confirmed.text, read.text);
    const Reply refused = send({row.method, row.path, row.other, full_token(), {}});
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.at("/errorCode"), "operation_not_supported");
    EXPECT_THAT(refused.message(), testing::StartsWith(std::string(row.feature) + " is not supported"));
  }
}

TEST_F(UnusedFeaturesTest, AskForTheScopeOfTheirKind) {
  token_ = token_without("read:rules");
  EXPECT_EQ(get("/rules").status, 403);
  EXPECT_EQ(get("/log-streams").status, 200);
  token_ = token_without("read:attack_protection");
  EXPECT_EQ(get("/attack-protection/captcha").status, 403);
  token_ = token_without("update:attack_protection");
  EXPECT_EQ(patch("/attack-protection/captcha", "{}").status, 403);
}

}  // namespace
}  // namespace symbolon::management
