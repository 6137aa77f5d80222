#include "login_storm/application.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "login_storm/tokens.h"

namespace symbolon::bench {
namespace {

Options options_with(ClientAuth auth) {
  Options options;
  options.authorize_url = "http://a/authorize?tenant=x";
  options.token_url = "http://a/oauth/token?x=1";
  options.client = {.id = "my app", .secret = "s:e+c", .redirect_uri = "http://app/cb"};
  options.client_auth = auth;
  options.authorize_parameters = {{"connection", "bench"}};
  return options;
}

std::string header_of(const HttpRequest& request, const std::string& name) { return value_of(request.headers, name); }

TEST(Application, AsksWithStateNonceAndChallengeOfItsOwn) {
  const Options options = options_with(ClientAuth::post);
  const Application application(options, options.client);
  const PendingLogin first = application.begin();
  const PendingLogin second = application.begin();
  EXPECT_NE(first.state, second.state);
  EXPECT_NE(first.nonce, second.nonce);
  EXPECT_NE(first.verifier, second.verifier);
  EXPECT_TRUE(leads_to(first.url, options.authorize_url));
  EXPECT_EQ(parse_form(query_of(first.url)), (Parameters{{"tenant", "x"},
                                                         {"response_type", "code"},
                                                         {"client_id", "my app"},
                                                         {"redirect_uri", "http://app/cb"},
                                                         {"scope", "openid profile email"},
                                                         {"code_challenge_method", "S256"},
                                                         {"connection", "bench"},
                                                         {"state", first.state},
                                                         {"nonce", first.nonce},
                                                         {"code_challenge", pkce_challenge(first.verifier)}}));
}

TEST(Application, KnowsTheChallengeOfRfc7636) {  // appendix B
  EXPECT_EQ(pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Application, AuthenticatesByTheChosenMethod) {
  const PendingLogin pending{.url = {}, .state = {}, .nonce = {}, .verifier = "v"};
  const Parameters grant{
      {"grant_type", "authorization_code"}, {"code", "c"}, {"redirect_uri", "http://app/cb"}, {"code_verifier", "v"}};
  const auto with = [&](Parameters more) {
    Parameters all = grant;
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const auto request_with = [&](ClientAuth auth) {
    const Options options = options_with(auth);
    return Application(options, options.client).code_request(pending, "c");
  };
  const HttpRequest post = request_with(ClientAuth::post);
  EXPECT_EQ(post.target, "/oauth/token?x=1");
  EXPECT_EQ(parse_form(post.body), with({{"client_id", "my app"}, {"client_secret", "s:e+c"}}));
  EXPECT_EQ(header_of(post, "Authorization"), "");

  const HttpRequest basic = request_with(ClientAuth::basic);
  EXPECT_EQ(parse_form(basic.body), grant);
  EXPECT_EQ(header_of(basic, "Authorization"), "Basic " + base64_encode("my%20app:s%3Ae%2Bc"));

  EXPECT_EQ(parse_form(request_with(ClientAuth::none).body), with({{"client_id", "my app"}}));
}

TEST(Application, ReadsTheCodeOfItsOwnLogin) {
  const PendingLogin pending{.url = {}, .state = "s", .nonce = {}, .verifier = {}};
  EXPECT_EQ(Application::read_code(pending, {{"code", "c"}, {"state", "s"}}), "c");
  const struct {
    Parameters landing;
    const char* kind;
  } rows[] = {{{{"code", "c"}, {"state", "t"}}, "landed with another state"},
              {{{"code", "c"}}, "landed with another state"},
              {{{"state", "s"}}, "landed without a code"},
              {{{"state", "s"}, {"code", "c"}, {"error", "access_denied"}}, "redirected with error=access_denied"}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.kind);
    const auto code = Application::read_code(pending, row.landing);
    ASSERT_FALSE(code);
    EXPECT_EQ(code.error().kind, row.kind);
  }
}

std::string id_token(const char* claims) { return "e30." + base64url_encode(claims) + ".sig"; }

HttpResponse token_answer(boost::json::object body, unsigned status = 200) {
  return {.status = status,
          .location = {},
          .content_type = "application/json",
          .set_cookies = {},
          .body = boost::json::serialize(body)};
}

TEST(Application, TakesTokensWithItsNonce) {
  const auto tokens = Application::read_tokens(
      token_answer(
          {{"access_token", "a"}, {"refresh_token", "r"}, {"id_token", id_token(R"({"sub":"x","nonce":"n"})")}}),
      "n");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(tokens->refresh_token, "r");
  EXPECT_TRUE(Application::read_tokens(token_answer({{"access_token", "a"}}), ""));
}

TEST(Application, RefusesTokensThatLackSomething) {
  const struct {
    const char* kind;
    HttpResponse response;
  } rows[] = {
      {"HTTP 400 (invalid_grant)", token_answer({{"error", "invalid_grant"}}, 400)},
      {"HTTP 502", {.status = 502, .location = {}, .content_type = {}, .set_cookies = {}, .body = "no JSON"}},
      {"no access_token", token_answer({{"id_token", id_token(R"({"sub":"x","nonce":"n"})")}})},
      {"no id_token", token_answer({{"access_token", "a"}})},
      {"id_token with another nonce", token_answer({{"access_token", "a"}, {"id_token", id_token(R"({"sub":"x"})")}})},
      {"id_token without sub", token_answer({{"access_token", "a"}, {"id_token", id_token(R"({"nonce":"n"})")}})},
      {"id_token without sub", token_answer({{"access_token", "a"}, {"id_token", "not a JWT"}})},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.kind);
    const auto tokens = Application::read_tokens(row.response, "n");
    ASSERT_FALSE(tokens);
    EXPECT_EQ(tokens.error().kind, row.kind);
  }
}

}  // namespace
}  // namespace symbolon::bench
