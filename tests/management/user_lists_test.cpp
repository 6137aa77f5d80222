#include "management/people_test.h"

// Lists that tools ask for and that are empty here (management-api §10).
namespace symbolon::management {
namespace {

namespace json = boost::json;

class UserListsTest : public PeopleTest {
 protected:
  const UserId jane_ = add_user("jane");
};

TEST_F(UserListsTest, AreEmptyInTheFormThatWasAskedFor) {
  for (const char* list : {"roles", "permissions", "organizations", "authentication-methods", "enrollments",
                           "federated-connections-tokensets"})
    EXPECT_EQ(get(kJane + "/" + list).body, json::value(json::array{})) << list;
  EXPECT_EQ(get(kJane + "/roles?include_totals=true").body,
            (json::value{{"start", 0}, {"limit", 50}, {"total", 0}, {"roles", json::array{}}}));
  EXPECT_EQ(get(kJane + "/connected-accounts?take=10").body, (json::value{{"connected_accounts", json::array{}}}));
  EXPECT_EQ(get("/user-blocks/oidc%7Ccorp%7Cjane").body, (json::value{{"blocked_for", json::array{}}}));
  EXPECT_EQ(get("/user-blocks?identifier=jane").body, (json::value{{"blocked_for", json::array{}}}));
  EXPECT_EQ(remove("/user-blocks/oidc%7Ccorp%7Cjane").status, 204);
  EXPECT_EQ(remove("/user-blocks?identifier=jane").status, 204);
}

TEST_F(UserListsTest, AnUnknownUserHasNone) {
  for (const char* path :
       {"/users/nobody/roles", "/users/nobody/permissions", "/users/nobody/organizations",
        "/users/nobody/authentication-methods", "/users/nobody/enrollments",
        "/users/nobody/federated-connections-tokensets", "/users/nobody/connected-accounts", "/user-blocks/nobody"})
    EXPECT_EQ(get(path).at("/errorCode"), "inexistent_user") << path;
  EXPECT_EQ(remove("/user-blocks/nobody").status, 404);
  EXPECT_EQ(get("/user-blocks").status, 400);
}

}  // namespace
}  // namespace symbolon::management
