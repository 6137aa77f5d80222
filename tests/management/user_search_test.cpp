#include "management/people_test.h"

// GET /users with q and sort (management-api §4.2).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class UserSearchTest : public PeopleTest {
 protected:
  UserSearchTest() {
    add_user("jane", "corp", R"({"name":"Jane","level":3})");
    clock_.advance(1h);
    add_user("joe", "corp", R"({"name":"joe","level":1})");
    clock_.advance(1h);
    add_user("ann", "other", R"({"name":"Ann","level":"high"})");
    clock_.advance(1h);
    add_user("bob", "other", R"({"name":"bob"})");
    patch("/users/oidc%7Cother%7Cbob", R"({"app_metadata":{"plan":"gold"},"blocked":true})");
  }
  std::vector<std::string> found(const std::string& query) {
    const Reply reply = get("/users?" + query);
    EXPECT_EQ(reply.status, 200) << query << reply.text;
    std::vector<std::string> names;
    for (const std::string& id : ids(reply, "", "user_id")) names.push_back(id.substr(id.rfind('|') + 1));
    return names;
  }
};

TEST_F(UserSearchTest, FindsWhatMatches) {
  EXPECT_THAT(found("q=email%3A%22JANE%40example.com%22"), ElementsAre("jane"));
  EXPECT_THAT(found("q=user_id%3A%22oidc%7Ccorp%7Cjoe%22"), ElementsAre("joe"));
  EXPECT_THAT(found("q=identities.connection%3A%22other%22"), ElementsAre("ann", "bob"));
  EXPECT_THAT(found("q=identities.connection%3Aother%20AND%20blocked%3Atrue"), ElementsAre("bob"));
  EXPECT_THAT(found("q=identities.connection%3Anowhere"), IsEmpty());
  EXPECT_THAT(found("q=app_metadata.plan%3Agold&search_engine=v3"), ElementsAre("bob"));
}

TEST_F(UserSearchTest, FindsNobodyRatherThanEverybody) {
  EXPECT_THAT(found("q=email%3A%22nobody%40example.com%22"), IsEmpty());
  EXPECT_THAT(found("q=nothing%3Ax"), IsEmpty());
}

TEST_F(UserSearchTest, SortsByAnyField) {
  EXPECT_THAT(found("sort=created_at%3A-1"), ElementsAre("bob", "ann", "joe", "jane"));
  EXPECT_THAT(found("sort=created_at%3A1"), ElementsAre("jane", "joe", "ann", "bob"));
  EXPECT_THAT(found("sort=email%3A1"), ElementsAre("ann", "bob", "jane", "joe"));
  EXPECT_THAT(found("sort=email%3A-1&q=blocked%3Atrue%20OR%20name%3Ajane"), ElementsAre("jane", "bob"));
  EXPECT_THAT(found("sort=level%3A1"), ElementsAre("joe", "jane", "ann", "bob")) << "numbers, texts, nothing";
  EXPECT_THAT(found("sort=level%3A-1"), ElementsAre("jane", "joe", "ann", "bob"));
  EXPECT_THAT(found("sort=app_metadata.plan%3A1&per_page=1"), ElementsAre("bob"));
}

TEST_F(UserSearchTest, SortsMixedValuesInOneOrder) {
  const std::vector<std::string> in_order{"1", "2", "3", "false", "true", R"("a")", "null"};
  for (std::size_t i = 0; i < 35; ++i) {
    const std::size_t place = i * 5 % in_order.size();
    add_user("mixed" + std::to_string(place) + std::to_string(i), "corp",
             R"({"name":"mixed","level":)" + in_order[place] + "}");
  }
  std::vector<std::string> names = found("q=name%3Amixed&sort=level%3A1&per_page=50");
  ASSERT_EQ(names.size(), 35u);
  for (std::string& name : names) name.resize(std::string_view("mixed0").size());
  EXPECT_TRUE(std::ranges::is_sorted(names));
}

TEST_F(UserSearchTest, PagesThroughWhatItFinds) {
  const Reply page = get("/users?q=_exists_%3Aemail&per_page=3&page=1&include_totals=true");
  EXPECT_EQ(page.at("/total"), 4);
  EXPECT_EQ(page.at("/start"), 3);
  EXPECT_EQ(page.at("/length"), 1);
  EXPECT_THAT(ids(page, "/users", "user_id"), ElementsAre("oidc|other|bob"));
  EXPECT_THAT(found("sort=email%3A1&per_page=2&page=1"), ElementsAre("jane", "joe"));
  EXPECT_EQ(get("/users?q=_exists_%3Aemail&per_page=0&include_totals=true").at("/total"), 4);
}

TEST_F(UserSearchTest, GoesOnFromACursor) {
  const Reply first = get("/users?q=NOT%20name%3Ajoe&take=2");
  EXPECT_THAT(ids(first, "/users", "user_id"), ElementsAre("oidc|corp|jane", "oidc|other|ann"));
  const Reply second = get("/users?q=NOT%20name%3Ajoe&take=2&from=" + first.id("next"));
  EXPECT_THAT(ids(second, "/users", "user_id"), ElementsAre("oidc|other|bob"));
  EXPECT_FALSE(second.has("/next"));
  EXPECT_EQ(get("/users?q=name%3Ajoe&take=2&from=" + first.id("next")).status, 400) << "a cursor is for one query";
}

TEST_F(UserSearchTest, LooksThroughMoreUsersThanOneStretch) {
  write([&](db::Transaction& tx) {
    for (int i = 0; i < 1100; ++i) {
      model::User user;
      user.tenant = kTenant;
      user.id = UserId("oidc|corp|n" + std::to_string(i));
      user.profile = R"({"name":"Number","odd":)" + std::string(i % 2 == 1 ? "true}" : "false}");
      user.identities = {identity(corp_, "corp", "n" + std::to_string(i))};
      store::UserStore(tx, kTenant).insert(user);
    }
  });
  const Reply page = get("/users?q=odd%3Atrue&per_page=1&page=549&include_totals=true");
  EXPECT_EQ(page.at("/total"), 550);
  EXPECT_EQ(page.at("/users/0/user_id"), "oidc|corp|n1099");
  EXPECT_EQ(get("/users?sort=created_at%3A-1&per_page=1&page=999").at("/0/user_id"), "oidc|corp|n100");
  EXPECT_EQ(get("/users?q=odd%3Atrue&page=10&per_page=100").status, 400) << "the first 1000 can be reached";
}

TEST_F(UserSearchTest, MistakesAreNamed) {
  for (const char* query :
       {"q=name%3A%22x", "q=name%3A*x", "q=name%3Ajo*", "sort=email", "sort=%3A1", "sort=email%3A2", "sort=email%3Aasc",
        "sort=email%3A1&take=2", "search_engine=v1", "search_engine=v2", "search_engine=v4"}) {
    const Reply refused = get(std::string("/users?") + query);
    EXPECT_EQ(refused.status, 400) << query;
  }
  EXPECT_EQ(get("/users?search_engine=v1").message(), "You are not allowed to use search_engine=v1.");
  EXPECT_THAT(get("/users?q=name%3A%22x").message(), testing::HasSubstr("quotation mark"));
}

TEST_F(UserSearchTest, FieldsAreCutOutAfterTheSearch) {
  EXPECT_EQ(get("/users?q=name%3Ajane&fields=email").body,
            json::parse(R"([{"user_id":"oidc|corp|jane","email":"jane@example.com"}])"));
}

TEST_F(UserSearchTest, ASearchThatCostsTooMuchIsRefused) {
  for (int i = 0; i < 300; ++i) add_user("u" + std::to_string(i), "corp", "{}");
  EXPECT_THAT(found("q=name%3Anobody"), IsEmpty());
  services().search_steps = 5'000;
  for (const char* query : {"q=name%3Anobody", "sort=email%3A1", "q=*&include_totals=true"}) {
    const Reply reply = get(std::string("/users?") + query);
    EXPECT_EQ(reply.status, 503) << query << reply.text;
    EXPECT_EQ(reply.at("/errorCode"), "search_too_large");
    EXPECT_TRUE(reply.message().contains("exact user_id, email or username")) << reply.message();
  }
  EXPECT_THAT(found("q=email%3A%22joe%40example.com%22"), ElementsAre("joe"));
  EXPECT_THAT(found("q=user_id%3A%22oidc%7Ccorp%7Cu7%22%20AND%20name%3Anobody"), IsEmpty());
  EXPECT_EQ(get("/users").status, 200);
}

}  // namespace
}  // namespace symbolon::management
