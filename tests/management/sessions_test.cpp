#include "management/people_test.h"

// Sessions through /api/v2 (management-api §4.3): what is ended has ended when the call answers.
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class SessionsTest : public PeopleTest {
 protected:
  std::vector<std::string> sessions() { return ids(get(kJane + "/sessions"), "/sessions"); }
  std::vector<std::string> tokens() { return ids(get(kJane + "/refresh-tokens"), "/tokens"); }

  const UserId jane_ = add_user("jane");
};

TEST_F(SessionsTest, ASessionIsShownWhole) {
  add_session(jane_, "s1");
  const Reply shown = get("/sessions/s1");
  ASSERT_EQ(shown.status, 200) << shown.text;
  const std::string now = to_iso8601(clock_.now());
  const json::object want{
      {"id", "s1"},
      {"user_id", "oidc|corp|jane"},
      {"created_at", now},
      {"updated_at", now},
      {"authenticated_at", now},
      {"last_interacted_at", now},
      {"idle_expires_at", to_iso8601(clock_.now() + 1h)},
      {"expires_at", to_iso8601(clock_.now() + 2h)},
      {"device",
       {{"initial_user_agent", "Test/1"}, {"initial_ip", "192.0.2.9"}, {"last_user_agent", "Test/1"},
        {"last_ip", "192.0.2.9"}}},
      {"clients", json::array{json::object{{"client_id", "app"}}}},
      {"authentication", {{"methods", json::array{json::object{{"name", "federated"}, {"timestamp", now}}}}}},
      {"cookie", {{"mode", "persistent"}}}};
  EXPECT_EQ(shown.body, json::value(want)) << shown.text;
}

TEST_F(SessionsTest, ASessionThatIsOverIsNone) {
  add_session(jane_, "s1");
  clock_.advance(1h);
  EXPECT_EQ(get("/sessions/s1").status, 404);
  EXPECT_EQ(patch("/sessions/s1", R"({"session_metadata":{"a":"b"}})").status, 404);
  EXPECT_EQ(post("/sessions/s1/revoke", "").status, 404);
  EXPECT_THAT(sessions(), IsEmpty());
}

// The lists and the single session agree while stored ends are still those of longer lifetimes.
TEST_F(SessionsTest, ASessionThatTodaysLifetimesEndIsNone) {
  add_session(jane_, "s1");
  write([](db::Transaction& tx) {
    tx.execute("UPDATE sessions SET idle_expires_at = idle_expires_at * 2, expires_at = expires_at * 2", {});
  });
  EXPECT_THAT(sessions(), ElementsAre("s1"));
  clock_.advance(24h * 365);
  EXPECT_EQ(get("/sessions/s1").status, 404);
  EXPECT_THAT(sessions(), IsEmpty());
}

TEST_F(SessionsTest, MetadataIsReplacedAndRemoved) {
  add_session(jane_, "s1");
  EXPECT_EQ(patch("/sessions/s1", R"({"session_metadata":{"a":"1","b":"2"}})").at("/session_metadata/b"), "2");
  const Reply replaced = patch("/sessions/s1", R"({"session_metadata":{"c":"3"}})");
  EXPECT_EQ(replaced.at("/session_metadata"), (json::value{{"c", "3"}}));
  EXPECT_EQ(get("/sessions/s1").at("/session_metadata"), (json::value{{"c", "3"}}));
  EXPECT_EQ(patch("/sessions/s1", "{}").at("/session_metadata/c"), "3") << "nothing was asked for";
  EXPECT_FALSE(patch("/sessions/s1", R"({"session_metadata":null})").has("/session_metadata"));
  EXPECT_FALSE(get("/sessions/s1").has("/session_metadata"));
}

TEST_F(SessionsTest, MetadataIsUpTo25Texts) {
  add_session(jane_, "s1");
  json::object many;
  for (int i = 0; i < 26; ++i) many["m" + std::to_string(i)] = "x";
  const std::string bodies[] = {json::serialize(json::object{{"session_metadata", many}}),
                                R"({"session_metadata":{"a":1}})",
                                R"({"session_metadata":{"a":")" + std::string(256, 'x') + R"("}})",
                                R"({"session_metadata":"x"})", R"({"other":{}})"};
  for (const std::string& body : bodies) EXPECT_EQ(patch("/sessions/s1", body).status, 400) << body.substr(0, 60);
  EXPECT_FALSE(get("/sessions/s1").has("/session_metadata"));
}

TEST_F(SessionsTest, DeletingEndsTheSessionAndKeepsOfflineTokens) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  EXPECT_EQ(remove("/sessions/s1").status, 202);
  EXPECT_EQ(get("/sessions/s1").status, 404);
  EXPECT_THAT(session_end_.ended, ElementsAre(Pair("s1", EndCause::session_revoked)));
  EXPECT_THAT(tokens(), ElementsAre("t1"));
  EXPECT_EQ(get("/refresh-tokens/t1").at("/session_id"), json::value()) << "its session is gone";
  EXPECT_EQ(remove("/sessions/s1").status, 202) << "a second time changes nothing";
  EXPECT_EQ(session_end_.ended.size(), 1U);
  EXPECT_THAT(logged(), testing::Contains("sapi: End a session").Times(1));
}

TEST_F(SessionsTest, RevokingTakesTheTokensBornInItAsWell) {
  add_session(jane_, "s1");
  add_session(jane_, "s2");
  add_refresh_token(jane_, "t1", "s1");
  add_refresh_token(jane_, "t2", "s2");
  EXPECT_EQ(post("/sessions/s1/revoke", "").status, 202);
  EXPECT_THAT(sessions(), ElementsAre("s2"));
  EXPECT_THAT(tokens(), ElementsAre("t2"));
  EXPECT_EQ(post("/sessions/s1/revoke", "").status, 404);
}

TEST_F(SessionsTest, AUsersSessionsArePagedByCursor) {
  for (int i = 0; i < 5; ++i) {
    add_session(jane_, "s" + std::to_string(i));
    clock_.advance(1s);
  }
  add_session(add_user("joe"), "of-joe", "joe");
  std::vector<std::string> seen;
  std::string from;
  int pages = 0;
  for (;; ++pages) {
    const Reply page = get(kJane + "/sessions?take=2" + (from.empty() ? "" : "&from=" + from));
    ASSERT_EQ(page.status, 200) << page.text;
    for (const std::string& id : ids(page, "/sessions")) seen.push_back(id);
    if (!page.has("/next")) break;
    from = page.id("next");
  }
  EXPECT_EQ(pages, 2);
  EXPECT_THAT(seen, ElementsAre("s0", "s1", "s2", "s3", "s4"));
  EXPECT_EQ(get("/users/oidc%7Ccorp%7Cjoe/sessions?take=2&from=" + from).status, 400) << "a cursor is for one user";
  EXPECT_EQ(get("/users/oidc%7Ccorp%7Cnobody/sessions").status, 404);
}

TEST_F(SessionsTest, DeletingAllOfAUserLeavesOthersAlone) {
  add_session(jane_, "s1");
  add_session(jane_, "s2");
  add_session(add_user("joe"), "of-joe", "joe");
  EXPECT_EQ(remove(kJane + "/sessions").status, 202);
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_EQ(get("/sessions/of-joe").status, 200);
  EXPECT_EQ(remove("/users/oidc%7Ccorp%7Cnobody/sessions").status, 202);
}

TEST_F(SessionsTest, RevokeAccessEndsEverything) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  add_refresh_token(jane_, "t2");
  EXPECT_EQ(post(kJane + "/revoke-access", "{}").status, 202);
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_THAT(tokens(), IsEmpty());
  EXPECT_EQ(stored_user(jane_).tokens_valid_after, clock_.now());
  EXPECT_TRUE(read([&](db::Transaction& tx) { return store::GrantStore(tx, kTenant).find(GrantId("grant-t2")); })
                  ->revoked_at.has_value());
}

TEST_F(SessionsTest, RevokeAccessCanKeepRefreshTokens) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  EXPECT_EQ(post(kJane + "/revoke-access", R"({"preserve_refresh_tokens":true})").status, 202);
  EXPECT_THAT(sessions(), IsEmpty());
  EXPECT_THAT(tokens(), ElementsAre("t1"));
  EXPECT_EQ(stored_user(jane_).tokens_valid_after, std::nullopt);
}

TEST_F(SessionsTest, RevokeAccessCanBeAboutOneSession) {
  add_session(jane_, "s1");
  add_session(jane_, "s2");
  add_refresh_token(jane_, "t1", "s1");
  add_refresh_token(jane_, "t2", "s2");
  EXPECT_EQ(post(kJane + "/revoke-access", R"({"session_id":"s1"})").status, 202);
  EXPECT_THAT(sessions(), ElementsAre("s2"));
  EXPECT_THAT(tokens(), ElementsAre("t2"));
}

TEST_F(SessionsTest, RevokeAccessNeverReachesAnothersSession) {
  add_session(add_user("joe"), "of-joe", "joe");
  EXPECT_EQ(post(kJane + "/revoke-access", R"({"session_id":"of-joe"})").status, 404);
  EXPECT_EQ(get("/sessions/of-joe").status, 200);
  EXPECT_EQ(post("/users/oidc%7Ccorp%7Cnobody/revoke-access", "{}").status, 404);
  EXPECT_EQ(post(kJane + "/revoke-access", R"({"session":"s1"})").status, 400);
}

TEST_F(SessionsTest, RevokingNeedsBothScopes) {
  add_session(jane_, "s1");
  for (const char* path : {"/sessions/s1/revoke", "/users/oidc%7Ccorp%7Cjane/revoke-access"})
    for (const char* scope : {"delete:sessions", "delete:refresh_tokens"})
      EXPECT_EQ(send({"POST", path, "{}", token_without(scope), {}}).status, 403) << path << " " << scope;
  EXPECT_EQ(get("/sessions/s1").status, 200);
}

}  // namespace
}  // namespace symbolon::management
