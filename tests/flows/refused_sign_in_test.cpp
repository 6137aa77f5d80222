// What is on record of a sign-in that was refused, and where its browser goes.
#include <gtest/gtest.h>

#include "flows/login_pages.h"

namespace symbolon::flows {
namespace {

class RefusedSignIn : public LoginPages {
 protected:
  http::Response come_back(const std::map<std::string, std::string>& departure, Fields answer) {
    answer.emplace_back("state", departure.at("state"));
    return get("/login/callback?" + http::encode_form(answer));
  }
  /// Leaves our page for the provider that the address leads to.
  std::map<std::string, std::string> leave() {
    return parameters(submit(open({{"prompt", "login"}}), "ann@corp.example"));
  }
};

TEST_F(RefusedSignIn, IsOnRecordForWhoIsKnownWithWhatToChange) {
  sign_in();
  run_task(memory->write([](db::Transaction& tx) { tx.execute("UPDATE users SET blocked = 1"); }));
  EXPECT_EQ(parameters(arrive(depart("acme"), "acme")).at("error"), "access_denied");
  EXPECT_EQ(count("log_events WHERE type = 'f' AND user_id = 'oidc|acme|ada' AND user_name = 'ada@idp.example'"
                  " AND details LIKE '%a user who is not blocked%'"),
            1);
}

TEST_F(RefusedSignIn, NamesNobodyBeforeAPersonIsProved) {
  sign_in();
  come_back(depart("acme", {{"prompt", "login"}}), {{"error", "access_denied"}});
  EXPECT_EQ(count("log_events WHERE type = 'f' AND user_id = '' AND user_name = ''"), 1);
  EXPECT_EQ(count("log_events WHERE type = 'f'"), 1);
}

// Of the old account, when it is blocked and was to be proved (zitadel-idps §6.10).
TEST_F(RefusedSignIn, IsOnRecordForTheAccountThatWasToBeProved) {
  subject = "old";
  sign_in("front");
  cookies.clear();
  subject = "new";
  give_button("front", "Front");
  change_connection("acme", [](model::Connection& connection) {
    connection.upstream.first_contact = {.linking_allowed = true, .auto_creation = false, .stated = true};
  });
  const http::Response page = get(location(arrive(depart("acme"), "acme")));
  const std::string front = run_task(memory->read([](db::Transaction& tx) {
    return tx.query_one("SELECT id FROM connections WHERE name = 'front'")->text(0);
  }));
  const auto trip = parameters(post("/u/first-contact",
                                    {{"state", field(page, "state")},
                                     {"token", field(page, "token")},
                                     {"action", "link"},
                                     {"connection", front}},
                                    {{"Origin", "https://id.example"}}));
  ASSERT_TRUE(trip.contains("state"));
  run_task(memory->write([](db::Transaction& tx) { tx.execute("UPDATE users SET blocked = 1"); }));
  subject = "old";
  EXPECT_FALSE(parameters(arrive(trip, "front")).contains("code"));
  EXPECT_EQ(count("log_events WHERE type = 'f' AND user_id = 'oidc|front|old' AND user_name = 'ada@idp.example'"), 1);
}

// login-runtime §2.13
TEST_F(RefusedSignIn, ByAProviderThatFailsLeadsBackToThePageItWasChosenOn) {
  give_domains("acme", {"corp.example"});
  for (const char* error : {"server_error", "temporarily_unavailable", "invalid_client", "invented_by_the_provider"}) {
    const http::Response back = come_back(leave(), {{"error", error}});
    EXPECT_TRUE(location(back).starts_with("/u/login/again?")) << error << " " << location(back);
    EXPECT_TRUE(get(location(back)).body.contains("was not finished"));
  }
  provider.on("https://idp.example/token", 500, "down");
  EXPECT_TRUE(location(come_back(leave(), {{"code", "c"}})).starts_with("/u/login/again?"));
}

TEST_F(RefusedSignIn, GoesToTheApplicationThatChoseTheProvider) {
  EXPECT_EQ(parameters(come_back(depart("acme"), {{"error", "server_error"}})).at("error"), "server_error");
}

TEST_F(RefusedSignIn, GoesToTheApplicationWhenItIsOurOwnFault) {
  give_domains("acme", {"corp.example"});
  const auto departure = leave();
  db.break_at(2);  // the unit that would end the sign-in
  EXPECT_EQ(parameters(arrive(departure, "acme")).at("error"), "temporarily_unavailable");
  EXPECT_TRUE(db.broke());
}

}  // namespace
}  // namespace symbolon::flows
