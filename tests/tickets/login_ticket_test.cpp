#include "tickets/login_ticket.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "base/random.h"
#include "support/same.h"
#include "tickets/fixture.h"

namespace symbolon::tickets {

using namespace std::chrono_literals;

LoginTicket typical_login() {
  CounterRandom random;
  LoginTicket login;
  login.state = random_token(random, 32);
  login.tenant = kTenant;
  login.base_url = kBaseUrl;
  login.created_at = kNow;
  login.expires_at = kNow + 1h;
  login.nonce = random_token(random, 32);
  login.verifier = random_token(random, 32);
  login.challenge_method = "S256";
  login.upstream = {.connection = ConnectionId("con_0123456789abcdef"),
                    .connection_name = "acme-workforce",
                    .issuer = "https://acme.okta.example/oauth2/default",
                    .token_endpoint = "https://acme.okta.example/oauth2/default/v1/token",
                    .userinfo_endpoint = "https://acme.okta.example/oauth2/default/v1/userinfo",
                    .jwks_uri = "https://acme.okta.example/oauth2/default/v1/keys",
                    .client_id = "0oa1a2b3c4d5e6f7g8h9"};
  auto& request = login.request;
  request.client = ClientId("AbCdEfGhIjKlMnOpQrStUvWxYz012345");
  request.redirect_uri = "https://shop.example.com/callback";
  request.response_type = "code";
  request.response_mode = "query";
  request.scope = {"openid", "profile", "email"};
  request.state = random_token(random, 32);
  request.nonce = random_token(random, 32);
  request.code_challenge = random_token(random, 32);
  request.code_challenge_method = "S256";
  return login;
}

LoginTicket full_login() {
  LoginTicket login = typical_login();
  login.purpose = LoginPurpose::link_account;
  login.prompt_sent = login.prompt_added = login.prompt_dropped = login.max_age_sent = true;
  login.page = "page_1";
  login.session = SessionId("sid_1");
  login.subject = "try_1";
  login.upstream.channel = model::Channel::front_channel;
  login.upstream.callback_path = model::CallbackPath::zitadel_idps;
  auto& request = login.request;
  request.redirect_uri_was_sent = false;
  request.audience = "https://api.example.com";
  request.prompt = {"login", "consent"};
  request.max_age = 0s;
  request.login_hint = "jürgen \"j\" <j@example.com>";
  request.connection = "acme-workforce";
  request.connection_scope = "groups";
  request.ui_locales = "fr en";
  request.acr_values = "gold";
  request.display = "popup";
  request.subjects = {"oidc|acme|j"};
  request.claims = {{"email"}, {"phone_number", "address"}};
  request.required_acr = {"gold", "platinum"};
  request.passed_on = {{"login_hint", "j"}, {"login_hint", ""}};
  return login;
}

namespace {

struct LoginTicketTest : testing::Test {
  std::optional<LoginTicket> open(std::string_view sealed, const LoginTicket& of, Instant now = kNow) {
    return open_login(test.box, sealed, of.state, of.tenant, of.base_url, now);
  }
  TestBox test;
};

TEST_F(LoginTicketTest, EveryMemberComesBack) {
  const LoginTicket full = full_login();
  ASSERT_EQ(unset_members(full), std::vector<std::size_t>()) << "the sample must fill every member";
  ASSERT_EQ(unset_members(full.request), std::vector<std::size_t>());
  ASSERT_EQ(unset_members(full.upstream), std::vector<std::size_t>());
  const auto opened = open(seal_login(test.box, full), full).value();
  expect_same(opened, full);
  expect_same(opened.request, full.request);
}

TEST_F(LoginTicketTest, TheSubjectOfALoginThatWasSealedBeforeSubjectsStillBinds) {
  const LoginTicket login = typical_login();
  const std::string place = "default|" + std::string(kBaseUrl) + "|" + login.state;
  const auto opened = open(test.box.seal("login", place, R"({"exp":9999999999999,"hs":"oidc|acme|j"})"), login);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->request.may_be(UserId("oidc|acme|j")));
  EXPECT_FALSE(opened->request.may_be(UserId("oidc|acme|k")));
}

TEST_F(LoginTicketTest, WhatWasNotSetStaysUnset) {
  LoginTicket empty;
  empty.expires_at = kNow + 1s;
  expect_same(open(seal_login(test.box, empty), empty).value(), empty);
  for (const auto purpose : {LoginPurpose::login, LoginPurpose::try_connection, LoginPurpose::link_account}) {
    LoginTicket login = typical_login();
    login.purpose = purpose;
    EXPECT_EQ(open(seal_login(test.box, login), login)->purpose, purpose);
  }
}

// A browser that never answers must not fill its jar: eight logins fit beside what else is sent with a request.
TEST_F(LoginTicketTest, ATypicalLoginIsSmall) {
  const auto size = base64url_encode(seal_login(test.box, typical_login())).size();
  RecordProperty("bytes", static_cast<int>(size));
  EXPECT_LT(size, 1536u);
}

TEST_F(LoginTicketTest, TakesWhatTheLoginDependsOnFromTheSettings) {
  model::UpstreamSettings settings;
  settings.channel = model::Channel::front_channel;
  settings.issuer = "i";
  settings.token_endpoint = "t";
  settings.userinfo_endpoint = "u";
  settings.jwks_uri = "j";
  settings.client_id = "c";
  const UpstreamSnapshot want{ConnectionId("con_1"), "corp", model::Channel::front_channel, "i", "t", "u", "j", "c"};
  EXPECT_EQ(take_snapshot(ConnectionId("con_1"), "corp", settings), want);
  settings.authorization_endpoint = "elsewhere";
  EXPECT_EQ(take_snapshot(ConnectionId("con_1"), "corp", settings), want) << "the browser has been there already";
  settings.token_endpoint = "elsewhere";
  EXPECT_NE(take_snapshot(ConnectionId("con_1"), "corp", settings), want);
  settings.token_endpoint = "t";
  settings.callback_path = model::CallbackPath::zitadel_login;
  EXPECT_NE(take_snapshot(ConnectionId("con_1"), "corp", settings), want) << "the code is bound to the address";
}

TEST_F(LoginTicketTest, T27NoPartAndNoChangeOfASealedLoginOpens) {
  const LoginTicket login = typical_login();
  expect_no_variant_is_accepted(seal_login(test.box, login),
                                [&](const std::string& sealed) { return open(sealed, login).has_value(); });
}

TEST_F(LoginTicketTest, T45ALoginOpensOnlyUnderItsState) {
  const LoginTicket login = typical_login();
  const std::string sealed = seal_login(test.box, login);
  LoginTicket other = login;
  for (const std::string& state : {std::string(), login.state + "A", login.state.substr(1), std::string(43, 'A')}) {
    other.state = state;
    EXPECT_FALSE(open(sealed, other)) << state;
  }
  EXPECT_TRUE(open(sealed, login));
}

TEST_F(LoginTicketTest, T48ALoginOpensOnlyForItsTenantAndHost) {
  const LoginTicket login = typical_login();
  const std::string sealed = seal_login(test.box, login);
  LoginTicket other = login;
  other.tenant = TenantId("other");
  EXPECT_FALSE(open(sealed, other));
  other = login;
  for (const char* base_url :
       {"", "https://login.example.org", "http://login.example.com", "https://login.example.com/"}) {
    other.base_url = base_url;
    EXPECT_FALSE(open(sealed, other)) << base_url;
  }
}

TEST_F(LoginTicketTest, T48OnlyWhatWeSealedOpens) {
  const LoginTicket login = typical_login();
  EXPECT_FALSE(open("", login));
  EXPECT_FALSE(open(R"({"at":0,"exp":9999999999999})", login));
  EXPECT_FALSE(open(std::string(200, '\0'), login));
  EXPECT_FALSE(open(seal_login(TestBox(77).box, login), login)) << "another installation's";
  const std::string place = "default|" + std::string(kBaseUrl) + "|" + login.state;
  EXPECT_FALSE(open(test.box.seal("login", place, "no JSON"), login));
  EXPECT_FALSE(open(test.box.seal("login", place, R"({"exp":"soon"})"), login));
  EXPECT_FALSE(open(test.box.seal("login", place, "{}"), login)) << "without an end it is over";
  EXPECT_FALSE(open(test.box.seal("connection-secret", place, R"({"exp":9999999999999})"), login));
  EXPECT_TRUE(open(test.box.seal("login", place, R"({"exp":9999999999999})"), login));
}

TEST_F(LoginTicketTest, T50ALoginEndsWhenTheClockHasMovedOn) {
  const LoginTicket login = typical_login();
  const std::string sealed = seal_login(test.box, login);
  EXPECT_TRUE(open(sealed, login, login.expires_at - 1ms));
  EXPECT_FALSE(open(sealed, login, login.expires_at));
  EXPECT_FALSE(open(sealed, login, login.expires_at + 24h * 365));
}

TEST_F(LoginTicketTest, TwoSealsOfOneLoginDiffer) {
  EXPECT_NE(seal_login(test.box, typical_login()), seal_login(test.box, typical_login()));
}

}  // namespace
}  // namespace symbolon::tickets
