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

TEST_F(UnusedFeaturesTest, AskForTheScopeOfTheirKindAndTakeNoWrites) {
  token_ = token_without("read:rules");
  EXPECT_EQ(get("/rules").status, 403);
  EXPECT_EQ(get("/log-streams").status, 200);
  token_ = token_without("read:attack_protection");
  EXPECT_EQ(get("/attack-protection/captcha").status, 403);
}

}  // namespace
}  // namespace symbolon::management
