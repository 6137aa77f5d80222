#include "app/configuration_plan.h"

#include <gtest/gtest.h>

namespace symbolon::app {
namespace {

namespace json = boost::json;
using Action = PlannedStep::Action;

json::object object(const char* text) { return json::parse(text).as_object(); }

// What the API's rules do to options, as far as these tests depend on it.
std::expected<json::object, std::string> canonical(json::object options) {
  if (options.contains("refused")) return std::unexpected("refused: no");
  options.erase("client_secret");
  options.erase("customHeaders");
  options.erase("oidc_metadata");
  options["schema_version"] = "oidc-V4";
  if (auto* settings = options.if_contains("connection_settings"); settings && settings->at("pkce") == "s256")
    *settings = json::object{{"pkce", "S256"}};
  return options;
}

PresentResource acme() {
  return {"con_1", "\"7\"",
          object(R"({"id":"con_1","name":"acme","strategy":"oidc","display_name":"Acme","enabled_clients":["b","a"],
            "options":{"type":"back_channel","discovery_url":"https://idp","client_id":"x","client_secret":"s1",
              "issuer":"https://idp","token_endpoint":"https://idp/token","jwks_uri":"https://own/jwks",
              "connection_settings":{"pkce":"S256"},"schema_version":"oidc-V4",
              "oidc_metadata":{"issuer":"https://idp","token_endpoint":"https://idp/token","jwks_uri":"https://idp/jwks"}}})")};
}

PlannedStep plan(const char* wanted) {
  auto step = plan_connection(object(wanted), acme(), canonical);
  EXPECT_TRUE(step) << step.error();
  return step ? *step : PlannedStep();
}

std::string members(const PlannedStep& step) {
  std::string names;
  for (const Difference& difference : step.differences) names += (names.empty() ? "" : " ") + difference.member;
  return names;
}

TEST(MergeDocuments, MergesObjectsAndReplacesTheRest) {
  EXPECT_EQ(json::value(merge_documents(object(R"({"a":{"b":1,"c":[1]},"d":1})"), object(R"({"a":{"c":[2],"e":3},"f":{}})"))),
            json::value(object(R"({"a":{"b":1,"c":[2],"e":3},"d":1,"f":{}})")));
}

TEST(PlanDocument, NamesWhatDiffersAndSendsOnlyThat) {
  const PresentResource present{"id", "\"1\"", object(R"({"name":"app","callbacks":["x"],"jwt":{"alg":"RS256","life":1}})")};
  const auto step = plan_document("client", "app", object(R"({"name":"app","jwt":{"alg":"ES256"},"description":null})"), present);
  EXPECT_EQ(step.action, Action::change);
  EXPECT_EQ(members(step), "jwt.alg");
  EXPECT_EQ(json::value(step.body), json::parse(R"({"jwt":{"alg":"ES256","life":1}})"));
  EXPECT_EQ(step.etag, "\"1\"");
}

TEST(PlanDocument, WhatIsThereAlreadyIsKept) {
  const PresentResource present{"id", "\"1\"", object(R"({"name":"app","jwt":{"alg":"RS256","life":1}})")};
  const auto step = plan_document("client", "app", object(R"({"jwt":{"life":1},"gone":null})"), present);
  EXPECT_EQ(step.action, Action::keep);
  EXPECT_TRUE(step.body.empty());
}

TEST(PlanConnection, ANewOneIsSentAsItIs) {
  const auto step = plan_connection(object(R"({"name":"new","strategy":"oidc","options":{"client_id":"x"}})"), {}, canonical);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->action, Action::create);
  EXPECT_EQ(members(*step), "name strategy options.client_id");
}

TEST(PlanConnection, NothingToDoIsSeenInAnySpelling) {
  for (const char* wanted : {R"({"name":"acme"})", R"({"name":"acme","strategy":"oidc","display_name":"Acme"})",
                             R"({"name":"acme","enabled_clients":["a","b"]})",
                             R"({"name":"acme","options":{"connection_settings":{"pkce":"s256"}}})",
                             R"({"name":"acme","options":{"client_secret":"s1","discovery_url":"https://idp"}})",
                             R"({"name":"acme","options":{"absent":null}})"})
    EXPECT_EQ(plan(wanted).action, Action::keep) << wanted;
}

TEST(PlanConnection, OptionsAreMergedAndTheSecretIsNotSentAgain) {
  const auto step = plan(R"({"name":"acme","options":{"scope":"openid"}})");
  EXPECT_EQ(members(step), "options.scope");
  const json::object& sent = step.body.at("options").as_object();
  EXPECT_EQ(sent.at("client_id"), "x");
  EXPECT_TRUE(sent.contains("oidc_metadata"));
  EXPECT_FALSE(sent.contains("client_secret"));
}

TEST(PlanConnection, NullTakesAnOptionAwayAndTellsTheApiToForgetASecret) {
  const auto step = plan(R"({"name":"acme","options":{"jwks_uri":null}})");
  EXPECT_EQ(members(step), "options.jwks_uri");
  EXPECT_FALSE(step.body.at("options").as_object().contains("jwks_uri"));
  const auto secretless = plan(R"({"name":"acme","options":{"client_secret":null}})");
  EXPECT_EQ(members(secretless), "options.client_secret");
  EXPECT_TRUE(secretless.body.at("options").at("client_secret").is_null());
}

TEST(PlanConnection, HeadersAreKeptReplacedAndForgottenLikeTheSecret) {
  PresentResource present = acme();
  present.document.at("options").as_object()["customHeaders"] = object(R"({"X-Key":"stored"})");
  const auto planned = [&](const char* wanted) {
    auto step = plan_connection(object(wanted), present, canonical);
    EXPECT_TRUE(step) << step.error();
    return *step;
  };
  EXPECT_EQ(planned(R"({"name":"acme","options":{"customHeaders":{"X-Key":"stored"}}})").action, Action::keep);
  const auto other = planned(R"({"name":"acme","options":{"scope":"openid"}})");
  EXPECT_EQ(members(other), "options.scope");
  EXPECT_FALSE(other.body.at("options").as_object().contains("customHeaders"));
  const auto replaced = planned(R"({"name":"acme","options":{"customHeaders":{"X-Key":"plain word"}}})");
  EXPECT_EQ(members(replaced), "options.customHeaders.X-Key");
  EXPECT_FALSE(describe_plan({replaced}, {}).contains("plain word"));
  EXPECT_FALSE(describe_plan({replaced}, {}).contains("stored"));
  EXPECT_FALSE(json::serialize(show_plan({replaced}, {})).contains("plain word"));
  const auto forgotten = planned(R"({"name":"acme","options":{"customHeaders":null}})");
  EXPECT_EQ(members(forgotten), "options.customHeaders");
  EXPECT_TRUE(forgotten.body.at("options").at("customHeaders").is_null());
  EXPECT_FALSE(describe_plan({forgotten}, {}).contains("stored"));
}

TEST(PlanConnection, AnotherProviderTakesTheOldOnesEndpointsAlongButNotOurOwn) {
  const auto step = plan(R"({"name":"acme","options":{"discovery_url":"https://new"}})");
  EXPECT_EQ(members(step), "options.discovery_url");
  const json::object& sent = step.body.at("options").as_object();
  for (const char* name : {"issuer", "token_endpoint", "oidc_metadata"}) EXPECT_FALSE(sent.contains(name)) << name;
  EXPECT_EQ(sent.at("jwks_uri"), "https://own/jwks");
}

TEST(PlanConnection, RefusesWhatTheApiWouldRefuse) {
  EXPECT_EQ(plan_connection(object(R"({"name":"acme","strategy":"okta"})"), acme(), canonical).error(),
            "the strategy cannot be changed to okta; make a new connection");
  EXPECT_EQ(plan_connection(object(R"({"name":"acme","options":{"refused":1}})"), acme(), canonical).error(), "refused: no");
}

TEST(DescribePlan, ShowsValuesButNoSecrets) {
  const auto changed = plan(R"({"name":"acme","display_name":"New","options":{"client_secret":"s2","customHeaders":{"X":"abc-token"}}})");
  const auto kept = plan(R"({"name":"acme"})");
  const std::string text = describe_plan({changed, kept}, {"abc-token"});
  EXPECT_EQ(text,
            "~ connection acme\n"
            "    display_name: \"Acme\" -> \"New\"\n"
            "    options.client_secret: (secret) -> (secret)\n"
            "    options.customHeaders.X: nothing -> (secret)\n"
            "Plan: 0 to create, 1 to change, 1 unchanged. What the file does not name stays as it is.\n");
  const std::string shown = json::serialize(show_plan({changed}, {"abc-token"}));
  for (const char* secret : {"s1", "s2", "abc-token"}) EXPECT_EQ(shown.find('"' + std::string(secret)), std::string::npos) << shown;
}

}  // namespace
}  // namespace symbolon::app
