#include <gtest/gtest.h>

#include "flows/try_order.h"
#include "http/form.h"

namespace symbolon::flows {
namespace {

using namespace std::chrono_literals;

class TryConnection : public World, public testing::TestWithParam<const char*> {
 protected:
  tickets::TryLink order() { return order_try(*this, GetParam()); }
  std::map<std::string, std::string> open(const tickets::TryLink& link) {
    return parameters(get("/try/" + link.ticket));
  }
  void expect_nothing_written() {
    for (const char* table : {"users", "identities", "sessions", "grants", "authorization_codes", "access_tokens"})
      EXPECT_EQ(count(table), 0) << table;
  }
};

TEST_P(TryConnection, ShowsThePersonAndWritesNobody) {
  const auto departure = open(order());
  ASSERT_TRUE(departure.contains("state"));
  EXPECT_EQ(departure.at("scope"), "openid email");
  const http::Response page = arrive(departure, GetParam());
  EXPECT_EQ(page.status, 200);
  EXPECT_NE(page.body.find("It Works!"), std::string::npos);
  EXPECT_NE(page.body.find("ada@idp.example"), std::string::npos);
  EXPECT_EQ(page.headers.get("Location"), "");
  expect_nothing_written();
  EXPECT_EQ(count("log_events WHERE type = 'try_succeeded'"), 1);
  EXPECT_EQ(count("log_events WHERE type IN ('s', 'f')"), 0);
  EXPECT_TRUE(cookies.empty());
}

TEST_P(TryConnection, ALinkWorksOnceAndForFiveMinutes) {
  const tickets::TryLink used = order();
  EXPECT_TRUE(open(used).contains("state"));
  EXPECT_FALSE(open(used).contains("state"));

  const tickets::TryLink late = order(), punctual = order();
  clock.advance(tickets::kTryLinkLifetime - 1s);
  EXPECT_TRUE(open(punctual).contains("state"));
  clock.advance(1s);
  EXPECT_FALSE(open(late).contains("state"));
}

TEST_P(TryConnection, SpeaksFrenchToWhoeverReadsIt) {
  const tickets::TryLink link = order();
  const auto departure = open(link);
  const std::string ended = get("/try/" + link.ticket, {{"Accept-Language", "fr"}}).body;
  EXPECT_TRUE(ended.contains("Ce test est terminé")) << ended;
  EXPECT_TRUE(ended.contains("Ce test a déjà servi ou a expiré.")) << ended;
  accept_language = "fr";
  const std::string done = arrive(departure, GetParam()).body;
  EXPECT_TRUE(done.contains("créerait l’utilisateur")) << done;
}

// The one retry of login-runtime §2.13 is still a test, and says that there was a detour.
TEST_P(TryConnection, APromptThatTheProviderRefusesIsDroppedAndReported) {
  change_connection(GetParam(), [](model::Connection& one) { one.upstream.select_account = true; });
  const auto departure = open(order());
  ASSERT_TRUE(departure.contains("prompt"));
  const Fields answer{{"state", departure.at("state")}, {"error", "invalid_request"}};
  const bool posts = GetParam() == std::string("front");
  const auto again = parameters(posts ? post("/login/callback", answer)
                                      : get("/login/callback?" + http::encode_form(answer)));
  ASSERT_TRUE(again.contains("state"));
  EXPECT_FALSE(again.contains("prompt"));
  const http::Response page = arrive(again, GetParam());
  EXPECT_TRUE(page.body.contains("It Works!")) << page.body;
  EXPECT_TRUE(page.body.contains("send_prompt"));
  expect_nothing_written();
}

TEST_P(TryConnection, ALinkThatSomebodyElseTookWhileTheWriteWasRepeatedIsUsed) {
  const tickets::TryLink link = order();
  db.meanwhile([](db::Transaction& tx) { tx.execute("DELETE FROM tickets"); });
  EXPECT_FALSE(open(link).contains("state"));
}

TEST_P(TryConnection, T17ATestIsNoLoginAndALoginNoTest) {
  const auto departure = open(order());
  EXPECT_FALSE(parameters(arrive(departure, GetParam())).contains("code"));

  const auto login = depart(GetParam());
  EXPECT_TRUE(parameters(arrive(login, GetParam())).contains("code"));
  EXPECT_EQ(count("tickets WHERE kind = 'try_report'"), 1);
}

TEST_P(TryConnection, T45TheAnswerIsTakenOnce) {
  const auto departure = open(order());
  const auto kept = cookies;
  EXPECT_EQ(arrive(departure, GetParam()).status, 200);
  cookies = kept;
  EXPECT_EQ(arrive(departure, GetParam()).status, 400);
  EXPECT_EQ(count("tickets WHERE kind = 'try_report'"), 1);
}

TEST_P(TryConnection, SEC11AConnectionThatChangedMeanwhileIsNotAsked) {
  const auto departure = open(order());
  run_task(memory->write([](db::Transaction& tx) {
    tx.execute("UPDATE connections SET settings = REPLACE(settings, 'idp.example', 'evil.example')");
  }));
  const std::size_t calls = provider.requests().size();
  const http::Response page = arrive(departure, GetParam());
  EXPECT_EQ(page.status, 400);
  EXPECT_NE(page.body.find("SEC-11"), std::string::npos) << page.body;
  EXPECT_EQ(provider.requests().size(), calls);
}

TEST_P(TryConnection, AProviderThatFailsIsExplainedAndKept) {
  const auto departure = open(order());
  provider.on("https://idp.example/token", 500, "down");
  provider.on("https://idp.example/keys", 500, "down");
  const http::Response page =
      GetParam() == std::string("front")
          ? arrive(departure, GetParam())
          : get("/login/callback?" + http::encode_form({{"state", departure.at("state")}, {"code", "c"}}));
  EXPECT_EQ(page.status, 400);
  EXPECT_NE(page.body.find("id=\"reference\""), std::string::npos) << page.body;
  expect_nothing_written();
  EXPECT_EQ(count("log_events WHERE type = 'try_failed'"), 1);
  EXPECT_EQ(count("tickets WHERE kind = 'try_report'"), 1);
}

TEST_P(TryConnection, ABrokenDatabaseIsAnErrorPage) {
  const auto departure = open(order());
  db.break_at(2);  // the unit that ends the test; the one before it reads what the browser came back with
  const http::Response page = arrive(departure, GetParam());
  EXPECT_TRUE(db.broke());
  EXPECT_EQ(page.status, 400);
  EXPECT_NE(page.body.find("E13"), std::string::npos) << page.body;
  EXPECT_EQ(page.body.find("broken on purpose"), std::string::npos);
  expect_nothing_written();
}

INSTANTIATE_TEST_SUITE_P(Channels, TryConnection, testing::Values("acme", "front"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace symbolon::flows
