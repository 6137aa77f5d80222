#include <gtest/gtest.h>

#include "flows/world.h"
#include "http/form.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

constexpr const char* kOwn = "/login/callback";
constexpr const char* kZitadelLogin = "/ui/login/login/externalidp/callback";
constexpr const char* kZitadelIdps = "/idps/callback";

// Providers that were registered for ZITADEL send browsers to its addresses (zitadel-idps §6.2).
class CallbackPaths : public World, public testing::TestWithParam<const char*> {
 protected:
  void send_back_to(const std::string& connection, const std::string& path, bool select_account = false) {
    change_connection(connection, [&](model::Connection& one) {
      ASSERT_TRUE(from_text(path, one.upstream.callback_path));
      one.upstream.select_account = select_account;
    });
  }
  std::string redirect_uri_of_token_request() {
    for (const auto& request : provider.requests())
      if (request.url == "https://idp.example/token") return http::Form::parse(request.body)->get("redirect_uri");
    return {};
  }
  http::Response come_back(const std::string& path, const std::map<std::string, std::string>& departure,
                           const Fields& more = {{"code", "upstream-code"}}) {
    Fields query{{"state", departure.at("state")}};
    query.insert(query.end(), more.begin(), more.end());
    return get(path + "?" + http::encode_form(query));
  }
  std::string newest_event(const std::string& type) {
    return run_task(memory->read([&](db::Transaction& tx) {
      return tx.query_one("SELECT details FROM log_events WHERE type = ?1 ORDER BY log_id DESC LIMIT 1", {type})->text(0);
    }));
  }
  void grant_token(const std::map<std::string, std::string>& departure) {
    provider.on("https://idp.example/token", 200,
                json::serialize(json::object{{"access_token", "at"},
                                             {"token_type", "Bearer"},
                                             {"id_token", id_token(departure.at("nonce"), "upstream-acme")}}));
  }
};

TEST_P(CallbackPaths, IsTheOneInBothRequestsToTheProvider) {
  send_back_to("acme", GetParam());
  const auto departure = depart("acme");
  const std::string address = std::string("https://id.example") + GetParam();
  EXPECT_EQ(departure.at("redirect_uri"), address);
  EXPECT_TRUE(parameters(arrive(departure, "acme")).contains("code"));
  EXPECT_EQ(redirect_uri_of_token_request(), address);
}

TEST_P(CallbackPaths, TakesAPostedIdToken) {
  send_back_to("front", GetParam());
  const auto departure = depart("front");
  EXPECT_EQ(departure.at("redirect_uri"), std::string("https://id.example") + GetParam());
  EXPECT_TRUE(parameters(arrive(departure, "front")).contains("code"));
}

TEST_P(CallbackPaths, TakesALoginThatWasSentToAnother) {
  for (const char* sent : {kOwn, kZitadelLogin, kZitadelIdps}) {
    send_back_to("acme", sent);
    const auto departure = depart("acme");
    grant_token(departure);
    EXPECT_TRUE(parameters(come_back(GetParam(), departure)).contains("code")) << sent;
    EXPECT_FALSE(parameters(come_back(sent, departure)).contains("code")) << "once is enough";
    cookies.clear();
  }
}

// A post from another site comes without cookies; the page sends it once more from here.
TEST_P(CallbackPaths, SendsAPostWithoutCookiesToItselfAgain) {
  const auto departure = depart("front");
  const auto kept = cookies;
  cookies.clear();
  const http::Response page = post(GetParam(), {{"state", departure.at("state")}, {"id_token", "x"}});
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains(std::string("action=\"https://id.example") + GetParam() + "\"")) << page.body;
  cookies = kept;
  EXPECT_TRUE(parameters(post(GetParam(), {{"state", departure.at("state")},
                                           {"id_token", id_token(departure.at("nonce"), "upstream-front")},
                                           {"symbolon_cookie_retry", "1"}}))
                  .contains("code"));
}

TEST_P(CallbackPaths, RefusesAStateOfNobody) {
  EXPECT_EQ(get(std::string(GetParam()) + "?state=x&code=y").status, 400);
  EXPECT_EQ(get(GetParam()).status, 400);
}

class OwnCallbackPath : public CallbackPaths {
 protected:
  static constexpr const char* kOption = "/login/callback/{connection}";
};

TEST_F(OwnCallbackPath, IsTheConnectionsInBothRequestsToTheProvider) {
  send_back_to("acme", kOption);
  const auto departure = depart("acme");
  EXPECT_EQ(departure.at("redirect_uri"), "https://id.example/login/callback/acme");
  EXPECT_TRUE(parameters(arrive(departure, "acme")).contains("code"));
  EXPECT_EQ(redirect_uri_of_token_request(), "https://id.example/login/callback/acme");
}

// The provider of `acme` sends the browser on to another one, whose code comes back to the other one's own address.
TEST_F(OwnCallbackPath, T51TakesNoAnswerOfAnotherConnection) {
  for (const char* sent : {kOwn, kZitadelLogin, kOption}) {
    send_back_to("acme", sent);
    const auto departure = depart("acme");
    grant_token(departure);
    const auto refused = parameters(come_back("/login/callback/front", departure));
    EXPECT_EQ(refused.at("error"), "access_denied") << sent;
    EXPECT_EQ(redirect_uri_of_token_request(), "") << "the code must not go to anybody";
    EXPECT_TRUE(newest_event("f").contains("RP-50")) << sent;
    EXPECT_FALSE(parameters(come_back(sent, departure)).contains("code")) << "the sign-in is over";
    cookies.clear();
  }
}

TEST_F(OwnCallbackPath, T51TakesItsOwnAnswerNowhereElse) {
  send_back_to("acme", kOption);
  for (const char* elsewhere : {kOwn, kZitadelLogin, kZitadelIdps, "/login/callback/Acme", "/login/callback/acme%20"}) {
    const auto departure = depart("acme");
    grant_token(departure);
    EXPECT_EQ(parameters(come_back(elsewhere, departure)).at("error"), "access_denied") << elsewhere;
    EXPECT_EQ(redirect_uri_of_token_request(), "") << elsewhere;
    cookies.clear();
  }
}

TEST_F(OwnCallbackPath, TakesAPostedIdToken) {
  send_back_to("front", kOption);
  const auto departure = depart("front");
  const auto kept = cookies;
  cookies.clear();
  const http::Response page = post("/login/callback/front", {{"state", departure.at("state")}, {"id_token", "x"}});
  EXPECT_TRUE(page.body.contains("action=\"https://id.example/login/callback/front\"")) << page.body;
  cookies = kept;
  EXPECT_TRUE(parameters(arrive(departure, "front")).contains("code"));
}

INSTANTIATE_TEST_SUITE_P(Paths, CallbackPaths, testing::Values(kOwn, kZitadelLogin, kZitadelIdps),
                         [](const auto& info) { return std::string("Path") + std::to_string(info.index); });

class CallbackPath : public CallbackPaths {};

TEST_F(CallbackPath, SEC11ThatWasChangedMeanwhileEndsTheSignIn) {
  const auto departure = depart("acme");
  send_back_to("acme", kZitadelIdps);
  grant_token(departure);
  const auto answer = parameters(come_back(kOwn, departure));
  EXPECT_EQ(answer.at("error"), "access_denied");
  EXPECT_EQ(redirect_uri_of_token_request(), "") << "the code is bound to an address that is no longer sent";
}

TEST_F(CallbackPath, OthersAreNothing) {
  for (const char* path : {"/idps/callback/", "/idps", "/ui/login", "/ui/login/login/externalidp/callback/form",
                           "/ui/login/externalidp/callback", "/Idps/callback"})
    EXPECT_EQ(get(std::string(path) + "?state=x&code=y").status, 404) << path;
}

// A provider that refuses to show its chooser gets one more chance without prompt (login-runtime §2.13).
TEST_F(CallbackPath, AProviderThatCannotLetChooseIsAskedWithoutPrompt) {
  send_back_to("acme", kZitadelLogin, true);
  const auto departure = depart("acme");
  EXPECT_EQ(departure.at("prompt"), "select_account");
  for (const char* error : {"interaction_required", "account_selection_required", "login_required"}) {
    const auto one = depart("acme");
    const http::Response again = come_back(kZitadelLogin, one, {{"error", error}});
    const auto second = parameters(again);
    ASSERT_TRUE(again.headers.get("Location").starts_with("https://idp.example/auth")) << error;
    EXPECT_FALSE(second.contains("prompt"));
    EXPECT_EQ(second.at("redirect_uri"), one.at("redirect_uri"));
    EXPECT_EQ(parameters(come_back(kZitadelLogin, second, {{"error", error}})).at("error"), "access_denied")
        << "there is one retry only";
  }
  EXPECT_FALSE(depart("acme", {{"login_hint", "ada@idp.example"}}).contains("prompt"));
  EXPECT_EQ(depart("acme", {{"prompt", "login"}}).at("prompt"), "login");
}

// zitadel-idps §6.2: some providers call the chooser an invalid request.
TEST_F(CallbackPath, AProviderThatDoesNotKnowOurPromptIsAskedWithoutIt) {
  send_back_to("acme", kZitadelLogin, true);
  const auto again = come_back(kZitadelLogin, depart("acme"), {{"error", "invalid_request"}});
  const auto second = parameters(again);
  ASSERT_TRUE(again.headers.get("Location").starts_with("https://idp.example/auth"));
  EXPECT_FALSE(second.contains("prompt"));
  grant_token(second);
  EXPECT_TRUE(parameters(come_back(kZitadelLogin, second)).contains("code"));
  EXPECT_TRUE(newest_event("s").contains("send_prompt")) << "the administrator can save the detour";
}

TEST_F(CallbackPath, AnInvalidRequestIsNotRetriedTwiceNorWhereThePromptIsNotOurs) {
  send_back_to("acme", kZitadelLogin, true);
  const auto first = parameters(come_back(kZitadelLogin, depart("acme"), {{"error", "invalid_request"}}));
  const Fields why{{"error", "invalid_request"}, {"error_description", "redirect_uri is not registered"}};
  const auto ended = parameters(come_back(kZitadelLogin, first, why));
  EXPECT_EQ(ended.at("error"), "server_error");
  EXPECT_TRUE(newest_event("f").contains("redirect_uri is not registered")) << "the last answer is the one explained";
  for (const char* prompt : {"login", "select_account"}) {
    const auto one = depart("acme", {{"prompt", prompt}});
    ASSERT_TRUE(one.contains("prompt")) << prompt;
    EXPECT_EQ(parameters(come_back(kZitadelLogin, one, why)).at("error"), "server_error") << prompt;
  }
  const auto hinted = depart("acme", {{"login_hint", "ada@idp.example"}});
  EXPECT_EQ(parameters(come_back(kZitadelLogin, hinted, why)).at("error"), "server_error");
  send_back_to("acme", kZitadelLogin, false);
  EXPECT_EQ(parameters(come_back(kZitadelLogin, depart("acme"), why)).at("error"), "server_error");
}

}  // namespace
}  // namespace symbolon::flows
