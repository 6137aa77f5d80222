#include "upstream/oauth2_user.h"

#include <gtest/gtest.h>

#include "upstream/claims_mapping.h"
#include "upstream/json_literal.h"
#include "upstream/login_at_provider.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;

std::string subject_of(std::string_view body, const std::string& attribute = "id") {
  const auto user = read_oauth2_user(body, attribute);
  return user ? user->subject : "error: " + user.error();
}

TEST(ReadOauth2User, TakesTextAndIntegersExactly) {
  struct Row {
    const char* body;
    const char* attribute;
    const char* want;
  } const rows[] = {
      {R"({"id":"abc"})", "id", "abc"},
      {R"({"id":" A b "})", "id", " A b "},
      {R"({"id":0})", "id", "0"},
      {R"({"id":-7})", "id", "-7"},
      {R"({"id":4711})", "id", "4711"},
      {R"({"id":367086328984109061})", "id", "367086328984109061"},
      {R"({"id":9223372036854775807})", "id", "9223372036854775807"},
      {R"({"id":9223372036854775808})", "id", "9223372036854775808"},
      {R"({"id":18446744073709551616})", "id", "18446744073709551616"},
      {R"({ "id" : 123456789012345678901234567890 , "x":1})", "id", "123456789012345678901234567890"},
      {R"({"id":1e3})", "id", "1000"},
      {R"({"id":42.0})", "id", "42"},
      {R"({"data":{"id":12345678901234567890123}})", "data.id", "12345678901234567890123"},
      {R"({"data.id":"literal","data":{"id":"path"}})", "data.id", "literal"},
      {R"({"a":{"b":{"c":"deep"}}})", "a.b.c", "deep"},
      {R"({"sub":"s","id":"i"})", "", "i"},
      {R"({"sub":"s"})", "", "s"},
      {R"([{"id":20000000000000000001},{"id":2}])", "id", "20000000000000000001"},
      {R"({"\u0069d":99999999999999999999})", "id", "99999999999999999999"},
      {R"({"x":"\"id\":1","y":{"id":2},"id":33333333333333333333})", "id", "33333333333333333333"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.body);
    EXPECT_EQ(subject_of(row.body, row.attribute), row.want);
  }
}

TEST(ReadOauth2User, RefusesWhatIdentifiesNobody) {
  for (const char* body : {R"({"id":null})",
                           R"({"id":""})",
                           R"({"id":"  "})",
                           R"({"id":true})",
                           R"({"id":false})",
                           R"({"id":{}})",
                           R"({"id":{"id":1}})",
                           R"({"id":[1]})",
                           R"({"id":1.5})",
                           R"({"id":1e400})",
                           R"({"id":1e30})",
                           R"({"id":9007199254740993.0})",
                           R"({"ID":1})",
                           "{}",
                           "[]",
                           "[1]",
                           "[[{\"id\":1}]]",
                           "7",
                           "\"x\"",
                           "",
                           "<html>",
                           R"({"id":1,"id":2})",
                           "{\"id\":\"a\\u0000b\"}",
                           "{\"id\":\"a\\nb\"}"}) {
    SCOPED_TRACE(body);
    EXPECT_TRUE(subject_of(body).starts_with("error: ")) << subject_of(body);
  }
  EXPECT_EQ(subject_of(R"({"id":")" + std::string(200, 'x') + "\"}"), std::string(200, 'x'));
  EXPECT_TRUE(subject_of(R"({"id":")" + std::string(201, 'x') + "\"}").starts_with("error: "));
  EXPECT_TRUE(subject_of(R"({"id":)" + std::string(201, '1') + "}").starts_with("error: "));
}

TEST(ReadOauth2User, NamesMembersAndNoValues) {
  EXPECT_EQ(subject_of(R"({"login":"secret-value","mail":"x"})"),
            "error: idAttribute id missing; the answer has login, mail");
  EXPECT_EQ(subject_of(R"({"id":null})"), "error: idAttribute id is null");
}

TEST(ReadOauth2User, KeepsTheAnswerAsItCame) {
  EXPECT_EQ(read_oauth2_user(" {\"id\":12345678901234567890123} ", "id")->claims, "{\"id\":12345678901234567890123}");
  EXPECT_EQ(read_oauth2_user(R"([ {"id":1,"a":[{"b":"]"}]} , {"id":2} ])", "id")->claims,
            R"({"id":1,"a":[{"b":"]"}]})");
}

TEST(JsonLiteral, GivesTheTextOfAMember) {
  constexpr std::string_view kText = R"( {"a" : [1,{"b":"}"}] ,"c":"x\"y","d":1.50,"e":{ } } )";
  EXPECT_EQ(member_text(kText, "a"), R"([1,{"b":"}"}])");
  EXPECT_EQ(member_text(kText, "c"), R"("x\"y")");
  EXPECT_EQ(member_text(kText, "d"), "1.50");
  EXPECT_EQ(member_text(kText, "e"), "{ }");
  EXPECT_EQ(member_text(kText, "b"), std::nullopt);
  EXPECT_EQ(member_text("[]", "a"), std::nullopt);
  EXPECT_EQ(first_element_text(" [ 1 , 2 ]"), "1");
  EXPECT_EQ(first_element_text("[]"), std::nullopt);
}

TEST(Oauth2Login, ProvesAPerson) {
  LoginAtProvider login(oauth2_connection());
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value()) << proof.error().received;
  EXPECT_EQ(proof->subject, "4711");
  EXPECT_EQ(proof->claims, R"({"id":4711,"login":"ada"})");
  EXPECT_EQ(proof->id_token, "");
  EXPECT_EQ(proof->issuer, "");
  EXPECT_EQ(proof->access_token, kAccessCanary);
  EXPECT_EQ(login.client.count(kJwksUrl), 0);
  const auto request = login.client.last();
  EXPECT_EQ(request.url, kUserUrl);
  EXPECT_EQ(request.headers[1].second, std::string("Bearer ") + kAccessCanary);
  EXPECT_EQ(map_claims(login.connection, *proof)->username, "ada");
}

TEST(Oauth2Login, IgnoresAnIdToken) {
  LoginAtProvider login(oauth2_connection());
  auto answer = login.token_answer();
  answer["id_token"] = "not.even.valid";
  login.own_token_answer = true;
  login.client.on(kTokenUrl, 200, boost::json::serialize(answer));
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->id_token, "");
}

TEST(Oauth2Login, TakesTheTokenEndpointsOddities) {
  for (const auto& [answer, fine] : {std::pair{R"({"access_token":"x"})", true},
                                     {R"({"access_token":"x","token_type":"bearer"})", true},
                                     {R"({"access_token":"x","token_type":"mac"})", false},
                                     {R"({"access_token":"x","token_type":7})", false},
                                     {R"({"access_token":""})", false},
                                     {R"({"access_token":7})", false},
                                     {R"({})", false},
                                     {"<html>", false},
                                     {"", false}}) {
    SCOPED_TRACE(answer);
    LoginAtProvider login(oauth2_connection());
    login.own_token_answer = true;
    login.client.on(kTokenUrl, 201, answer);
    const auto proof = login.prove();
    EXPECT_EQ(proof.has_value(), fine);
    if (!proof) EXPECT_EQ(proof.error().downstream.description, "connection misconfigured");
  }
}

TEST(Oauth2Login, FailsWithoutAUserEndpointThatAnswers) {
  struct Row {
    void (*script)(FakeHttpClient&);
    OAuthCode code;
    const char* description;
  } const rows[] = {
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::timeout); }, OAuthCode::temporarily_unavailable,
       "The identity provider Acme Inc could not be reached"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::address_not_allowed); }, OAuthCode::server_error,
       "connection misconfigured"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 500, ""); }, OAuthCode::server_error,
       "The identity provider Acme Inc could not be reached"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 204, R"({"id":1})"); }, OAuthCode::server_error,
       "The identity provider Acme Inc could not be reached"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, R"({"id":null})"); }, OAuthCode::server_error,
       "connection misconfigured"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, "not json"); }, OAuthCode::server_error, "connection misconfigured"},
  };
  for (const Row& row : rows) {
    LoginAtProvider login(oauth2_connection());
    row.script(login.client);
    const auto proof = login.prove();
    ASSERT_FALSE(proof.has_value());
    EXPECT_EQ(proof.error().rule, "RP-81");
    EXPECT_EQ(proof.error().downstream.code, row.code);
    EXPECT_EQ(proof.error().downstream.description, row.description);
  }
}

TEST(Oauth2Login, SaysWhereToLookWhenTheUserEndpointFails) {
  struct Row {
    void (*script)(FakeHttpClient&);
    const char* hint;
  } const rows[] = {
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, "<html>"); }, "userinfo_url"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, "[]"); }, "userinfo_url"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, R"([{"id":null}])"); }, "id_attribute"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, 200, R"({"name":"Ada"})"); }, "id_attribute"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::too_large); }, "Something else answers"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::protocol); }, "Something else answers"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::redirect_refused); }, "Redirects are not followed"},
      {[](FakeHttpClient& c) { c.on(kUserUrl, http::FetchFailure::timeout); }, "can be reached"},
  };
  for (const Row& row : rows) {
    LoginAtProvider login(oauth2_connection());
    row.script(login.client);
    const auto proof = login.prove();
    ASSERT_FALSE(proof.has_value());
    EXPECT_TRUE(proof.error().hint.contains(row.hint)) << proof.error().hint;
  }
}

TEST(Oauth2Login, ChecksTheIssuerWhereItIsKnown) {
  LoginAtProvider login(oauth2_connection(R"({"issuer":"https://idp.example"})"));
  login.response.add("iss", "https://evil.example");
  const auto proof = login.prove();
  ASSERT_FALSE(proof.has_value());
  EXPECT_EQ(proof.error().rule, "RP-50");
  EXPECT_TRUE(login.client.requests().empty());

  LoginAtProvider unknown(oauth2_connection());
  unknown.response.add("iss", "https://anything.example");
  EXPECT_TRUE(unknown.prove().has_value());
}

}  // namespace
}  // namespace symbolon::upstream
