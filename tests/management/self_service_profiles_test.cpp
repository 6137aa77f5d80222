#include "management/management_test.h"
#include "store/self_service_store.h"
#include "tickets/opaque.h"

// /api/v2/self-service-profiles (management-api §6.7).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class SelfServiceProfilesTest : public ManagementTest {
 protected:
  Reply create(const std::string& more = "") {
    return post("/self-service-profiles", R"({"name":"customers")" + (more.empty() ? "" : "," + more) + "}");
  }
};

TEST_F(SelfServiceProfilesTest, AreMadeReadChangedAndDeleted) {
  const Reply made = create(
      R"("description":"For customers","allowed_strategies":["oidc","okta"],)"
      R"("branding":{"logo_url":"https://example.com/l.png","colors":{"primary":"#334455"}},)"
      R"("user_attributes":[{"name":"department","description":"Where they work","is_optional":true}])");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_THAT(made.id(), testing::MatchesRegex("ssp_[A-Za-z0-9]{22}"));
  EXPECT_EQ(made.id("created_at"), made.id("updated_at"));
  const std::string path = "/self-service-profiles/" + made.id();
  EXPECT_EQ(get(path).body, made.body);
  clock_.advance(std::chrono::hours(1));
  const Reply changed = patch(path, R"({"description":null,"name":"partners"})");
  EXPECT_EQ(changed.at("/name"), "partners");
  EXPECT_FALSE(changed.has("/description"));
  EXPECT_EQ(changed.at("/branding/colors/primary"), "#334455");
  EXPECT_NE(changed.id("updated_at"), changed.id("created_at"));
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(remove(path).status, 204);
  const Reply gone = get(path);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(gone.message(), "Profile with ID: " + made.id() + " not found");
}

TEST_F(SelfServiceProfilesTest, AreListedByPage) {
  create();
  create();
  EXPECT_EQ(get("/self-service-profiles").body.as_array().size(), 2u);
  const Reply page = get("/self-service-profiles?page=1&per_page=1&include_totals=true");
  EXPECT_EQ(page.at("/total"), 2);
  EXPECT_EQ(page.at("/start"), 1);
  EXPECT_EQ(page.at("/self_service_profiles").as_array().size(), 1u);
}

TEST_F(SelfServiceProfilesTest, TwentyAreTheMost) {
  for (int i = 0; i < 20; ++i) ASSERT_EQ(create().status, 201);
  const Reply refused = create();
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.message(), "No more profiles can be created for this tenant.");
}

TEST_F(SelfServiceProfilesTest, RefusesWhatASetUpCouldNotShow) {
  for (const char* more :
       {R"("allowed_strategies":[])", R"("allowed_strategies":["telepathy"])", R"("branding":{"logo_url":"http://x"})",
        R"("branding":{"colors":{}})", R"("user_attributes":[{"name":"x"}])", R"("surprise":1)",
        R"("user_attribute_profile_id":"uap_1","user_attributes":[{"name":"a","description":"b","is_optional":false}])"}) {
    EXPECT_EQ(create(more).status, 400) << more;
  }
  EXPECT_EQ(post("/self-service-profiles", "{}").message(),
            "Payload validation error: 'Missing required property: name'.");
  EXPECT_EQ(post("/self-service-profiles", R"({"name":")" + std::string(101, 'x') + "\"}").status, 400);
}

TEST_F(SelfServiceProfilesTest, TextsBelongToAProfile) {
  const std::string path = "/self-service-profiles/" + create().id() + "/custom-text/en/get-started";
  EXPECT_EQ(get(path).body, json::value(json::object{}));
  const std::string texts = R"({"introduction":"<p>Welcome</p>"})";
  EXPECT_EQ(send({"PUT", path, texts, full_token(), {}}).status, 200);
  EXPECT_EQ(get(path).body, json::parse(texts));
  const std::string other = "/self-service-profiles/" + create().id() + "/custom-text/en/get-started";
  EXPECT_EQ(get(other).body, json::value(json::object{}));
  EXPECT_EQ(get("/self-service-profiles/ssp_x/custom-text/en/get-started").status, 404);
  EXPECT_EQ(send({"PUT", path, R"({"introduction":")" + std::string(2001, 'x') + "\"}", full_token(), {}}).status, 400);
  std::string unknown_page = path;
  unknown_page.replace(unknown_page.rfind("get-started"), std::string::npos, "elsewhere");
  EXPECT_EQ(get(unknown_page).at("/errorCode"), "invalid_uri");
}

class SelfServiceTicketsTest : public SelfServiceProfilesTest {
 protected:
  Reply ticket(const std::string& body = "{}") { return post(path_ + "/sso-ticket", body); }
  static std::string value_of(const Reply& made) {
    const std::string link = made.id("ticket");
    return link.substr(link.find('=') + 1);
  }
  bool is_known(const std::string& value) {
    return read([&](db::Transaction& tx) {
      return store::SelfServiceStore(tx, kTenant)
          .find_ticket(tickets::hash_ticket("self_service", value), clock_.now())
          .has_value();
    });
  }

  const std::string path_ = "/self-service-profiles/" + create().id();
};

TEST_F(SelfServiceTicketsTest, ALinkIsGoodForFiveDaysOrLess) {
  const Reply made = ticket(R"({"connection_config":{"name":"their-idp","options":{"domain_aliases":["acme.example"]}},)"
                            R"("enabled_clients":[")" + make_client("app") + R"("]})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_THAT(made.id("ticket"),
              testing::MatchesRegex("https://default.example.com/self-service/connections-flow\\?ticket=[A-Za-z0-9_-]{43}"));
  const Reply brief = ticket(R"({"ttl_sec":60})");
  const Reply bare = post(path_ + "/sso-ticket", "");
  EXPECT_EQ(bare.status, 201);
  clock_.advance(std::chrono::seconds(60));
  EXPECT_FALSE(is_known(value_of(brief)));
  EXPECT_TRUE(is_known(value_of(made)));
  EXPECT_TRUE(is_known(value_of(bare)));
  clock_.advance(std::chrono::hours(120));
  EXPECT_FALSE(is_known(value_of(made)));
}

TEST_F(SelfServiceTicketsTest, ALinkCanBeTakenBack) {
  const std::string value = value_of(ticket());
  const std::string other = "/self-service-profiles/" + create().id();
  EXPECT_EQ(post(other + "/sso-ticket/" + value + "/revoke", "").status, 202);
  EXPECT_TRUE(is_known(value)) << "it belongs to another profile";
  EXPECT_EQ(post(path_ + "/sso-ticket/" + value + "/revoke", "").status, 202);
  EXPECT_FALSE(is_known(value));
  EXPECT_EQ(post(path_ + "/sso-ticket/" + value + "/revoke", "").status, 202);
  const std::string last = value_of(ticket());
  remove(path_);
  EXPECT_FALSE(is_known(last)) << "it goes with its profile";
}

TEST_F(SelfServiceTicketsTest, RefusesWhatCouldNotBeSetUp) {
  const std::string id = make_connection("taken");
  const struct {
    std::string body;
    int status;
  } kRows[] = {
      {R"({"connection_id":"con_0123456789abcdef"})", 404},
      {R"({"connection_config":{"name":"taken"}})", 409},
      {R"({"connection_config":{"name":"a b"}})", 400},
      {R"({"connection_config":{}})", 400},
      {R"({"connection_id":")" + id + R"(","connection_config":{"name":"free"}})", 400},
      {R"({"enabled_clients":["unknown"]})", 400},
      {R"({"ttl_sec":432001})", 400},
      {R"({"domain_aliases_config":{"domain_verification":"maybe"}})", 400},
      {R"({"surprise":1})", 400},
  };
  for (const auto& row : kRows) EXPECT_EQ(ticket(row.body).status, row.status) << row.body;
  EXPECT_EQ(ticket(R"({"connection_id":")" + id + "\"}").status, 201);
  EXPECT_EQ(post("/self-service-profiles/ssp_x/sso-ticket", "{}").status, 404);
}

TEST_F(SelfServiceProfilesTest, OneOfTwoWritersIsTold) {
  const Reply made = create();
  http::Headers condition;
  condition.set("If-Match", std::string(made.headers.get("ETag")));
  const std::string path = "/self-service-profiles/" + made.id();
  EXPECT_EQ(send({"PATCH", path, R"({"name":"a"})", full_token(), condition}).status, 200);
  EXPECT_EQ(send({"PATCH", path, R"({"name":"b"})", full_token(), condition}).status, 412);
  EXPECT_EQ(send({"DELETE", path, "", full_token(), condition}).status, 412);
}

}  // namespace
}  // namespace symbolon::management
