#include "upstream/userinfo.h"

#include <gtest/gtest.h>

#include "upstream/claims_mapping.h"
#include "upstream/login_at_provider.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;

// A login on a connection whose map reads `attribute` from userinfo.
struct LoginWithMap : LoginAtProvider {
  explicit LoginWithMap(const char* attribute, const char* metadata = "{}")
      : LoginAtProvider(back_channel(std::string(R"({"attribute_map":{"mapping_mode":"use_map","attributes":{")") +
                                         attribute + R"(":"${context.userinfo.phone}"}}})",
                                     metadata)) {}
};

TEST(Userinfo, IsFetchedOnlyWhenATemplateReadsIt) {
  struct Row {
    const char* name;
    const char* options;
    int calls;
  } const rows[] = {
      {"bind_all", "{}", 0},
      {"bind_all with a map that reads it",
       R"({"attribute_map":{"mapping_mode":"bind_all","attributes":{"p":"${context.userinfo.p}"}}})", 0},
      {"use_map that does not",
       R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"p":"${context.tokenset.p}"}}})", 0},
      {"use_map that does",
       R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"p":"${context.userinfo.p}"}}})", 1},
      {"deep inside",
       R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"p":{"q":["a ${context.userinfo.p}"]}}}})", 1},
      {"bind_all of a provider that says more there", R"({"is_id_token_mapping":false})", 1},
      {"bind_all of one that says everything in the token", R"({"is_id_token_mapping":true})", 0},
      {"a map of somebody who chose one",
       R"({"is_id_token_mapping":false,"attribute_map":{"mapping_mode":"use_map","attributes":{}}})", 0},
      {"escaped", R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"p":"$${context.userinfo.p}"}}})", 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoginAtProvider login(back_channel(row.options));
    const auto proof = login.prove();
    ASSERT_TRUE(proof.has_value());
    EXPECT_EQ(login.client.count(kUserinfoUrl), row.calls);
    EXPECT_EQ(proof->userinfo.empty(), row.calls == 0);
  }
  LoginAtProvider front(
      front_channel(R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"p":"${context.userinfo.p}"}}})"));
  EXPECT_TRUE(front.prove().has_value());
  EXPECT_EQ(front.client.count(kUserinfoUrl), 0);

  LoginWithMap unknown("custom", R"({"userinfo_endpoint":null})");
  EXPECT_TRUE(unknown.prove().has_value());
}

TEST(Userinfo, GoesWithTheAccessToken) {
  LoginWithMap login("custom");
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(object_of(proof->userinfo), object_of(R"({"sub":"sub-1","phone":"+44"})"));
  const auto request = login.client.last();
  EXPECT_EQ(request.method, http::Method::get);
  EXPECT_EQ(request.headers[1],
            (std::pair<std::string, std::string>("Authorization", std::string("Bearer ") + kAccessCanary)));
  EXPECT_EQ(request.max_redirects, 0);
  EXPECT_EQ(proof->exchanges.back().purpose, "userinfo");
  EXPECT_EQ(object_of(map_claims(login.connection, *proof)->profile).at("custom"), "+44");
}

TEST(Userinfo, CountsBeforeTheTokenWhereItIsBound) {
  LoginAtProvider login(back_channel(R"({"is_id_token_mapping":false})"));
  login.token.claims["email_verified"] = true;
  login.token.claims["department"] = "Gardens";
  const auto profile = [&](const char* userinfo) {
    login.client.on(kUserinfoUrl, 200, userinfo);
    const auto proof = login.prove();
    EXPECT_TRUE(proof.has_value());
    return *map_claims(login.connection, *proof);
  };
  const auto more = profile(R"({"sub":"sub-1","name":"Ada List","iss":"https://evil.example"})");
  EXPECT_EQ(object_of(more.profile).at("name"), "Ada List");
  EXPECT_EQ(object_of(more.profile).at("department"), "Gardens");
  EXPECT_EQ(more.email, "ada@example.com");
  EXPECT_TRUE(more.email_verified);
  const auto same = profile(R"({"sub":"sub-1","email":"ada@example.com"})");
  EXPECT_TRUE(same.email_verified);
  const auto other = profile(R"({"sub":"sub-1","email":"eve@example.com"})");
  EXPECT_EQ(other.email, "eve@example.com");
  EXPECT_FALSE(other.email_verified) << "T7: the token's verdict is on another address";
  const auto told = profile(R"({"sub":"sub-1","email":"eve@example.com","email_verified":true})");
  EXPECT_TRUE(told.email_verified);

  login.client.on(kUserinfoUrl, 200, R"({"sub":"sub-2"})");
  EXPECT_FALSE(login.prove().has_value());
}

// SEC-20
TEST(Userinfo, MustBeAboutTheSamePerson) {
  for (const char* body : {R"({"sub":"sub-2","phone":"1"})", R"({"phone":"1"})", R"({"sub":1})", R"({"sub":null})",
                           R"({"sub":"SUB-1"})"}) {
    for (const char* attribute : {"custom", "name"}) {
      SCOPED_TRACE(std::string(body) + attribute);
      LoginWithMap login(attribute);
      login.client.on(kUserinfoUrl, 200, body);
      const auto proof = login.prove();
      ASSERT_FALSE(proof.has_value());
      EXPECT_EQ(proof.error().rule, "RP-67");
      EXPECT_EQ(proof.error().step, "userinfo");
      EXPECT_EQ(proof.error().downstream.code, OAuthCode::access_denied);
      EXPECT_EQ(proof.error().downstream.description, "Invalid user information from Acme Inc");
    }
  }
}

TEST(Userinfo, MayFailWhereNoRootAttributeNeedsIt) {
  const auto scripts = {+[](FakeHttpClient& c) { c.on(kUserinfoUrl, http::FetchFailure::timeout); },
                        +[](FakeHttpClient& c) { c.on(kUserinfoUrl, 500, "oops"); },
                        +[](FakeHttpClient& c) { c.on(kUserinfoUrl, 401, "{}"); },
                        +[](FakeHttpClient& c) { c.on(kUserinfoUrl, 302, ""); }};
  for (const auto script : scripts) {
    LoginWithMap custom("custom");
    script(custom.client);
    const auto proof = custom.prove();
    ASSERT_TRUE(proof.has_value());
    EXPECT_EQ(proof->userinfo, "");
    EXPECT_EQ(proof->warnings.size(), 1u);
    EXPECT_TRUE(map_claims(custom.connection, *proof).has_value());

    for (const char* attribute : {"name", "picture", "email"}) {
      LoginWithMap root(attribute);
      script(root.client);
      const auto failed = root.prove();
      ASSERT_FALSE(failed.has_value()) << attribute;
      EXPECT_EQ(failed.error().rule, "RP-67");
      EXPECT_EQ(failed.error().downstream.description, "The identity provider Acme Inc could not be reached");
    }
  }
}

TEST(Userinfo, NeedsAnAccessTokenWhereARootAttributeNeedsIt) {
  for (const auto& [attribute, fine] : {std::pair{"custom", true}, {"name", false}}) {
    LoginWithMap login(attribute);
    auto answer = login.token_answer();
    answer.erase("access_token");
    login.own_token_answer = true;
    login.client.on(kTokenUrl, 200, boost::json::serialize(answer));
    const auto proof = login.prove();
    EXPECT_EQ(proof.has_value(), fine);
    if (!fine) EXPECT_EQ(proof.error().rule, "RP-63");
    EXPECT_EQ(login.client.count(kUserinfoUrl), 0);
  }
}

// Otherwise a provider that is down for a moment would empty the stored profile and address.
TEST(Userinfo, MayNotFailWhereItIsBound) {
  const auto scripts = {+[](FakeHttpClient& c) { c.on(kUserinfoUrl, http::FetchFailure::timeout); },
                        +[](FakeHttpClient& c) { c.on(kUserinfoUrl, 503, ""); },
                        +[](FakeHttpClient& c) { c.on(kUserinfoUrl, 401, "{}"); }};
  for (const auto script : scripts) {
    LoginAtProvider login(back_channel(R"({"is_id_token_mapping":false})"));
    script(login.client);
    const auto failed = login.prove();
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().rule, "RP-67");
    EXPECT_EQ(failed.error().downstream.description, "The identity provider Acme Inc could not be reached");
  }
  LoginAtProvider login(back_channel(R"({"is_id_token_mapping":false})"));
  auto answer = login.token_answer();
  answer.erase("access_token");
  login.own_token_answer = true;
  login.client.on(kTokenUrl, 200, boost::json::serialize(answer));
  const auto failed = login.prove();
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().rule, "RP-63");
}

TEST(Userinfo, RefusesWhatItCannotRead) {
  for (const char* body : {"<html>", "[]", "\"x\"", R"({"sub":"sub-1","sub":"sub-1"})", ""}) {
    SCOPED_TRACE(body);
    LoginWithMap login("custom");
    login.client.on(kUserinfoUrl, 200, body);
    EXPECT_FALSE(login.prove().has_value());
  }
}

struct SpoiledJwt {
  const char* name;
  void (*spoil)(TokenBuilder&);
};

TokenBuilder signed_userinfo() {
  TokenBuilder token(provider_key());
  token.claims = {{"iss", "https://idp.example"}, {"aud", "client-1"}, {"sub", "sub-1"}, {"phone", "+44"}};
  return token;
}

TEST(Userinfo, TakesAJwtSignedByTheProvider) {
  for (const char* type : {"application/jwt", "Application/JWT; charset=utf-8"}) {
    LoginWithMap login("custom");
    TokenBuilder token = signed_userinfo();
    token.claims["aud"] = boost::json::array{"client-1", "x"};
    login.client.on(kUserinfoUrl, 200, token.compact(), type);
    const auto proof = login.prove();
    ASSERT_TRUE(proof.has_value()) << proof.error().received;
    EXPECT_EQ(object_of(proof->userinfo).at("phone"), "+44");
  }
}

TEST(Userinfo, RefusesAJwtWithOneThingWrong) {
  static const TestKey stranger = TestKey::make("k1");
  const SpoiledJwt rows[] = {
      {"other issuer", [](TokenBuilder& t) { t.claims["iss"] = "https://evil.example"; }},
      {"no issuer", [](TokenBuilder& t) { t.claims.erase("iss"); }},
      {"other audience", [](TokenBuilder& t) { t.claims["aud"] = "client-2"; }},
      {"no audience", [](TokenBuilder& t) { t.claims.erase("aud"); }},
      {"other sub", [](TokenBuilder& t) { t.claims["sub"] = "sub-2"; }},
      {"other key", [](TokenBuilder& t) { t.key = stranger; }},
      {"unknown kid", [](TokenBuilder& t) { t.header["kid"] = "k9"; }},
      {"none", [](TokenBuilder& t) { t.header["alg"] = "none"; }},
  };
  for (const SpoiledJwt& row : rows) {
    SCOPED_TRACE(row.name);
    LoginWithMap login("custom");
    TokenBuilder token = signed_userinfo();
    row.spoil(token);
    login.client.on(kUserinfoUrl, 200, token.compact(), "application/jwt");
    const auto proof = login.prove();
    ASSERT_FALSE(proof.has_value());
    EXPECT_EQ(proof.error().rule, "RP-67");
  }
}

// Keys are fetched to check it, and nothing of the answer must seem to have come from there.
TEST(Userinfo, ShowsARefusedAnswerWithTheCallThatBroughtIt) {
  LoginWithMap login("custom");
  TokenBuilder token = signed_userinfo();
  token.header["kid"] = "k9";
  login.client.on(kUserinfoUrl, 200, token.compact(), "application/jwt");
  const auto proof = login.prove();
  ASSERT_FALSE(proof.has_value());
  ASSERT_EQ(proof.error().exchanges.back().purpose, "keys");
  for (const Exchange& exchange : proof.error().exchanges)
    EXPECT_EQ(exchange.excerpt.empty(), exchange.purpose != "userinfo") << exchange.purpose;
}

TEST(Userinfo, DoesNotTakeAnUnsignedAnswerForASignedOne) {
  LoginWithMap login("custom");
  login.client.on(kUserinfoUrl, 200, R"({"sub":"sub-1"})", "application/jwt");
  EXPECT_FALSE(login.prove().has_value());
}

}  // namespace
}  // namespace symbolon::upstream
