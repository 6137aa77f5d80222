#include "management/management_test.h"
#include "store/user_store.h"

// /api/v2/users and /users-by-email (management-api §4.1, §4.2).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class UsersTest : public ManagementTest {
 protected:
  model::User jane() {
    model::User user;
    user.tenant = kTenant;
    user.id = UserId("oidc|corp|a|b/c");
    user.profile = R"({"name":"Jane","nickname":"jane","department":{"id":7}})";
    user.email = "Jane@Example.com";
    user.email_verified = true;
    user.user_metadata = R"({"color":"red"})";
    user.app_metadata = "{}";
    user.identities = {{ConnectionId("con_1"), "corp", "oidc", "a|b/c", "", clock_.now()},
                       {ConnectionId("con_2"), "other", "okta", "x", R"({"name":"J."})", clock_.now()}};
    user.created_at = user.updated_at = clock_.now();
    user.last_login = clock_.now() + 1h;
    user.last_ip = "192.0.2.7";
    user.logins_count = 3;
    return user;
  }
  void add(const model::User& user) {
    write([&](db::Transaction& tx) {
      ASSERT_EQ(store::UserStore(tx, user.tenant).insert(user), store::Insert::done);
    });
  }
};

TEST_F(UsersTest, AUserIsShownWhole) {
  add(jane());
  const Reply shown = get("/users/oidc%7Ccorp%7Ca%7Cb%2Fc");
  ASSERT_EQ(shown.status, 200) << shown.text;
  const json::object want{
      {"user_id", "oidc|corp|a|b/c"},
      {"email", "Jane@Example.com"},
      {"email_verified", true},
      {"name", "Jane"},
      {"nickname", "jane"},
      {"department", {{"id", 7}}},
      {"identities",
       json::array{{{"connection", "corp"}, {"provider", "oidc"}, {"user_id", "corp|a|b/c"}, {"isSocial", false}},
                   {{"connection", "other"},
                    {"provider", "okta"},
                    {"user_id", "other|x"},
                    {"isSocial", false},
                    {"profileData", {{"name", "J."}}}}}},
      {"user_metadata", {{"color", "red"}}},
      {"created_at", to_iso8601(clock_.now())},
      {"updated_at", to_iso8601(clock_.now())},
      {"last_login", to_iso8601(clock_.now() + 1h)},
      {"last_ip", "192.0.2.7"},
      {"logins_count", 3}};
  EXPECT_EQ(shown.body, json::value(want)) << shown.text;
}

TEST_F(UsersTest, BlockedIsShownWhenItHolds) {
  model::User user = jane();
  user.blocked = true;
  add(user);
  EXPECT_EQ(get("/users/oidc%7Ccorp%7Ca%7Cb%2Fc").at("/blocked"), true);
}

TEST_F(UsersTest, AnUnknownUserIsNotFound) {
  const Reply gone = get("/users/oidc%7Ccorp%7Cnobody");
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.at("/errorCode"), "inexistent_user");
  EXPECT_EQ(gone.message(), "The user does not exist.");
}

TEST_F(UsersTest, APersonsScopeIsForThePersonOnly) {
  add(jane());
  Token own = token_with({"read:current_user"});
  const Reply refused = send({"GET", "/users/oidc%7Ccorp%7Ca%7Cb%2Fc", "", own, {}});
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.message(), "User to be acted on does not match subject in bearer token.");
  own.subject = "oidc|corp|a|b/c";
  EXPECT_EQ(send({"GET", "/users/oidc%7Ccorp%7Ca%7Cb%2Fc", "", own, {}}).status, 200);
  EXPECT_EQ(send({"GET", "/users", "", own, {}}).status, 403);
}

TEST_F(UsersTest, AreListedWithTheLengthThatOldToolsRead) {
  for (int i = 0; i < 3; ++i) {
    model::User user = jane();
    user.id = UserId("oidc|corp|" + std::to_string(i));
    user.identities = {{ConnectionId("con_1"), "corp", "oidc", std::to_string(i), "", clock_.now()}};
    add(user);
  }
  EXPECT_EQ(get("/users").body.get_array().size(), 3U);
  const Reply page = get("/users?include_totals=true&per_page=2&page=1");
  EXPECT_EQ(page.at("/start"), 2);
  EXPECT_EQ(page.at("/limit"), 2);
  EXPECT_EQ(page.at("/length"), 1);
  EXPECT_EQ(page.at("/total"), 3);
  EXPECT_EQ(get("/users?include_totals=true&per_page=0").at("/total"), 3);
  EXPECT_EQ(get("/users?fields=email&per_page=1").body,
            json::parse(R"([{"user_id":"oidc|corp|0","email":"Jane@Example.com"}])"));
  EXPECT_EQ(get("/users?page=10&per_page=100").status, 400);
}

TEST_F(UsersTest, AreFoundByEmailWithoutRegardToCase) {
  add(jane());
  EXPECT_EQ(get("/users-by-email?email=jANE%40example.COM").at("/0/user_id"), "oidc|corp|a|b/c");
  EXPECT_EQ(get("/users-by-email?email=nobody%40example.com").body, json::value(json::array{}));
  EXPECT_EQ(get("/users-by-email?email=jane%40example.com&fields=name").body,
            json::parse(R"([{"user_id":"oidc|corp|a|b/c","name":"Jane"}])"));
}

}  // namespace
}  // namespace symbolon::management
