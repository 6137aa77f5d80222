#include <set>

#include "management/management_test.h"

// Two styles of paging, and cursors that cannot be bent (management-api §1.5, §9 check 5, D24; threats T57).
namespace symbolon::management {
namespace {

namespace json = boost::json;

class PagingTest : public ManagementTest {
 protected:
  PagingTest() {
    for (const char* name : {"one", "two", "three"}) make_connection(name);
  }
  Reply list(const std::string& query) { return get("/connections?" + query); }
  static std::vector<std::string> names(const json::value& items) {
    std::vector<std::string> found;
    for (const json::value& item : items.get_array()) found.emplace_back(item.at("name").get_string());
    return found;
  }
};

TEST_F(PagingTest, WithoutParametersABareList) {
  EXPECT_THAT(names(list("").body), testing::ElementsAre("one", "two", "three"));
}

TEST_F(PagingTest, ByPageWithAndWithoutTotals) {
  EXPECT_THAT(names(list("page=1&per_page=2").body), testing::ElementsAre("three"));
  const Reply wrapped = list("include_totals=true&page=1&per_page=2");
  EXPECT_EQ(wrapped.at("/start"), 2);
  EXPECT_EQ(wrapped.at("/limit"), 2);
  EXPECT_EQ(wrapped.at("/total"), 3);
  EXPECT_FALSE(wrapped.has("/length"));
  EXPECT_FALSE(wrapped.has("/next"));
  EXPECT_THAT(names(wrapped.at("/connections")), testing::ElementsAre("three"));
  EXPECT_EQ(list("include_totals=true").at("/limit"), 100);
  EXPECT_EQ(list("include_totals=true&name=two").at("/total"), 1);
}

TEST_F(PagingTest, ACursorWinsWhateverElseIsSentWithIt) {
  const Reply first = list("include_totals=true&per_page=50&take=2");
  EXPECT_THAT(names(first.at("/connections")), testing::ElementsAre("one", "two"));
  EXPECT_FALSE(first.has("/total"));
  ASSERT_TRUE(first.has("/next"));
  const Reply last = list("include_totals=true&per_page=50&take=2&from=" + first.id("next"));
  EXPECT_THAT(names(last.at("/connections")), testing::ElementsAre("three"));
  EXPECT_FALSE(last.has("/next"));
  EXPECT_THAT(names(list("from=" + first.id("next")).at("/connections")), testing::ElementsAre("three"));
}

TEST_F(PagingTest, AFullLastPageHasNoNext) { EXPECT_FALSE(list("take=3").has("/next")); }

TEST_F(PagingTest, ACursorHoldsItsPlaceWhileOthersWrite) {
  const std::string next = list("take=2").id("next");
  remove("/connections/" + std::string(list("name=one").at("/0/id").get_string()));
  make_connection("four");
  EXPECT_THAT(names(list("take=2&from=" + next).at("/connections")), testing::ElementsAre("three", "four"));
}

TEST_F(PagingTest, ALongListIsReadToItsEnd) {
  for (int i = 0; i < 117; ++i) make_connection("c" + std::to_string(i));
  std::vector<std::string> seen;
  std::string query = "take=50";
  for (int pages = 0; pages < 10; ++pages) {
    const Reply page = list(query);
    for (std::string& name : names(page.at("/connections"))) seen.push_back(std::move(name));
    if (!page.has("/next")) break;
    query = "take=50&from=" + page.id("next");
  }
  EXPECT_EQ(seen.size(), 120U);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), 120U);
}

TEST_F(PagingTest, TheReachOfPagesIsBoundedWhereTheContractSaysSo) {
  EXPECT_EQ(list("page=9&per_page=100").status, 200);
  const Reply beyond = list("page=10&per_page=100");
  EXPECT_EQ(beyond.status, 400);
  EXPECT_EQ(beyond.at("/errorCode"), "invalid_paging");
  EXPECT_EQ(get("/clients?page=1000000000&per_page=100").body, json::value(json::array{}));
}

TEST_F(PagingTest, T57ForgedForeignAndOldCursorsAreRefused) {
  const std::string next = list("take=1").id("next");
  for (int i = 0; i < 3; ++i) make_client("c" + std::to_string(i));
  std::string flipped = next;
  flipped[flipped.size() / 2] = flipped[flipped.size() / 2] == 'A' ? 'B' : 'A';
  const struct {
    const char* name;
    std::string path;
    Token token;
  } kRows[] = {
      {"invented", "/connections?from=invented", full_token()},
      {"a number", "/connections?from=1", full_token()},
      {"an injection", "/connections?from=1%20OR%201%3D1", full_token()},
      {"changed", "/connections?from=" + flipped, full_token()},
      {"cut", "/connections?from=" + next.substr(0, next.size() - 1), full_token()},
      {"of another filter", "/connections?strategy=oidc&from=" + next, full_token()},
      {"of another list", "/clients?from=" + next, full_token()},
      {"of another tenant", "/connections?from=" + next, full_token(kOtherTenant)},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const Reply reply = send({"GET", row.path, "", row.token, {}});
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.at("/errorCode"), "invalid_paging");
  }
  EXPECT_EQ(list("from=" + next).status, 200);
  EXPECT_EQ(list("fields=name&from=" + next).status, 200) << "what is shown is no filter";
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(list("from=" + next).status, 400);
}

}  // namespace
}  // namespace symbolon::management
