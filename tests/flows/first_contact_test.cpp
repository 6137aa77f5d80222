// Somebody new at a provider that asks: the page, its answers, and a database that breaks at every step of them.
#include <gtest/gtest.h>

#include <regex>

#include "base/encoding.h"
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
  change_connection("front", [](model::Connection& one) { one.show_as_button = true; });
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

// zitadel-idps §6.12: whatever provider is linked updates the person, but names by which accounts are found (§7.2) are
// not for anybody to set.
TEST_F(FirstContact, EveryLinkedProviderThatMayUpdatesThePerson) {
  struct Row {
    const char* what;
    bool updates, trusted;
    const char* told;
    bool verified;
    const char *name, *email;
  };
  const Row rows[] = {
      {"it may not", false, true, "new@idp.example", true, "Old Name", "old@idp.example"},
      {"it is not trusted for addresses", true, false, "new@idp.example", true, "New Name", "old@idp.example"},
      {"it is trusted", true, true, "new2@idp.example", true, "New Name", "new2@idp.example"},
      {"it is trusted, but has not verified", true, true, "new@idp.example", false, "New Name", "old@idp.example"},
      {"it is trusted for other domains", true, true, "new@victim.example", true, "New Name", "old@idp.example"},
      {"it tells no address", true, true, "", true, "New Name", "old@idp.example"},
  };
  change_connection("front", [](model::Connection& one) { one.show_as_button = true; });
  const std::string front = run_task(memory->read([](db::Transaction& tx) {
    return tx.query_one("SELECT id FROM connections WHERE name = 'front'")->text(0);
  }));
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    change_connection("acme", [&](model::Connection& one) {
      one.upstream.first_contact.auto_update = row.updates;
      one.upstream.first_contact.trust_email = row.trusted;
      one.upstream.first_contact.trusted_email_domains = {"idp.example"};
    });
    cookies.clear();
    subject = std::string("old ") + row.what;
    const std::string user = "oidc|front|" + subject;
    more_claims = {{"name", "Old Name"}, {"zoneinfo", "kept"}, {"email", "old@idp.example"}};
    ASSERT_TRUE(parameters(arrive(depart("front"), "front")).contains("code"));
    cookies.clear();
    subject = std::string("new ") + row.what;
    more_claims = {{"name", "New Name"}, {"zoneinfo", ""}, {"preferred_username", "root"}};
    more_claims["email"] = row.told;
    more_claims["email_verified"] = row.verified;
    const Page page = meet();
    const auto trip = parameters(answer(page, {{"action", "link"}, {"connection", front}}));
    const boost::json::object told = more_claims;
    subject = std::string("old ") + row.what;
    more_claims = {{"name", "Old Name"}, {"zoneinfo", "kept"}, {"email", "old@idp.example"}};
    ASSERT_TRUE(parameters(arrive(trip, "front")).contains("code"));
    for (const char* when : {"when it is linked", "at the next sign-in"}) {
      SCOPED_TRACE(when);
      const auto [profile, email, verified, username] = run_task(memory->read([&](db::Transaction& tx) {
        const auto found = tx.query_one("SELECT profile, email, email_verified, username FROM users WHERE user_id = ?1", {user});
        return std::tuple(boost::json::parse(found->text(0)), found->text(1), found->flag(2), found->text(3));
      }));
      EXPECT_EQ(profile.at("name"), row.name);
      EXPECT_EQ(profile.at("zoneinfo"), "kept");
      EXPECT_EQ(profile.at("email"), row.email);
      EXPECT_EQ(email, row.email);
      EXPECT_TRUE(verified);
      EXPECT_NE(username, "root");
      // The first provider's own word in between; the one that came last wins.
      cookies.clear();
      subject = std::string("old ") + row.what;
      more_claims = {{"name", "Old Name"}, {"zoneinfo", "kept"}, {"email", "old@idp.example"}};
      ASSERT_TRUE(parameters(arrive(depart("front"), "front")).contains("code"));
      cookies.clear();
      subject = std::string("new ") + row.what;
      more_claims = told;
      ASSERT_TRUE(parameters(arrive(depart("acme"), "acme")).contains("code"));
    }
  }
  EXPECT_EQ(count("users"), static_cast<std::int64_t>(std::size(rows)));
}

// The page names what a login page would name, and nothing that only an administrator knows.
TEST_F(FirstContact, ItNamesOnlyWaysThatALoginPageShows) {
  change_connection("front", [](model::Connection& one) { one.display_name = "Customer Front"; });
  EXPECT_FALSE(meet().response.body.contains("Customer Front")) << "no button, no domain";
  change_connection("front", [](model::Connection& one) { one.show_as_button = true; });
  EXPECT_TRUE(meet().response.body.contains("Customer Front"));
  run_task(memory->write([](db::Transaction& tx) { tx.execute("DELETE FROM connection_clients WHERE connection_id IN"
                                                              " (SELECT id FROM connections WHERE name = ?1)",
                                                              {"front"}); }));
  EXPECT_FALSE(meet().response.body.contains("Customer Front")) << "not for this application";
}

TEST_F(FirstContact, AnAddressLeadsToTheOldAccount) {
  subject = "old";
  arrive(depart("front"), "front");
  cookies.clear();
  subject = "ada";
  change_connection("front", [](model::Connection& one) {
    one.display_name = "Customer Front";
    one.domain_aliases = {"customer.example"};
  });
  const Page page = meet();
  ASSERT_TRUE(page.response.body.contains("name=\"identifier\"")) << page.response.body;
  EXPECT_FALSE(page.response.body.contains("Customer Front"));
  struct Typed {
    const char *address, *shows;
  };
  for (const Typed& typed : {Typed{"", "name@company.com"}, {"nobody", "name@company.com"}, {"a@idp.example", "idp.example"}}) {
    const auto again = answer(page, {{"action", "link"}, {"identifier", typed.address}});
    EXPECT_EQ(again.status, 400);
    EXPECT_TRUE(again.body.contains(typed.shows)) << again.body;
    EXPECT_TRUE(again.body.contains("aria-invalid=\"true\""));
  }
  const auto trip = parameters(answer(page, {{"action", "link"}, {"identifier", "old@Customer.example"}}));
  ASSERT_TRUE(trip.contains("state"));
  EXPECT_EQ(trip.at("login_hint"), "old@Customer.example");
  subject = "old";
  EXPECT_TRUE(parameters(arrive(trip, "front")).contains("code"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("identities"), 2);
}

TEST_F(FirstContact, AddressesCannotBeTriedWithoutEnd) {
  change_connection("front", [](model::Connection& one) { one.domain_aliases = {"customer.example"}; });
  const Page page = meet();
  for (int i = 0; i < 30; ++i)
    EXPECT_EQ(answer(page, {{"action", "link"}, {"identifier", "a@idp.example"}}).status, 400);
  EXPECT_EQ(answer(page, {{"action", "link"}, {"identifier", "a@idp.example"}}).status, 429);
}

TEST_F(FirstContact, OneSignInIsCountedWhereverItIsAnsweredFrom) {
  change_connection("front", [](model::Connection& one) { one.domain_aliases = {"customer.example"}; });
  const Page page = meet();
  const auto try_from = [&](int host) {
    http::Request request;
    request.method = http::Method::post;
    request.path = "/u/first-contact";
    request.body = http::encode_form(
        {{"state", page.state}, {"token", page.token}, {"action", "link"}, {"identifier", "a@idp.example"}});
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Origin", "https://id.example");
    request.client_address = "198.51.100." + std::to_string(host);
    return send(std::move(request)).status;
  };
  for (int i = 0; i < 30; ++i) EXPECT_EQ(try_from(i), 400) << i;
  EXPECT_EQ(try_from(30), 429);
  EXPECT_EQ(answer(meet(), {{"action", "link"}, {"identifier", "a@idp.example"}}).status, 400) << "another sign-in";
}

TEST_F(FirstContact, ATypedAddressReplacesTheApplicationsGuessUnderEveryName) {
  change_connection("front", [](model::Connection& one) {
    one.domain_aliases = {"customer.example"};
    one.upstream.parameters = {{.name = "as_hint", .value = {}, .alias = "login_hint"}};
  });
  const auto arrived = arrive(depart("acme", {{"login_hint", "guess@idp.example"}}), "acme");
  const Page page = open(std::string(arrived.headers.get("Location")));
  const auto trip = parameters(answer(page, {{"action", "link"}, {"identifier", "old@customer.example"}}));
  ASSERT_TRUE(trip.contains("state"));
  EXPECT_EQ(trip.at("as_hint"), "old@customer.example");
}

// A version before this one did not write down when the provider proved the person.
TEST_F(FirstContact, ARecordWithoutItsTimeIsAsOldAsItsTicket) {
  const std::int64_t proved_at = to_epoch_millis(clock.now());
  const Page page = meet();
  run_task(memory->write([&](db::Transaction& tx) {
    const auto row = tx.query_one("SELECT hash, doc FROM tickets WHERE kind = 'link_page'");
    const std::string associated = "default|" + hex_encode(row->blob(0));
    const std::string sealed(boost::json::parse(row->text(1)).at("sealed").as_string());
    auto record = boost::json::parse(*box.open("first-contact", associated, *base64url_decode(sealed))).as_object();
    record.erase("proved_at");
    const std::string again = box.seal("first-contact", associated, boost::json::serialize(record));
    tx.execute("UPDATE tickets SET doc = ?1 WHERE kind = 'link_page'",
               {boost::json::serialize(boost::json::object{{"sealed", base64url_encode(again)}})});
  }));
  clock.advance(std::chrono::minutes(10));
  ASSERT_TRUE(parameters(create(page)).contains("code"));
  EXPECT_EQ(run_task(memory->read([](db::Transaction& tx) {
              return tx.query_one("SELECT authenticated_at FROM sessions")->integer(0);
            })),
            proved_at);
}

// OpenID Connect Core §2: auth_time is when the person signed in, not when a button was pressed.
TEST_F(FirstContact, AnAnswerMakesTheSignInNoYounger) {
  const std::int64_t proved_at = to_epoch_seconds(clock.now());
  const Page page = meet();
  clock.advance(std::chrono::minutes(10));
  ASSERT_TRUE(parameters(create(page)).contains("code"));
  const auto [session, grant] = run_task(memory->read([](db::Transaction& tx) {
    return std::pair(tx.query_one("SELECT authenticated_at FROM sessions")->integer(0),
                     tx.query_one("SELECT auth_time FROM grants")->integer(0));
  }));
  EXPECT_EQ(session / 1000, proved_at);
  EXPECT_EQ(grant / 1000, proved_at);
  EXPECT_EQ(depart("acme", {{"prompt", "none"}, {"max_age", "300"}})["error"], "login_required");
}

TEST_F(FirstContact, MaxAgeHoldsAtTheAnswer) {
  struct Row {
    const char* max_age;
    std::chrono::seconds waited;
    bool let_in;
  };
  for (const Row& row : {Row{"60", std::chrono::seconds(60), true}, {"60", std::chrono::seconds(61), false},
                         {"0", std::chrono::seconds(61), true}}) {
    SCOPED_TRACE(std::string(row.max_age) + " after " + std::to_string(row.waited.count()));
    cookies.clear();
    subject = std::string("person-") + row.max_age + "-" + std::to_string(row.waited.count());
    const auto users = count("users");
    provider_claims = {{"auth_time", to_epoch_seconds(clock.now())}};
    const auto arrived = arrive(depart("acme", {{"max_age", row.max_age}}), "acme");
    const Page page = open(std::string(arrived.headers.get("Location")));
    clock.advance(row.waited);
    auto answered = parameters(create(page));
    EXPECT_EQ(answered.contains("code"), row.let_in);
    EXPECT_EQ(answered["error"], row.let_in ? "" : "login_required");
    EXPECT_EQ(count("users"), users + (row.let_in ? 1 : 0));
    EXPECT_EQ(create(page).status, 400) << "answered once";
  }
}

// A sign-in to the old account is a fresh proof.
TEST_F(FirstContact, AProvedAccountIsAsFreshAsItsProof) {
  subject = "old";
  arrive(depart("front"), "front");
  cookies.clear();
  subject = "ada";
  provider_claims = {{"auth_time", to_epoch_seconds(clock.now())}};
  const auto arrived = arrive(depart("acme", {{"max_age", "60"}}), "acme");
  change_connection("front", [](model::Connection& one) { one.show_as_button = true; });
  const Page page = open(std::string(arrived.headers.get("Location")));
  clock.advance(std::chrono::minutes(5));
  const std::string front = run_task(memory->read([](db::Transaction& tx) {
    return tx.query_one("SELECT id FROM connections WHERE name = 'front'")->text(0);
  }));
  const auto trip = parameters(answer(page, {{"action", "link"}, {"connection", front}}));
  subject = "old";
  provider_claims = {{"auth_time", to_epoch_seconds(clock.now())}};
  EXPECT_TRUE(parameters(arrive(trip, "front")).contains("code"));
  EXPECT_EQ(run_task(memory->read([](db::Transaction& tx) {
              return tx.query_one("SELECT MAX(authenticated_at) FROM sessions")->integer(0);
            })),
            to_epoch_millis(clock.now()));
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
