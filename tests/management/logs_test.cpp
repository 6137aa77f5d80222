#include "management/people_test.h"
#include "store/log_store.h"

// The tenant's log through /api/v2 (management-api §6.1).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class LogsTest : public PeopleTest {
 protected:
  // What the fixture itself caused is not of interest.
  LogsTest() {
    write([&](db::Transaction& tx) { tx.execute("DELETE FROM log_events", {}); });
  }
  std::string add(const std::string& type, const std::string& user = "", const std::string& reference = "") {
    clock_.advance(1s);
    return write([&](db::Transaction& tx) {
      model::LogEvent event;
      event.date = clock_.now();
      event.type = type;
      event.description = "about " + type;
      event.client = ClientId("app");
      event.client_name = "The app";
      event.connection_id = ConnectionId(corp_);
      event.connection = "corp";
      event.strategy = "oidc";
      event.user = UserId(user);
      event.user_name = user.empty() ? "" : "jane@example.com";
      event.ip = "192.0.2.4";
      event.user_agent = "Telephone (Mobile) 1";
      event.hostname = "id.example.com";
      event.audience = "https://api.example.com";
      event.scope = "openid";
      event.reference = reference;
      event.details = R"({"rule":"V3"})";
      return store::LogStore(tx, kTenant).insert(event);
    });
  }
  std::vector<std::string> types(const std::string& query) {
    const Reply reply = get("/logs?" + query);
    EXPECT_EQ(reply.status, 200) << query << reply.text;
    return ids(reply, "", "type");
  }
};

TEST_F(LogsTest, AnEventIsShownWhole) {
  const std::string id = add("s", "oidc|corp|jane", "ref-1");
  const Reply shown = get("/logs/" + id);
  ASSERT_EQ(shown.status, 200) << shown.text;
  const json::object want{{"log_id", id},
                          {"_id", id},
                          {"date", to_iso8601(clock_.now())},
                          {"type", "s"},
                          {"description", "about s"},
                          {"client_id", "app"},
                          {"client_name", "The app"},
                          {"connection", "corp"},
                          {"connection_id", corp_},
                          {"strategy", "oidc"},
                          {"strategy_type", "enterprise"},
                          {"user_id", "oidc|corp|jane"},
                          {"user_name", "jane@example.com"},
                          {"ip", "192.0.2.4"},
                          {"client_ip", "192.0.2.4"},
                          {"user_agent", "Telephone (Mobile) 1"},
                          {"isMobile", true},
                          {"hostname", "id.example.com"},
                          {"audience", "https://api.example.com"},
                          {"scope", "openid"},
                          {"reference", "ref-1"},
                          {"tenant_name", "default"},
                          {"details", {{"rule", "V3"}}}};
  EXPECT_EQ(shown.body, json::value(want)) << shown.text;
  EXPECT_EQ(get("/logs/90020").status, 404);
  EXPECT_EQ(get("/logs/" + id + "?fields=type").body, json::value(json::object{{"log_id", id}, {"type", "s"}}));
}

TEST_F(LogsTest, TheNewestComeFirst) {
  add("s");
  add("f");
  add("seacft");
  EXPECT_THAT(types(""), ElementsAre("seacft", "f", "s"));
  EXPECT_THAT(types("sort=date%3A1"), ElementsAre("s", "f", "seacft"));
  EXPECT_THAT(types("per_page=1&page=1"), ElementsAre("f"));
  EXPECT_THAT(types("per_page=0"), IsEmpty());
  const Reply page = get("/logs?include_totals=true&per_page=2&page=1");
  EXPECT_EQ(page.at("/start"), 2);
  EXPECT_EQ(page.at("/limit"), 2);
  EXPECT_EQ(page.at("/length"), 1);
  EXPECT_EQ(page.at("/total"), 3);
  EXPECT_EQ(page.at("/logs/0/type"), "s");
  EXPECT_EQ(get("/logs?page=10&per_page=100").status, 400);
}

TEST_F(LogsTest, AreSearched) {
  add("s", "oidc|corp|jane");
  add("f", "oidc|corp|joe", "ref-2");
  add("seacft", "oidc|corp|jane");
  EXPECT_THAT(types("q=type%3Af"), ElementsAre("f"));
  EXPECT_THAT(types("search=type%3Af"), ElementsAre("f")) << "the name that an SDK uses";
  EXPECT_THAT(types("q=user_id%3A%22oidc%7Ccorp%7Cjane%22"), ElementsAre("seacft", "s"));
  EXPECT_THAT(types("q=type%3A(s%20OR%20f)%20AND%20ip%3A192.0.2.4&sort=date%3A1"), ElementsAre("s", "f"));
  EXPECT_THAT(types("q=reference%3Aref-2"), ElementsAre("f"));
  EXPECT_THAT(types("q=connection%3Acorp%20-type%3As&per_page=1"), ElementsAre("seacft"));
  EXPECT_THAT(types("q=client_id%3Anobody"), IsEmpty());
  EXPECT_THAT(types("q=connection_id%3A" + corp_ + "%20AND%20client_name%3A%22The%20app%22"),
              ElementsAre("seacft", "f", "s"));
  EXPECT_THAT(types("q=date%3A%5B2000-01-01%20TO%202000-12-31%5D"), IsEmpty());
  EXPECT_THAT(types("q=date%3A%5B2000-01-01%20TO%20*%5D%20AND%20details.rule%3AV3&per_page=1"), ElementsAre("seacft"));
  EXPECT_EQ(get("/logs?q=type%3As&include_totals=true&per_page=0").at("/total"), 1);
}

TEST_F(LogsTest, MistakesAreNamed) {
  for (const char* query : {"q=type%3A%22", "sort=type%3A1", "sort=date", "take=0", "take=101", "per_page=101"})
    EXPECT_EQ(get(std::string("/logs?") + query).status, 400) << query;
}

TEST_F(LogsTest, APollerGoesOnFromTheLastEvent) {
  std::vector<std::string> written;
  for (const char* type : {"a", "b", "c", "d", "e"}) written.push_back(add(type));
  std::vector<std::string> seen;
  std::string path = "/logs?take=2";
  for (int page = 0; page < 3; ++page) {
    const Reply reply = get(path);
    ASSERT_EQ(reply.status, 200) << reply.text;
    for (const std::string& type : ids(reply, "", "type")) seen.push_back(type);
    const std::string link(reply.headers.get("Link"));
    const std::string front = "<https://default.example.com/api/v2";
    ASSERT_TRUE(link.starts_with(front) && link.ends_with(">; rel=\"next\"")) << link;
    path = link.substr(front.size(), link.find('>') - front.size());
  }
  EXPECT_THAT(seen, ElementsAre("a", "b", "c", "d", "e"));
  const Reply none = get(path);
  EXPECT_EQ(none.body, json::value(json::array{}));
  EXPECT_FALSE(none.headers.has("Link"));
  EXPECT_THAT(types("from=" + written[2] + "&include_totals=true&q=type%3Aa"), ElementsAre("d", "e"))
      << "a cursor decides alone";
}

TEST_F(LogsTest, AUsersLogIsAboutTheUser) {
  add("s", "oidc|corp|jane");
  add("s", "oidc|corp|joe");
  add("sapi");
  EXPECT_EQ(get(kJane + "/logs?include_totals=true").at("/total"), 1);
  EXPECT_TRUE(get(kJane + "/logs?take=1&fields=type").headers.get("Link").contains(kJane + "/logs?from="));
  EXPECT_THAT(ids(get(kJane + "/logs"), "", "user_id"), ElementsAre("oidc|corp|jane"));
  EXPECT_THAT(ids(get(kJane + "/logs?q=user_id%3A%22oidc%7Ccorp%7Cjoe%22"), "", "user_id"), IsEmpty());
  EXPECT_THAT(ids(get(kJane + "/logs?take=10"), "", "user_id"), ElementsAre("oidc|corp|jane"));
}

TEST_F(LogsTest, TheNarrowScopeSeesWhatUsersDid) {
  const std::string of_user = add("s", "oidc|corp|jane");
  const std::string of_nobody = add("sapi");
  const Token narrow = token_with({"read:logs_users"});
  for (const char* path : {"/logs", "/logs?take=10", "/logs?q=*"})
    EXPECT_THAT(ids(send({"GET", path, "", narrow, {}}), "", "log_id"), ElementsAre(of_user)) << path;
  EXPECT_EQ(send({"GET", "/logs?include_totals=true", "", narrow, {}}).at("/total"), 1);
  EXPECT_EQ(send({"GET", "/logs/" + of_user, "", narrow, {}}).status, 200);
  EXPECT_EQ(send({"GET", "/logs/" + of_nobody, "", narrow, {}}).status, 404);
  EXPECT_EQ(send({"GET", "/logs", "", token_with({"read:users"}), {}}).status, 403);
}

TEST_F(LogsTest, LooksThroughMoreEventsThanOneStretch) {
  write([&](db::Transaction& tx) {
    for (int i = 0; i < 1200; ++i) {
      model::LogEvent event;
      event.date = clock_.now();
      event.type = i % 2 == 0 ? "even" : "odd";
      event.ip = i < 3 ? "192.0.2.1" : "192.0.2.2";
      store::LogStore(tx, kTenant).insert(event);
    }
  });
  EXPECT_THAT(types("q=ip%3A192.0.2.1"), ElementsAre("even", "odd", "even"));
  EXPECT_EQ(get("/logs?include_totals=true&per_page=1&q=type%3Aodd").at("/total"), 600);
  EXPECT_EQ(get("/logs?include_totals=true&per_page=1").at("/total"), 1200);
}

TEST_F(LogsTest, ASearchThatCostsTooMuchIsRefused) {
  write([&](db::Transaction& tx) {
    for (int i = 0; i < 1200; ++i) {
      model::LogEvent event;
      event.date = clock_.now() + std::chrono::seconds(i);
      event.type = "s";
      store::LogStore(tx, kTenant).insert(event);
    }
  });
  const std::string last_minute = "q=date%3A%5B" + to_iso8601(clock_.now() + 1140s) + "%20TO%20*%5D%20AND%20ip%3Ax";
  EXPECT_THAT(types("q=ip%3Ax"), IsEmpty());
  services().search_steps = 5'000;
  for (const char* query : {"q=ip%3Ax", "q=type%3Ax", "q=type%3As&include_totals=true"}) {
    const Reply reply = get(std::string("/logs?") + query);
    EXPECT_EQ(reply.status, 503) << query << reply.text;
    EXPECT_EQ(reply.at("/errorCode"), "search_too_large");
    EXPECT_TRUE(reply.message().contains("date:[2026-01-31 TO *]")) << reply.message();
  }
  EXPECT_EQ(types("per_page=5").size(), 5U) << "the newest need no search";
  EXPECT_THAT(types(last_minute), IsEmpty());
  EXPECT_THAT(types("q=user_id%3Ax"), IsEmpty());
}

// Nothing that this reader may see is among thousands of events: each call still gets further.
TEST_F(LogsTest, FollowingWithTheNarrowScopeAlwaysGetsFurther) {
  write([&](db::Transaction& tx) {
    for (int i = 0; i < 5000; ++i) {
      model::LogEvent event;
      event.date = clock_.now();
      event.type = "sapi";
      store::LogStore(tx, kTenant).insert(event);
    }
  });
  const std::string of_user = add("s", "oidc|corp|jane");
  add("sapi");
  services().search_steps = 20'000;
  const std::string front = "<https://default.example.com/api/v2";
  std::string path = "/logs?take=1";
  std::vector<std::string> seen;
  int calls = 0;
  for (; calls < 30 && !path.empty(); ++calls) {
    const Reply reply = send({"GET", path, "", token_with({"read:logs_users"}), {}});
    ASSERT_EQ(reply.status, 200) << path << reply.text;
    for (const std::string& id : ids(reply, "", "log_id")) seen.push_back(id);
    const std::string link(reply.headers.get("Link"));
    path = link.empty() ? "" : link.substr(front.size(), link.find('>') - front.size());
  }
  EXPECT_THAT(seen, ElementsAre(of_user));
  EXPECT_TRUE(path.empty()) << "at the end there is nothing to link to";
  EXPECT_GT(calls, 3) << "one call does not look through everything";
}

}  // namespace
}  // namespace symbolon::management
