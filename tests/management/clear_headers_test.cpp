#include "management/clear_headers.h"

#include "management/management_test.h"
#include "store/connection_store.h"

namespace symbolon::management {
namespace {

class ClearHeadersTest : public ManagementTest {
 protected:
  std::string make(const std::string& name, const std::string& strategy = "oauth2") {
    return post("/connections", R"({"strategy":")" + strategy + R"(","name":")" + name +
                                    R"(","options":{"client_id":"c","authorizationURL":"https://idp.example.com/a",)"
                                    R"("tokenURL":"https://idp.example.com/t","ext_note":"kept"}})")
        .id();
  }
  /// As earlier programs left it.
  void write_in_clear(const std::string& id, const std::string& headers) {
    write([&](db::Transaction& tx) {
      tx.execute("UPDATE connections SET settings = ?3, options = ?4 WHERE tenant = ?1 AND id = ?2",
                 {kTenant, id, R"({"strategy":"oauth2","token_endpoint":"https://idp.example.com/t",)"
                               R"("token_request_headers":[["X-Key","canary-1"]]})",
                  R"({"client_id":"c","customHeaders":)" + headers + R"(,"ext_note":"kept"})"});
    });
  }
  std::string stored() {
    return read([](db::Transaction& tx) {
      std::string text;
      for (const db::Row& row : tx.query("SELECT settings || options || doc FROM connections")) text += row.text(0);
      return text;
    });
  }
};

TEST_F(ClearHeadersTest, AreSealedAndShownAsBefore) {
  const std::string id = make("old");
  write_in_clear(id, R"({"X-Key":"canary-1"})");
  ASSERT_TRUE(stored().contains("canary-1"));
  const std::string etag(get("/connections/" + id).headers.get("ETag"));
  EXPECT_EQ(get("/connections/" + id).at("/options/customHeaders/X-Key"), "canary-1") << "before it is sealed, too";

  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 1);
  EXPECT_FALSE(stored().contains("canary")) << stored();
  const Reply shown = get("/connections/" + id);
  EXPECT_EQ(shown.at("/options/customHeaders"), boost::json::parse(R"({"X-Key":"canary-1"})"));
  EXPECT_EQ(shown.at("/options/ext_note"), "kept");
  EXPECT_EQ(shown.headers.get("ETag"), etag) << "what is shown did not change";
  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 0);
  EXPECT_EQ(get("/connections/" + id).text, shown.text) << "the second time does nothing";
}

TEST_F(ClearHeadersTest, WhatIsOddStopsNothing) {
  const std::string empty = make("empty"), nothing = make("nothing"), mentioned = make("mentioned");
  write_in_clear(empty, "{}");
  write_in_clear(nothing, "null");
  patch("/connections/" + mentioned, R"({"options":{"client_id":"c","ext_note":["customHeaders"]}})");
  std::vector<std::string> many;
  for (int i = 0; i < 205; ++i) {
    many.push_back(make("many" + std::to_string(i)));
    write_in_clear(many.back(), R"({"X-Key":"canary-2"})");
  }
  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 207);
  EXPECT_FALSE(stored().contains("canary"));
  EXPECT_FALSE(get("/connections/" + empty).has("/options/customHeaders"));
  EXPECT_FALSE(get("/connections/" + nothing).has("/options/customHeaders"));
  EXPECT_EQ(get("/connections/" + mentioned).at("/options/ext_note/0"), "customHeaders");
  for (const std::string& id : many)
    EXPECT_EQ(get("/connections/" + id).at("/options/customHeaders/X-Key"), "canary-2");
}

TEST_F(ClearHeadersTest, AreSecretsBeforeTheyAreSealed) {
  const std::string id = make("old");
  write_in_clear(id, R"({"X-Key":"canary-1"})");
  change_tenant(R"({"hide_connection_secrets":true})");
  for (const std::string& path : {"/connections/" + id, std::string("/connections")}) {
    const Reply shown = get(path);
    EXPECT_TRUE(shown.text.contains("ext_note")) << shown.text;
    EXPECT_FALSE(shown.text.contains("customHeaders")) << shown.text;
  }
}

// An earlier program on the same database knows nothing of what is sealed.
TEST_F(ClearHeadersTest, WhatWasWrittenInClearAfterwardsIsNewer) {
  const std::string id = make("old");
  write_in_clear(id, R"({"X-Key":"canary-1"})");
  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 1);
  write_in_clear(id, R"({"X-Key":"canary-2"})");
  const std::string text = get("/connections/" + id).text;
  EXPECT_FALSE(text.contains("canary-1")) << text;
  EXPECT_EQ(text.find("customHeaders"), text.rfind("customHeaders")) << text;
  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 1);
  EXPECT_EQ(get("/connections/" + id).text, text);
}

TEST_F(ClearHeadersTest, GoNowhereElseBeforeTheyAreSealed) {
  const std::string id = make("old");
  write_in_clear(id, R"({"X-Key":"canary-1"})");
  const Reply refused = patch("/connections/" + id,
                              R"({"options":{"client_id":"c","authorizationURL":"https://idp.example.com/a",)"
                              R"("tokenURL":"https://idp.example.com/t"}})");
  EXPECT_EQ(refused.status, 400) << refused.text;
  EXPECT_TRUE(refused.message().contains("Send options.customHeaders again")) << refused.text;
}

TEST_F(ClearHeadersTest, OfEveryStrategy) {
  const std::string id = make_connection("corp");
  write([&](db::Transaction& tx) {
    tx.execute("UPDATE connections SET options = ?3 WHERE tenant = ?1 AND id = ?2",
               {kTenant, id, R"({"client_id":"c","customHeaders":{"X-Key":"canary-3"}})"});
  });
  EXPECT_EQ(run_task(seal_clear_headers(*database_, box_)), 1);
  EXPECT_FALSE(stored().contains("canary")) << stored();
}

}  // namespace
}  // namespace symbolon::management
