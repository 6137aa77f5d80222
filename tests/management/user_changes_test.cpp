#include "management/people_test.h"

// PATCH, DELETE and POST of users (management-api §4.2).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

class UserChangesTest : public PeopleTest {
 protected:
  void let_administrators_edit(const char* sync = "on_first_login") {
    const Reply changed =
        patch("/connections/" + corp_,
              R"({"options":)" + explicit_options(R"("set_user_root_attributes":")" + std::string(sync) + "\"") + "}");
    ASSERT_EQ(changed.status, 200) << changed.text;
  }

  const UserId jane_ = add_user("jane", "corp", R"({"name":"Jane","department":"x"})");
};

TEST_F(UserChangesTest, MetadataIsMergedOneLevelDeep) {
  EXPECT_EQ(patch(kJane, R"({"user_metadata":{"a":{"x":1},"b":2},"app_metadata":{"plan":"free"}})").status, 200);
  const Reply merged = patch(kJane, R"({"user_metadata":{"a":{"y":2},"b":null},"app_metadata":{}})");
  EXPECT_EQ(merged.at("/user_metadata"), (json::value{{"a", {{"y", 2}}}}));
  EXPECT_EQ(merged.at("/app_metadata"), (json::value{{"plan", "free"}}));
  EXPECT_EQ(get(kJane).at("/user_metadata"), (json::value{{"a", {{"y", 2}}}}));
  EXPECT_FALSE(patch(kJane, R"({"app_metadata":{"plan":null}})").has("/app_metadata")) << "the last member went";
}

TEST_F(UserChangesTest, RootAttributesBelongToTheProviderWhileItSetsThemAtEachLogin) {
  for (const char* member : {"name", "nickname", "given_name", "family_name"}) {
    const Reply refused = patch(kJane, R"({")" + std::string(member) + R"(":"Other"})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.at("/errorCode"), "operation_not_supported");
    EXPECT_THAT(refused.message(), testing::HasSubstr("set_user_root_attributes"));
  }
  EXPECT_EQ(get(kJane).at("/name"), "Jane");
}

TEST_F(UserChangesTest, RootAttributesAreEditedWhereTheConnectionAllows) {
  for (const char* sync : {"on_first_login", "never_on_login"}) {
    let_administrators_edit(sync);
    const Reply changed =
        patch(kJane, R"({"name":"Janet","picture":"https://img.example.com/j.png","given_name":"J"})");
    ASSERT_EQ(changed.status, 200) << changed.text;
    EXPECT_EQ(changed.at("/name"), "Janet");
    EXPECT_EQ(changed.at("/department"), "x") << "what the provider said otherwise stays";
    const Reply unset = patch(kJane, R"({"given_name":null,"name":"Jane"})");
    EXPECT_FALSE(unset.has("/given_name"));
    EXPECT_EQ(get(kJane).body, unset.body);
  }
}

TEST_F(UserChangesTest, WhatTheProviderProvesIsNotEdited) {
  let_administrators_edit();
  for (const char* body :
       {R"({"email":"x@example.com"})", R"({"email_verified":true})", R"({"username":"x"})", R"({"password":"x"})",
        R"({"phone_number":"+123456"})", R"({"phone_verified":true})", R"({"verify_email":true})",
        R"({"verify_phone_number":true})", R"({"user_metadata":{"a":1},"email":null})"}) {
    const Reply refused = patch(kJane, body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(refused.at("/errorCode"), "operation_not_supported") << body;
  }
  EXPECT_FALSE(get(kJane).has("/user_metadata")) << "nothing of a refused change was kept";
}

TEST_F(UserChangesTest, MistakesAreNamed) {
  const struct {
    const char* body;
    const char* names;
  } kRows[] = {
      {"{}", "Too few properties"},
      {R"({"logins_count":1})", "Additional properties not allowed: logins_count"},
      {R"({"user_metadata":"x"})", "user_metadata"},
      {R"({"blocked":"yes"})", "blocked"},
      {R"({"name":""})", "name"},
      {R"x({"picture":"javascript:alert(1)"})x", "picture"},
      {R"({"user_metadata":{},"connection":"other"})", "connection"},
  };
  for (const auto& row : kRows) {
    const Reply refused = patch(kJane, row.body);
    EXPECT_EQ(refused.status, 400) << row.body;
    EXPECT_THAT(refused.message(), testing::HasSubstr(row.names));
  }
  EXPECT_EQ(patch(kJane, R"({"user_metadata":{},"connection":"corp"})").status, 200);
  EXPECT_EQ(patch("/users/nobody", R"({"blocked":true})").at("/errorCode"), "inexistent_user");
}

TEST_F(UserChangesTest, BlockingEndsEverythingAtOnce) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  EXPECT_EQ(patch(kJane, R"({"blocked":true})").at("/blocked"), true);
  EXPECT_THAT(session_end_.ended, ElementsAre(Pair("s1", EndCause::account_deactivated)));
  EXPECT_EQ(get("/refresh-tokens/t1").status, 404);
  EXPECT_EQ(stored_user(jane_).tokens_valid_after, clock_.now());
  const Instant blocked_at = clock_.now();
  clock_.advance(1h);
  EXPECT_FALSE(patch(kJane, R"({"blocked":false})").has("/blocked"));
  EXPECT_EQ(stored_user(jane_).tokens_valid_after, blocked_at) << "letting her back in revives nothing";
}

TEST_F(UserChangesTest, OtherChangesEndNothing) {
  add_session(jane_, "s1");
  patch(kJane, R"({"user_metadata":{"a":1}})");
  patch(kJane, R"({"blocked":false})");
  EXPECT_TRUE(session_end_.ended.empty());
  EXPECT_EQ(stored_user(jane_).tokens_valid_after, std::nullopt);
}

TEST_F(UserChangesTest, IfMatchGuardsAgainstLostChanges) {
  http::Headers based_on_first;
  based_on_first.set("If-Match", std::string(get(kJane).headers.get("ETag")));
  EXPECT_EQ(send({"PATCH", kJane, R"({"user_metadata":{"a":1}})", token_, based_on_first}).status, 200);
  EXPECT_EQ(send({"PATCH", kJane, R"({"user_metadata":{"a":2}})", token_, based_on_first}).status, 412);
  EXPECT_EQ(get(kJane).at("/user_metadata/a"), 1);
}

TEST_F(UserChangesTest, NarrowScopesChangeMetadataOnly) {
  const Token for_app = token_with({"update:users_app_metadata"});
  EXPECT_EQ(send({"PATCH", kJane, R"({"app_metadata":{"a":1},"user_metadata":{"b":1}})", for_app, {}}).status, 200);
  EXPECT_EQ(send({"PATCH", kJane, R"({"blocked":true})", for_app, {}}).status, 403);
  Token own = token_with({"update:current_user_metadata"});
  EXPECT_EQ(send({"PATCH", kJane, R"({"user_metadata":{"b":2}})", own, {}}).status, 403);
  own.subject = jane_.str();
  EXPECT_EQ(send({"PATCH", kJane, R"({"user_metadata":{"b":2}})", own, {}}).status, 200);
  EXPECT_EQ(send({"PATCH", kJane, R"({"app_metadata":{"a":2}})", own, {}}).status, 403);
  EXPECT_EQ(get(kJane).at("/app_metadata/a"), 1);
}

TEST_F(UserChangesTest, DeletingEndsEverythingAndTellsApplications) {
  add_session(jane_, "s1");
  add_refresh_token(jane_, "t1", "s1");
  EXPECT_EQ(remove(kJane).status, 204);
  EXPECT_FALSE(has_user(jane_));
  EXPECT_THAT(session_end_.ended, ElementsAre(Pair("s1", EndCause::account_deleted)));
  EXPECT_EQ(get("/sessions/s1").status, 404);
  EXPECT_EQ(get("/refresh-tokens/t1").status, 404);
  EXPECT_THAT(logged(), testing::Contains("sdu: Deleted the user"));
  EXPECT_EQ(remove(kJane).status, 204) << "a second time changes nothing";
  EXPECT_THAT(logged(), testing::Contains("sdu: Deleted the user").Times(1));
}

TEST_F(UserChangesTest, OnesOwnScopeDeletesOneself) {
  Token own = token_with({"delete:current_user"});
  EXPECT_EQ(send({"DELETE", kJane, "", own, {}}).status, 403);
  EXPECT_TRUE(has_user(jane_));
  own.subject = jane_.str();
  EXPECT_EQ(send({"DELETE", kJane, "", own, {}}).status, 204);
  EXPECT_FALSE(has_user(jane_));
}

TEST_F(UserChangesTest, NobodyIsMadeInAConnectionToAProvider) {
  const Reply refused = post("/users", R"({"connection":"corp","email":"x@example.com"})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(), testing::HasSubstr("does not support user creation through the API"));
  EXPECT_EQ(post("/users", R"({"connection":"nobody"})").at("/errorCode"), "inexistent_connection");
  EXPECT_EQ(post("/users", R"({"email":"x@example.com"})").status, 400);
}

}  // namespace
}  // namespace symbolon::management
