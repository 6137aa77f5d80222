#include "oidc/refresh_tokens.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

// login-runtime RT-8.
struct SeveralApis : Provider {
  SeveralApis() {
    for (const char* name : {"one", "two"})
      add_api(R"({"id":"rs_)" + std::string(name) + R"(","identifier":"https://)" + name +
              R"(.example/","allow_offline_access":true,"scopes":[{"value":"read:x"},{"value":"write:x"},)"
              R"({"value":"only:)" + name + R"("}]})");
    allow({"read:x", "only:two", "no:such"});
  }
  void allow(const std::vector<std::string>& scope, const bj::object& rest = kRotating) {
    bj::object policy = rest;
    policy["policies"] = bj::array{{{"audience", "https://two.example/"}, {"scope", bj::value_from(scope)}}};
    patch_client("web", {{"refresh_token", policy}});
  }
  std::string token() {
    return first_token(*this, offline({"openid", "email", "offline_access", "write:x", "only:one"}, "https://one.example/"));
  }
  http::Response ask(const std::string& token, const std::string& audience, const std::string& scope = "") {
    Fields fields = refreshing(token);
    if (!audience.empty()) fields.emplace_back("audience", audience);
    if (!scope.empty()) fields.emplace_back("scope", scope);
    return post_token(fields);
  }
};

TEST(RefreshGrant, APolicyOpensAnotherApiWithItsOwnScopesOnly) {
  SeveralApis apis;
  const auto body = json_of(apis.ask(apis.token(), "https://two.example/"));
  EXPECT_EQ(text_at(body, "scope"), "openid email offline_access read:x only:two");
  const auto claims = claims_of(text_at(body, "access_token"));
  EXPECT_EQ(bj::serialize(claims.at("aud")), R"(["https://two.example/","https://id.example.com/userinfo"])");
  EXPECT_EQ(claims.at("scope"), "openid email offline_access read:x only:two") << "write:x was granted elsewhere";

  // The rotated token still leads back to its own API, and the family is the same.
  const auto home = json_of(apis.ask(text_at(body, "refresh_token"), ""));
  EXPECT_EQ(text_at(home, "scope"), "openid email offline_access write:x only:one");
  EXPECT_EQ(apis.count("refresh_tokens", "replaced_at IS NULL"), 1);
}

TEST(RefreshGrant, ScopesThatAPolicyDoesNotListAreDroppedInSilence) {
  SeveralApis apis;
  const auto body = json_of(apis.ask(apis.token(), "https://two.example/", "openid read:x write:x no:such"));
  EXPECT_EQ(text_at(body, "scope"), "openid read:x");
  EXPECT_EQ(error_of(apis.ask(text_at(body, "refresh_token"), "", "openid only:two")), "invalid_scope");
}

TEST(RefreshGrant, APolicyForTheGrantsOwnApiWidensIt) {
  SeveralApis apis;
  const std::string token =
      first_token(apis, offline({"openid", "offline_access", "write:x"}, "https://two.example/"));
  EXPECT_EQ(text_at(json_of(apis.ask(token, "")), "scope"), "openid offline_access write:x read:x only:two");
}

TEST(RefreshGrant, APolicyOpensNothingElse) {
  const struct {
    const char* name;
    const char* audience;
    void (*spoil)(SeveralApis&);
  } rows[] = {
      {"an API without a policy", kApi, [](SeveralApis&) {}},
      {"no such API", "https://nowhere.example/", [](SeveralApis&) {}},
      {"T13 a third-party application", "https://two.example/",
       [](SeveralApis& apis) { apis.patch_client("web", {{"is_first_party", false}}); }},
      {"an API that asks for consent", "https://two.example/",
       [](SeveralApis& apis) {
         apis.write([](db::Transaction& tx) {
           tx.execute("UPDATE resource_servers SET doc = REPLACE(doc, '\"allow_offline_access\":true',"
                      " '\"allow_offline_access\":true,\"skip_consent_for_verifiable_first_party_clients\":false')");
         });
       }},
      {"an API without offline access", "https://two.example/",
       [](SeveralApis& apis) {
         apis.write([](db::Transaction& tx) {
           tx.execute("UPDATE resource_servers SET doc = REPLACE(doc, '\"allow_offline_access\":true', '\"x\":1')");
         });
       }},
      {"a policy that was taken back", "https://two.example/",
       [](SeveralApis& apis) { apis.patch_client("web", rotating()); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    SeveralApis apis;
    const std::string token = apis.token();
    row.spoil(apis);
    const auto response = apis.ask(token, row.audience);
    EXPECT_NE(response.status, 200);
    EXPECT_FALSE(response.body.contains("access_token"));
  }
}

TEST(RefreshGrant, ResourceNamesTheApiAsAudienceDoes) {
  SeveralApis apis;
  const auto with_resource = [&](const std::string& token, const std::string& audience) {
    Fields fields = refreshing(token);
    fields.emplace_back("resource", "https://two.example/");
    if (!audience.empty()) fields.emplace_back("audience", audience);
    return apis.post_token(fields);
  };
  const auto ignored = json_of(with_resource(apis.token(), ""));
  EXPECT_EQ(bj::serialize(claims_of(text_at(ignored, "access_token")).at("aud")),
            R"(["https://one.example/","https://id.example.com/userinfo"])") << "the tenant has not said that it counts";
  apis.patch_tenant({{"resource_parameter_profile", "compatibility"}});
  const std::string token = text_at(ignored, "refresh_token");
  const auto refused = with_resource(token, "https://one.example/");
  EXPECT_EQ(error_of(refused), "invalid_request");
  EXPECT_TRUE(refused.body.contains("audience and resource name two different APIs")) << refused.body;
  const auto body = json_of(with_resource(token, ""));
  EXPECT_EQ(bj::serialize(claims_of(text_at(body, "access_token")).at("aud")),
            R"(["https://two.example/","https://id.example.com/userinfo"])");
}

}  // namespace
}  // namespace symbolon::oidc
