#include "upstream/discovery.h"

#include <gtest/gtest.h>

#include "support/fake_http_client.h"
#include "support/run_task.h"
#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

using model::Channel;

constexpr std::string_view kUrl = "https://idp.example/.well-known/openid-configuration";

Discovery judge(std::string_view changes, std::optional<Channel> channel = Channel::back_channel,
                std::string_view url = kUrl) {
  return judge_document(boost::json::serialize(merged(object_of(kMetadata), changes)), url, channel);
}

std::string problems_of(const Discovery& discovery) {
  std::string out;
  for (const auto& problem : discovery.problems) out += problem.member + ":" + problem.code + ";";
  return out;
}

std::string warnings_of(const Discovery& discovery) {
  std::string out;
  for (const auto& warning : discovery.warnings) out += warning.code + ";";
  return out;
}

TEST(DiscoveryCandidate, IsTheOneUrlThatWasMeant) {
  struct Row {
    const char* typed;
    const char* want;
  } const rows[] = {
      {"https://idp.example", "https://idp.example/.well-known/openid-configuration"},
      {" https://idp.example/ ", "https://idp.example/.well-known/openid-configuration"},
      {"idp.example/tenant/", "https://idp.example/tenant/.well-known/openid-configuration"},
      {"IDP.example:8443", "https://idp.example:8443/.well-known/openid-configuration"},
      {"https://idp.example/.well-known/openid-configuration?x=1#y",
       "https://idp.example/.well-known/openid-configuration"},
      {"https://idp.example/a/.well-known/oauth-authorization-server",
       "https://idp.example/a/.well-known/oauth-authorization-server"},
      {"http://127.0.0.1:3000", "http://127.0.0.1:3000/.well-known/openid-configuration"},
  };
  for (const Row& row : rows) EXPECT_EQ(discovery_candidate(row.typed), row.want) << row.typed;
  for (const char* bad :
       {"", "   ", "https://", "ftp://idp.example", "a b", "https://u:p@idp.example", "javascript:alert(1)", "//"})
    EXPECT_EQ(discovery_candidate(bad), std::nullopt) << bad;
}

TEST(JudgeDocument, AcceptsAGoodOne) {
  for (const Channel channel : {Channel::front_channel, Channel::back_channel}) {
    const Discovery found = judge("{}", channel);
    EXPECT_EQ(found.status, Discovery::Status::ok);
    EXPECT_EQ(problems_of(found), "");
    EXPECT_EQ(warnings_of(found), "");
    EXPECT_EQ(found.issuer, "https://idp.example");
    EXPECT_FALSE(found.document.empty());
  }
}

TEST(JudgeDocument, NamesEveryBrokenMember) {
  struct Row {
    const char* changes;
    const char* back;
    const char* front;
  } const rows[] = {
      {R"({"issuer":null})", "issuer:missing;", "issuer:missing;"},
      {R"({"issuer":7})", "issuer:wrong_type;", "issuer:wrong_type;"},
      {R"({"issuer":"idp"})", "issuer:not_a_url;", "issuer:not_a_url;"},
      {R"({"issuer":"https://idp.example?x"})", "issuer:not_a_url;", "issuer:not_a_url;"},
      {R"({"issuer":"https://idp.example/{tenant}"})", "issuer:unknown_template;", "issuer:unknown_template;"},
      {R"({"authorization_endpoint":null})", "authorization_endpoint:missing;", "authorization_endpoint:missing;"},
      {R"({"authorization_endpoint":"/authorize"})", "authorization_endpoint:not_a_url;",
       "authorization_endpoint:not_a_url;"},
      {R"({"jwks_uri":""})", "jwks_uri:missing;", "jwks_uri:missing;"},
      {R"({"jwks_uri":"http://idp.example/jwks"})", "jwks_uri:not_https;", "jwks_uri:not_https;"},
      {R"({"token_endpoint":null})", "token_endpoint:missing;", ""},
      {R"({"token_endpoint":"https://idp.example/t#f"})", "token_endpoint:fragment;", "token_endpoint:fragment;"},
      {R"({"userinfo_endpoint":null})", "", ""},
      {R"({"userinfo_endpoint":"x"})", "userinfo_endpoint:not_a_url;", "userinfo_endpoint:not_a_url;"},
      {R"({"response_types_supported":["id_token"]})", "response_types_supported:code_not_supported;", ""},
      {R"({"response_types_supported":"code"})", "response_types_supported:wrong_type;",
       "response_types_supported:wrong_type;"},
      {R"({"response_types_supported":null})", "", ""},
      {R"({"id_token_signing_alg_values_supported":["HS256","none"]})",
       "id_token_signing_alg_values_supported:no_common_algorithm;",
       "id_token_signing_alg_values_supported:no_common_algorithm;"},
      {R"({"id_token_signing_alg_values_supported":null})", "", ""},
      {R"({"id_token_signing_alg_values_supported":[1]})", "id_token_signing_alg_values_supported:wrong_type;",
       "id_token_signing_alg_values_supported:wrong_type;"},
      {R"({"subject_types_supported":null})", "", ""},
      {R"({"code_challenge_methods_supported":7,"scopes_supported":{"a":1}})", "", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.changes);
    EXPECT_EQ(problems_of(judge(row.changes, Channel::back_channel)), row.back);
    EXPECT_EQ(problems_of(judge(row.changes, Channel::front_channel)), row.front);
    EXPECT_EQ(judge(row.changes).status, *row.back ? Discovery::Status::invalid : Discovery::Status::ok);
  }
}

TEST(JudgeDocument, WarnsOfAFrontChannelThatIsNotAdvertised) {
  EXPECT_EQ(warnings_of(judge(R"({"response_types_supported":["code"],"response_modes_supported":["query"]})",
                              Channel::front_channel)),
            "front_channel_not_advertised;form_post_not_advertised;");
  EXPECT_EQ(warnings_of(judge(R"({"code_challenge_methods_supported":null})", Channel::back_channel)),
            "pkce_not_advertised;");
}

TEST(JudgeDocument, ComparesTheIssuerWithWhereItWasFound) {
  struct Row {
    const char* issuer;
    const char* url;
    bool fits;
  } const rows[] = {
      {"https://idp.example", "https://idp.example/.well-known/openid-configuration", true},
      {"https://idp.example/", "https://idp.example/.well-known/openid-configuration", true},
      {"https://idp.example/a", "https://idp.example/a/.well-known/openid-configuration", true},
      {"https://idp.example/a", "https://idp.example/.well-known/oauth-authorization-server/a", true},
      {"https://idp.example/b", "https://idp.example/a/.well-known/openid-configuration", false},
      {"https://idp.example//", "https://idp.example/.well-known/openid-configuration", false},
      {"https://other.example", "https://idp.example/.well-known/openid-configuration", false},
      {"https://login.microsoftonline.com/{tenantid}/v2.0",
       "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration", true},
      {"https://login.microsoftonline.com/{tenantid}/v2.0",
       "https://login.microsoftonline.com/a/b/v2.0/.well-known/openid-configuration", false},
      {"https://sts.windows.net/{tenantid}/",
       "https://login.microsoftonline.com/common/.well-known/openid-configuration", false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.issuer) + " at " + row.url);
    const Discovery found = judge(std::string(R"({"issuer":")") + row.issuer + "\"}", Channel::back_channel, row.url);
    EXPECT_EQ(found.status, Discovery::Status::ok);
    EXPECT_EQ(warnings_of(found), row.fits ? "" : "issuer_mismatch;");
  }
}

TEST(JudgeDocument, TakesPlainHttpOnlyFromADocumentThatCameThatWay) {
  const char* changes = R"({"issuer":"http://127.0.0.1:1","authorization_endpoint":"http://127.0.0.1:1/a",
    "token_endpoint":"http://127.0.0.1:1/t","jwks_uri":"http://127.0.0.1:1/k","userinfo_endpoint":null})";
  EXPECT_EQ(judge(changes, Channel::back_channel, "http://127.0.0.1:1/.well-known/openid-configuration").status,
            Discovery::Status::ok);
  EXPECT_EQ(judge(changes).status, Discovery::Status::invalid);
}

TEST(JudgeDocument, Suggests) {
  const auto both = judge("{}", std::nullopt).suggestions;
  EXPECT_EQ(both.type, "front_channel");
  EXPECT_EQ(both.pkce, "S256");
  EXPECT_EQ(both.token_endpoint_auth_method, "client_secret_post");
  EXPECT_TRUE(both.scopes_missing.empty());

  EXPECT_EQ(judge(R"({"response_modes_supported":null})", std::nullopt).suggestions.type, "front_channel");
  EXPECT_EQ(judge(R"({"response_modes_supported":["query"]})", std::nullopt).suggestions.type, "back_channel");
  EXPECT_EQ(judge(R"({"response_types_supported":["code"]})", std::nullopt).suggestions.type, "back_channel");
  EXPECT_EQ(judge(R"({"response_types_supported":null})", std::nullopt).suggestions.type, "back_channel");
  EXPECT_EQ(judge(R"({"code_challenge_methods_supported":["plain"]})").suggestions.pkce, "plain");
  EXPECT_EQ(judge(R"({"code_challenge_methods_supported":null})").suggestions.pkce, "auto");
  EXPECT_EQ(judge(R"({"token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic"]})")
                .suggestions.token_endpoint_auth_method,
            "client_secret_basic");
  EXPECT_EQ(
      judge(R"({"token_endpoint_auth_methods_supported":["private_key_jwt"]})").suggestions.token_endpoint_auth_method,
      "private_key_jwt");
  EXPECT_EQ(judge(R"({"scopes_supported":["openid","email"]})").suggestions.scopes_missing,
            std::vector<std::string>{"profile"});
}

TEST(JudgeDocument, NeedsTheTokenEndpointWhenItSuggestsTheBackChannel) {
  EXPECT_EQ(problems_of(judge(R"({"token_endpoint":null,"response_types_supported":["code"]})", std::nullopt)),
            "token_endpoint:missing;");
  EXPECT_EQ(problems_of(judge(R"({"token_endpoint":null})", std::nullopt)), "");
}

TEST(JudgeDocument, TellsTextFromJson) {
  for (const auto& [text, reason] :
       {std::pair{"<html>", "not_json"}, {"[1]", "not_object"}, {"", "not_json"}, {"{", "not_json"}}) {
    const Discovery found = judge_document(text, kUrl, std::nullopt);
    EXPECT_EQ(found.status, Discovery::Status::not_found);
    EXPECT_EQ(found.reason, reason);
    EXPECT_EQ(found.document, "");
  }
}

class DiscovererTest : public testing::Test {
 protected:
  Discovery discover(std::string typed) {
    return run_task(Discoverer(client_).discover(std::move(typed), Channel::back_channel, {}));
  }
  FakeHttpClient client_;
};

TEST_F(DiscovererTest, FetchesAndJudges) {
  client_.on(std::string(kUrl), 200, std::string(kMetadata), "text/plain");
  const Discovery found = discover("idp.example/");
  EXPECT_EQ(found.status, Discovery::Status::ok);
  EXPECT_EQ(found.http_status, 200);
  EXPECT_EQ(found.requested_url, kUrl);
  const auto request = client_.last();
  EXPECT_EQ(request.max_redirects, 3);
  EXPECT_EQ(request.max_body_bytes, 1u << 20);
  EXPECT_EQ(request.headers, (std::vector<std::pair<std::string, std::string>>{{"Accept", "application/json"}}));
}

TEST_F(DiscovererTest, SaysWhyThereIsNothing) {
  using http::FetchFailure;
  for (const auto& [why, reason] : {std::pair{FetchFailure::dns, "dns"},
                                    {FetchFailure::connect, "connect"},
                                    {FetchFailure::tls, "tls"},
                                    {FetchFailure::timeout, "timeout"},
                                    {FetchFailure::redirect_refused, "redirect_refused"},
                                    {FetchFailure::too_large, "too_large"},
                                    {FetchFailure::address_not_allowed, "address not allowed"}}) {
    client_.on(std::string(kUrl), why);
    const Discovery found = discover("https://idp.example");
    EXPECT_EQ(found.status, Discovery::Status::not_found);
    EXPECT_EQ(found.reason, reason);
    EXPECT_EQ(found.http_status, 0);
  }
  client_.on(std::string(kUrl), 404, "gone");
  EXPECT_EQ(discover("https://idp.example").reason, "http_404");
  EXPECT_EQ(discover("https://idp.example").http_status, 404);
  client_.on(std::string(kUrl), 200, "<html>");
  EXPECT_EQ(discover("https://idp.example").reason, "not_json");
}

TEST_F(DiscovererTest, AsksNobodyForWhatIsNoUrl) {
  EXPECT_EQ(discover("not a url").reason, "bad_url");
  EXPECT_TRUE(client_.requests().empty());
}

}  // namespace
}  // namespace symbolon::upstream
