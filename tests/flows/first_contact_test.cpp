// Somebody new at a provider that asks: the page, its answers, and a database that breaks at every step of them.
#include <gtest/gtest.h>

#include <regex>

#include "flows/world.h"
#include "store/user_store.h"

namespace symbolon::flows {
namespace {

class FirstContact : public World, public testing::Test {
 protected:
  FirstContact() { allow(true, true); }

  // Asks instead of creating.
  void allow(bool create, bool link) {
    change_connection("acme", [&](model::Connection& connection) {
      connection.upstream.first_contact = {.linking_allowed = link,
                                           .creation_allowed = create,
                                           .auto_creation = false,
                                           .auto_update = true,
                                           .stated = true};
    });
  }

  // A page as the person has it in front of them.
  struct Page {
    http::Response response;
    std::string state, token;
  };
  Page open(const std::string& url) {
    Page page{.response = get(url.substr(std::string("https://id.example").size())), .state = {}, .token = {}};
    std::smatch found;
    if (std::regex_search(page.response.body, found, std::regex("name=\"state\" value=\"([^\"]+)\"")))
      page.state = found[1];
    if (std::regex_search(page.response.body, found, std::regex("name=\"token\" value=\"([^\"]+)\"")))
      page.token = found[1];
    return page;
  }
  Page meet() {
    const auto arrived = arrive(depart("acme"), "acme");
    return open(std::string(arrived.headers.get("Location")));
  }
  http::Response answer(const Page& page, Fields more) {
    Fields fields{{"state", page.state}, {"token", page.token}};
    for (auto& field : more) fields.push_back(std::move(field));
    return post("/u/first-contact", fields, {{"Origin", "https://id.example"}});
  }
  http::Response create(const Page& page) {
    return answer(page, {{"action", "create"},
                         {"given_name", "Ada"},
                         {"family_name", "List"},
                         {"email", "ada@idp.example"}});
  }
};

TEST_F(FirstContact, WritesNobodyBeforeThePersonHasAnswered) {
  const Page page = meet();
  ASSERT_EQ(page.response.status, 200) << page.response.body;
  for (const char* table : {"users", "sessions", "grants", "authorization_codes"}) EXPECT_EQ(count(table), 0) << table;
  EXPECT_EQ(count("tickets"), 1);
  EXPECT_TRUE(parameters(create(page)).contains("code"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("sessions"), 1);
}

TEST_F(FirstContact, TheWaitingSignInIsSealed) {
  meet();
  const std::string doc = run_task(memory->read(
      [](db::Transaction& tx) { return tx.query_one("SELECT doc FROM tickets WHERE kind = 'link_page'")->text(0); }));
  EXPECT_FALSE(doc.contains("ada"));
  EXPECT_FALSE(doc.contains("idp.example"));
}

TEST_F(FirstContact, EndsAfterHalfAnHour) {
  const Page page = meet();
  clock.advance(std::chrono::minutes(30));
  EXPECT_EQ(create(page).status, 400);
  EXPECT_EQ(count("users"), 0);
}

TEST_F(FirstContact, NeedsThePagesOwnToken) {
  Page page = meet();
  const Page other = page;
  page.token = "forged";
  EXPECT_EQ(create(page).status, 403);
  const auto crossing = post("/u/first-contact", {{"state", other.state}, {"token", other.token}, {"action", "create"}},
                             {{"Origin", "https://evil.example"}});
  EXPECT_EQ(crossing.status, 403);
  EXPECT_EQ(count("users"), 0);
}

TEST_F(FirstContact, T23AnotherBrowserHasNoPage) {
  const Page page = meet();
  cookies.clear();
  EXPECT_EQ(create(page).status, 400);
  EXPECT_EQ(count("users"), 0);
}

TEST_F(FirstContact, LinksTheAccountThatASecondSignInProves) {
  subject = "old";
  arrive(depart("front"), "front");
  cookies.clear();
  subject = "ada";
  const Page page = meet();
  const std::string front = run_task(memory->read([](db::Transaction& tx) {
    return tx.query_one("SELECT id FROM connections WHERE name = 'front'")->text(0);
  }));
  const auto trip = parameters(answer(page, {{"action", "link"}, {"connection", front}}));
  ASSERT_TRUE(trip.contains("state"));
  subject = "old";
  EXPECT_TRUE(parameters(arrive(trip, "front")).contains("code"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("identities"), 2);
}

// Fail at step n: whatever breaks, no code leaves, and nobody is half made.
TEST_F(FirstContact, ABrokenDatabaseMakesNobody) {
  bool broke = true;
  for (int unit = 1; broke; ++unit) {
    SCOPED_TRACE(unit);
    ASSERT_LT(unit, 50);
    cookies.clear();
    subject = "person-" + std::to_string(unit);
    const Page page = meet();
    const auto users = count("users");
    db.break_at(unit);
    std::map<std::string, std::string> answered;
    try {
      answered = parameters(create(page));
    } catch (const db::DatabaseError&) {
    }
    broke = db.broke();
    db.break_at(0);
    EXPECT_EQ(answered.contains("code"), !broke);
    EXPECT_EQ(count("users"), broke ? users : users + 1);
    EXPECT_EQ(count("identities"), count("users"));
  }
}

}  // namespace
}  // namespace symbolon::flows
