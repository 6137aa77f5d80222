#include "management/people_test.h"

// Refresh tokens through /api/v2 (management-api §4.4).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class RefreshTokensTest : public PeopleTest {
 protected:
  std::vector<std::string> tokens() { return ids(get(kJane + "/refresh-tokens"), "/tokens"); }

  const UserId jane_ = add_user("jane");
};

TEST_F(RefreshTokensTest, ATokenIsShownWithoutItsValue) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  const Reply shown = get("/refresh-tokens/t1");
  ASSERT_EQ(shown.status, 200) << shown.text;
  const json::object want{
      {"id", "t1"},
      {"user_id", "oidc|corp|jane"},
      {"client_id", "app"},
      {"session_id", "s1"},
      {"created_at", to_iso8601(clock_.now())},
      {"rotating", false},
      {"device",
       {{"initial_user_agent", "Test/1"}, {"initial_ip", "192.0.2.9"}, {"last_user_agent", "Test/1"},
        {"last_ip", "192.0.2.9"}}},
      {"expires_at", to_iso8601(clock_.now() + 8h)},
      {"resource_servers",
       json::array{json::object{{"audience", "https://api.example.com"}, {"scopes", "openid read:things"}}}}};
  EXPECT_EQ(shown.body, json::value(want)) << shown.text;
}

TEST_F(RefreshTokensTest, ATokenThatIsOverOrUnknownIsNone) {
  add_refresh_token(jane_, "t1");
  EXPECT_EQ(get("/refresh-tokens/t2").status, 404);
  clock_.advance(8h);
  EXPECT_EQ(get("/refresh-tokens/t1").status, 404);
  EXPECT_EQ(patch("/refresh-tokens/t1", R"({"refresh_token_metadata":{"a":"b"}})").status, 404);
  EXPECT_THAT(tokens(), IsEmpty());
}

TEST_F(RefreshTokensTest, AreListedByUserAndClient) {
  add_refresh_token(jane_, "t1");
  add_refresh_token(jane_, "t2", "", "second");
  add_refresh_token(add_user("joe"), "of-joe");
  EXPECT_THAT(ids(get("/refresh-tokens?user_id=oidc%7Ccorp%7Cjane"), "/refresh_tokens"),
              testing::UnorderedElementsAre("t1", "t2"));
  EXPECT_THAT(ids(get("/refresh-tokens?user_id=oidc%7Ccorp%7Cjane&client_id=second"), "/refresh_tokens"),
              ElementsAre("t2"));
  EXPECT_EQ(get("/refresh-tokens?user_id=oidc%7Ccorp%7Cjane&fields=client_id&client_id=second").body,
            json::parse(R"({"refresh_tokens":[{"id":"t2","client_id":"second"}]})"));
  EXPECT_EQ(get("/refresh-tokens").status, 400) << "a user has to be named";
  EXPECT_EQ(get("/refresh-tokens?user_id=nobody").status, 404);
  EXPECT_EQ(get("/users/nobody/refresh-tokens").status, 404);
}

TEST_F(RefreshTokensTest, MetadataIsReplacedAndRemoved) {
  add_refresh_token(jane_, "t1");
  EXPECT_EQ(patch("/refresh-tokens/t1", R"({"refresh_token_metadata":{"a":"1"}})").at("/refresh_token_metadata/a"), "1");
  EXPECT_EQ(get("/refresh-tokens/t1").at("/refresh_token_metadata"), (json::value{{"a", "1"}}));
  EXPECT_FALSE(patch("/refresh-tokens/t1", R"({"refresh_token_metadata":null})").has("/refresh_token_metadata"));
  EXPECT_FALSE(get("/refresh-tokens/t1").has("/refresh_token_metadata"));
  EXPECT_EQ(patch("/refresh-tokens/t1", R"({"refresh_token_metadata":{"a":1}})").status, 400);
}

TEST_F(RefreshTokensTest, DeletingTakesTheWholeFamily) {
  add_refresh_token(jane_, "t1", "", "app", "one");
  add_refresh_token(jane_, "t2", "", "app", "one");
  add_refresh_token(jane_, "t3", "", "app", "two");
  EXPECT_EQ(remove("/refresh-tokens/t1").status, 202);
  EXPECT_THAT(tokens(), ElementsAre("t3"));
  EXPECT_EQ(remove("/refresh-tokens/t1").status, 202) << "a second time changes nothing";
  EXPECT_THAT(logged(), testing::Contains("sapi: Revoke a refresh token").Times(1));
  EXPECT_THAT(logged(), testing::Contains("srrt: Revoked refresh tokens").Times(1));
  EXPECT_EQ(get(kJane + "/logs").at("/0/type"), "srrt");
  EXPECT_EQ(remove(kJane + "/refresh-tokens").status, 202);
  EXPECT_THAT(tokens(), IsEmpty());
}

TEST_F(RefreshTokensTest, RevocationNamesTokensOrAUser) {
  const struct {
    const char* body;
    std::vector<std::string> left;
  } kRows[] = {
      {R"({"ids":["t1","t3","nobody"]})", {"t2"}},
      {R"({"user_id":"oidc|corp|jane"})", {}},
      {R"({"user_id":"oidc|corp|jane","client_id":"second"})", {"t1", "t3"}},
      {R"({"user_id":"oidc|corp|jane","client_id":"app","audience":"https://api.example.com"})", {"t2"}},
      {R"({"user_id":"oidc|corp|jane","client_id":"app","audience":"https://other.example.com"})", {"t1", "t2", "t3"}},
      {R"({"user_id":"oidc|corp|joe"})", {"t1", "t2", "t3"}},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.body);
    remove(kJane + "/refresh-tokens");
    for (const auto& [id, client] : {std::pair{"t1", "app"}, {"t2", "second"}, {"t3", "app"}}) {
      write([&](db::Transaction& tx) {
        tx.execute("DELETE FROM grants WHERE tenant = ?1 AND id = ?2", {kTenant, "grant-" + std::string(id)});
      });
      add_refresh_token(jane_, id, "", client);
    }
    EXPECT_EQ(post("/refresh-tokens/revoke", row.body).status, 202);
    EXPECT_THAT(tokens(), testing::UnorderedElementsAreArray(row.left));
  }
}

TEST_F(RefreshTokensTest, ARevocationThatCouldMeanTwoThingsIsRefused) {
  add_refresh_token(jane_, "t1");
  for (const char* body :
       {"{}", R"({"ids":[]})", R"({"ids":["t1"],"user_id":"oidc|corp|jane"})", R"({"client_id":"app"})",
        R"({"audience":"https://api.example.com"})", R"({"ids":["t1"],"client_id":"app"})",
        R"({"user_id":"oidc|corp|jane","audience":"https://api.example.com"})", R"({"token":"t1"})"})
    EXPECT_EQ(post("/refresh-tokens/revoke", body).status, 400) << body;
  EXPECT_THAT(tokens(), ElementsAre("t1"));
}

}  // namespace
}  // namespace symbolon::management
