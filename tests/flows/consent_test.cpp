#include <gtest/gtest.h>

#include "flows/world.h"
#include "http/form.h"
#include "jose/pkce.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

constexpr const char* kVerifier = "0123456789012345678901234567890123456789abc";

// `app` is a third-party application here.
class Consent : public World, public testing::Test {
 protected:
  void SetUp() override {
    change_client(client_id, {{"is_first_party", false}});
    change_connection("acme", [](auto& connection) { connection.is_domain_connection = true; });
  }

  static std::string between(const std::string& text, const std::string& before, const std::string& after) {
    const auto start = text.find(before);
    if (start == std::string::npos) return {};
    const auto begin = start + before.size();
    return text.substr(begin, text.find(after, begin) - begin);
  }
  static std::string field(const http::Response& page, const std::string& name) {
    return between(page.body, "name=\"" + name + "\" value=\"", "\"");
  }
  static std::string location(const http::Response& response) {
    return std::string(response.headers.get("Location")).substr(std::string("https://id.example").size());
  }

  static Fields with_pkce(Fields more = {}) {
    more.emplace_back("code_challenge", jose::code_challenge(kVerifier));
    more.emplace_back("code_challenge_method", "S256");
    return more;
  }
  http::Response ask(Fields more = {}) {
    Fields query = with_pkce({{"client_id", client_id},
                              {"response_type", "code"},
                              {"redirect_uri", "https://app.example/cb"},
                              {"scope", "openid email"},
                              {"state", "app-state"},
                              {"connection", "acme"}});
    for (auto& [name, value] : more) {
      std::erase_if(query, [&](const auto& one) { return one.first == name; });
      if (!value.empty()) query.emplace_back(name, value);
    }
    return get("/authorize?" + http::encode_form(query));
  }
  /// Signs in at the provider; ends at the consent page.
  http::Response sign_in(Fields more = {}) {
    const http::Response back = arrive(depart("acme", with_pkce(std::move(more))), "acme");
    EXPECT_TRUE(location(back).starts_with("/u/consent?state=")) << back.headers.get("Location");
    return get(location(back));
  }
  http::Response decide(const http::Response& page, const std::string& decision, const Fields& headers = {}) {
    return post("/u/consent", {{"state", field(page, "state")}, {"token", field(page, "token")}, {"decision", decision}},
                headers);
  }
};

TEST_F(Consent, IsAskedBeforeTheApplicationGetsAnythingAndThenNotAgain) {
  const http::Response page = sign_in();
  EXPECT_EQ(count("sessions"), 1);
  EXPECT_EQ(count("grants"), 0);
  EXPECT_EQ(count("authorization_codes"), 0);
  EXPECT_TRUE(page.body.contains("<strong>app</strong>"));
  EXPECT_TRUE(page.body.contains("ada@idp.example"));
  EXPECT_TRUE(page.body.contains("See your email address"));
  EXPECT_FALSE(page.body.contains("postal"));

  const http::Response allowed = decide(page, "accept");
  EXPECT_EQ(allowed.status, 303);
  const auto answer = parameters(allowed);
  EXPECT_EQ(answer.at("state"), "app-state");
  const auto tokens = post("/oauth/token", {{"grant_type", "authorization_code"},
                                            {"code", answer.at("code")},
                                            {"code_verifier", kVerifier},
                                            {"redirect_uri", "https://app.example/cb"},
                                            {"client_id", client_id},
                                            {"client_secret", client_secret}});
  EXPECT_EQ(tokens.status, 200) << tokens.body;
  EXPECT_TRUE(parameters(ask()).contains("code"));
  EXPECT_TRUE(parameters(ask({{"prompt", "none"}})).contains("code"));
}

// OpenID Connect Core §3.1.2.1: what the application asked for holds when it gets its answer.
TEST_F(Consent, AZ13AnAnswerLaterThanMaxAgeIsRefusedAndNotKept) {
  const http::Response late = sign_in({{"max_age", "60"}});
  clock.advance(std::chrono::seconds(61));
  EXPECT_EQ(parameters(decide(late, "accept")).at("error"), "login_required");
  EXPECT_EQ(count("grants"), 0);

  cookies.clear();
  const http::Response punctual = sign_in({{"max_age", "60"}});
  clock.advance(std::chrono::seconds(60));
  EXPECT_TRUE(parameters(decide(punctual, "accept")).contains("code"));

  // max_age=0 was met by the sign-in itself.
  cookies.clear();
  const http::Response fresh = sign_in({{"max_age", "0"}, {"prompt", "consent"}});
  clock.advance(std::chrono::seconds(61));
  EXPECT_TRUE(parameters(decide(fresh, "accept")).contains("code"));
}

// A cookie that somebody got hold of before must not be worth more afterwards.
TEST_F(Consent, SE3T44TheSessionsCookieIsReplacedWhenConsentIsGiven) {
  const http::Response page = sign_in();
  const auto before = cookies;
  ASSERT_TRUE(parameters(decide(page, "accept")).contains("code"));
  const auto after = cookies;
  EXPECT_NE(before.at("__Host-bs"), after.at("__Host-bs"));
  EXPECT_EQ(count("sessions"), 1);
  for (const auto later : {std::chrono::seconds(0), std::chrono::seconds(11)}) {
    clock.advance(later);
    cookies = before;
    EXPECT_EQ(parameters(ask({{"prompt", "none"}})).at("error"), "login_required");
    cookies = after;
    EXPECT_TRUE(parameters(ask({{"prompt", "none"}})).contains("code"));
  }
  // A refusal changes nothing.
  cookies = after;
  decide(get(location(ask({{"prompt", "consent"}}))), "decline");
  EXPECT_EQ(cookies.at("__Host-bs"), after.at("__Host-bs"));
}

TEST_F(Consent, ARefusedSilentSignInIsOnRecordForTheSignedInOnly) {
  const auto failures = [&] {
    return run_task(memory->read([](db::Transaction& tx) {
      return tx.query_one("SELECT COUNT(*) FROM log_events WHERE type = 'fsa' AND user_id = 'oidc|acme|ada'")->integer(0);
    }));
  };
  EXPECT_EQ(parameters(ask({{"prompt", "none"}})).at("error"), "login_required");
  EXPECT_EQ(count("log_events"), 0) << "nobody is signed in";
  decide(sign_in(), "accept");
  EXPECT_EQ(failures(), 0);
  EXPECT_EQ(parameters(ask({{"scope", "openid profile"}, {"prompt", "none"}})).at("error"), "consent_required");
  EXPECT_EQ(failures(), 1);
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(parameters(ask({{"max_age", "1"}, {"prompt", "none"}})).at("error"), "login_required");
  EXPECT_EQ(failures(), 2);
}

TEST_F(Consent, APageThatIsReloadedAfterARefusedFormIsThereAgain) {
  const http::Response page = sign_in();
  EXPECT_EQ(post("/u/consent", {{"state", field(page, "state")}, {"token", "x"}, {"decision", "accept"}}).status, 403);
  const http::Response again = get(between(page.body, "<form method=\"post\" action=\"", "\""));
  EXPECT_EQ(again.status, 200);
  EXPECT_TRUE(parameters(decide(again, "accept")).contains("code"));
}

TEST_F(Consent, WiderScopesAndPromptConsentAskAgain) {
  decide(sign_in(), "accept");
  EXPECT_TRUE(location(ask({{"scope", "openid email profile"}})).starts_with("/u/consent"));
  EXPECT_TRUE(location(ask({{"prompt", "consent"}})).starts_with("/u/consent"));
  EXPECT_EQ(parameters(ask({{"scope", "openid profile"}, {"prompt", "none"}})).at("error"), "consent_required");
  EXPECT_TRUE(parameters(ask({{"scope", "openid"}})).contains("code"));
}

TEST_F(Consent, E10WhoDeclinesSharesNothing) {
  const http::Response refused = decide(sign_in(), "decline");
  EXPECT_EQ(refused.status, 200);
  EXPECT_TRUE(refused.headers.get("Location").empty());
  EXPECT_TRUE(refused.body.contains("Access was not allowed"));
  EXPECT_EQ(count("consents"), 0);
  EXPECT_EQ(count("grants"), 0);

  change_client(client_id, {{"redirection_policy", "allow_always"}});
  const http::Response again = ask();
  const auto told = parameters(decide(get(location(again)), "decline"));
  EXPECT_EQ(told.at("error"), "access_denied");
  EXPECT_EQ(told.at("error_description"), "User did not authorize the request");
}

struct Spoiled {
  const char* name;
  void (*spoil)(Fields& form, Fields& headers);
  int status;
};

TEST_F(Consent, T23T59OnlyTheFormOfThisBrowserAndPersonAllows) {
  const http::Response page = sign_in();
  const Fields good{{"state", field(page, "state")}, {"token", field(page, "token")}, {"decision", "accept"}};
  const Spoiled kSpoiled[] = {
      {"no token", [](Fields& form, Fields&) { form[1].second = ""; }, 403},
      {"token of another form", [](Fields& form, Fields&) { form[1].second[3] ^= 1; }, 403},
      {"foreign origin", [](Fields&, Fields& headers) { headers = {{"Origin", "https://evil.example"}}; }, 403},
      {"cross-site", [](Fields&, Fields& headers) { headers = {{"Sec-Fetch-Site", "cross-site"}}; }, 403},
      {"neither yes nor no", [](Fields& form, Fields&) { form[2].second = "maybe"; }, 400},
      {"another page", [](Fields& form, Fields&) { form[0].second = "AAAAAAAAAAAAAAAAAAAAAA"; }, 400},
  };
  for (const Spoiled& row : kSpoiled) {
    Fields form = good, headers;
    row.spoil(form, headers);
    EXPECT_EQ(post("/u/consent", form, headers).status, row.status) << row.name;
    EXPECT_EQ(count("grants"), 0) << row.name;
  }
  const auto own = cookies;
  cookies.erase("__Host-bs");
  EXPECT_EQ(post("/u/consent", good).status, 400) << "nobody is signed in";
  cookies.clear();
  EXPECT_EQ(post("/u/consent", good).status, 400) << "another browser";
  cookies = own;
  EXPECT_EQ(post("/u/consent", good).status, 303);
  EXPECT_EQ(post("/u/consent", good).status, 400) << "the page is over";
  EXPECT_EQ(count("grants"), 1);
}

TEST_F(Consent, AnotherPersonInTheSameBrowserIsAskedAnew) {
  const http::Response page = sign_in();
  const auto page_cookies = cookies;
  subject = "bob";
  sign_in({{"prompt", "login"}});
  EXPECT_EQ(decide(page, "accept").status, 400);
  EXPECT_EQ(count("consents"), 0);
}

TEST_F(Consent, WhatWasTakenAwayMeanwhileIsNotGiven) {
  for (const char* change : {"UPDATE users SET blocked = 1", "UPDATE connections SET authentication_active = 0",
                             "DELETE FROM connections", "DELETE FROM sessions"}) {
    SCOPED_TRACE(change);
    World world;
    world.change_client(world.client_id, {{"is_first_party", false}});
    world.change_connection("acme", [](auto& connection) { connection.is_domain_connection = true; });
    const auto back = world.arrive(world.depart("acme", with_pkce()), "acme");
    const http::Response page = world.get(location(back));
    run_task(world.memory->write([&](db::Transaction& tx) { tx.execute(change); }));
    const auto answer = World::parameters(world.post(
        "/u/consent", {{"state", field(page, "state")}, {"token", field(page, "token")}, {"decision", "accept"}}));
    EXPECT_FALSE(answer.contains("code"));
    EXPECT_EQ(world.count("grants"), 0);
  }
}

TEST_F(Consent, ACallbackThatAnyProgramMayListenAtIsConfirmedEachTime) {
  change_client(client_id, {{"callbacks", json::array{"http://localhost:3000/cb"}}});
  const Fields local{{"redirect_uri", "http://localhost:3000/cb"}};
  const auto back = arrive(depart("acme", with_pkce(local)), "acme");
  EXPECT_TRUE(parameters(decide(get(location(back)), "accept")).contains("code"));
  EXPECT_TRUE(location(ask(local)).starts_with("/u/consent"));
  EXPECT_EQ(parameters(ask({local[0], {"prompt", "none"}})).at("error"), "consent_required");
  change_client(client_id, {{"skip_non_verifiable_callback_uri_confirmation_prompt", true}});
  EXPECT_TRUE(parameters(ask(local)).contains("code"));
}

// SEC-57: a third-party application is held to more than a first-party one; each row is fine for the latter.
TEST_F(Consent, SEC57ThirdPartyApplicationsMeetEveryRestriction) {
  change_connection("front", [](auto& connection) { connection.is_domain_connection = false; });
  run_task(memory->write([](db::Transaction& tx) { tx.execute("DELETE FROM connection_clients"); }));
  EXPECT_TRUE(ask().headers.get("Location").starts_with("https://idp.example/auth"));
  EXPECT_EQ(parameters(ask({{"connection", "front"}})).at("error"), "invalid_request") << "not at domain level";
  EXPECT_EQ(parameters(ask({{"code_challenge", ""}, {"code_challenge_method", ""}})).at("error"), "invalid_request")
      << "no PKCE";
  EXPECT_EQ(ask({{"redirect_uri", "https://app.example/cb/"}}).status, 403) << "another callback";
  change_client(client_id, {{"callbacks", json::array{"https://*.app.example/cb"}}});
  EXPECT_EQ(ask({{"redirect_uri", "https://a.app.example/cb"}}).status, 403) << "a wildcard";
  change_client(client_id, {{"callbacks", json::array{"https://app.example/cb"}}});
  EXPECT_EQ(parameters(ask({{"screen_hint", "signup"}})).at("error"), "invalid_request") << "a foreign parameter";

  // The same connection is nothing to a first-party application that it was not enabled for.
  change_client(client_id, {{"is_first_party", true}});
  EXPECT_EQ(parameters(ask()).at("error"), "invalid_request");
}

TEST_F(Consent, FirstPartyApplicationsAreNotAskedFor) {
  change_client(client_id, {{"is_first_party", true}});
  EXPECT_TRUE(parameters(arrive(depart("acme", {{"prompt", "consent"}}), "acme")).contains("code"));
  EXPECT_TRUE(parameters(ask({{"prompt", "consent"}})).contains("code"));
}

}  // namespace
}  // namespace symbolon::flows
