#include "login/end_session.h"
#include "management/management_test.h"
#include "store/outbox_store.h"
#include "store/recording_transaction.h"

// Where applications hear of logouts (login-runtime BC-1, BC-10).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class LogoutListenerTest : public ManagementTest {
 protected:
  static std::string listening(const std::string& address) {
    return json::serialize(json::object{{"oidc_logout", {{"backchannel_logout_urls", json::array{address}}}}});
  }
  Reply create(const std::string& address) {
    json::object body = json::parse(listening(address)).as_object();
    body["name"] = "app";
    return post("/clients", json::serialize(body));
  }
  void wait(const std::string& client, const std::string& address, const std::string& id) {
    write([&](db::Transaction& tx) {
      store::OutboxItem item;
      item.tenant = kTenant;
      item.id = id;
      item.kind = login::kLogoutNotice;
      item.target = address;
      item.doc = login::to_document(
          {ClientId(client), UserId("u"), SessionId("s"), "https://default.example.com/", "rp-logout"});
      item.due_at = item.created_at = clock_.now() + std::chrono::minutes(10);
      store::OutboxStore(tx).insert(item);
    });
  }
  std::vector<std::string> waiting(const std::string& address) {
    std::vector<std::string> ids;
    const Instant later = clock_.now() + std::chrono::hours(1);
    for (const auto& item :
         read([&](db::Transaction& tx) { return store::OutboxStore(tx).find_due(address, later, 100); }))
      ids.push_back(item.id);
    return ids;
  }
};

TEST_F(LogoutListenerTest, AnAddressIsJudgedWhenItIsSaved) {
  make_canonical_domains();
  const struct {
    const char* address;
    const char* problem;
  } kRows[] = {
      {"http://app.example.com/out", "must be an https URL"},
      {"https://app.example.com/out#top", "must not have a fragment"},
      {"https://default.example.com/out", "is an address of this server"},
      {"https://OTHER.example.com/out", "is an address of this server"},
      {"https://127.0.0.1/out", "is not a public address"},
      {"https://10.1.2.3:8443/out", "is not a public address"},
      {"https://[::1]/out", "is not a public address"},
      {"https://[::ffff:10.0.0.1]/out", "is not a public address"},
      {"https://169.254.169.254/latest", "is not a public address"},
  };
  const std::string id = create("https://app.example.com/out?tenant=1").id("client_id");
  ASSERT_NE(id, "");
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.address);
    for (const Reply& refused : {create(row.address), patch("/clients/" + id, listening(row.address))}) {
      EXPECT_EQ(refused.status, 400);
      EXPECT_THAT(refused.message(), HasSubstr(row.problem));
      EXPECT_THAT(refused.message(), HasSubstr("on property oidc_logout.backchannel_logout_urls"));
    }
  }
  EXPECT_EQ(get("/clients/" + id).at("/oidc_logout/backchannel_logout_urls/0"), "https://app.example.com/out?tenant=1");
  for (const char* good : {"https://93.184.215.14/out", "https://other.default.example.com/out"})
    EXPECT_EQ(patch("/clients/" + id, listening(good)).status, 200) << good;
  EXPECT_EQ(patch("/clients/" + id, R"({"oidc_backchannel_logout":{"backchannel_logout_urls":["http://a.example"]}})").status,
            400)
      << "the older name leads to the same place";
}

TEST_F(LogoutListenerTest, TheOperatorDecidesAboutHttpAndPrivateAddresses) {
  services().egress.allow_http = true;
  EXPECT_EQ(create("http://app.example.com/out").status, 201);
  EXPECT_EQ(create("http://10.1.2.3/out").status, 400);
  services().egress.allowed_networks = {"10.0.0.0/8"};
  EXPECT_EQ(create("http://10.1.2.3/out").status, 201);
  EXPECT_EQ(create("http://192.168.1.1/out").status, 400);
}

TEST_F(LogoutListenerTest, ARuleThatBecameStricterStandsInNobodysWay) {
  services().egress.allow_http = true;
  const std::string id = create("http://app.example.com/out").id("client_id");
  services().egress.allow_http = false;
  EXPECT_EQ(patch("/clients/" + id, R"({"name":"renamed"})").status, 200);
}

TEST_F(LogoutListenerTest, LogoutByThePersonIsAlwaysToldOf) {
  const auto choose = [this](const std::string& initiators) {
    return post("/clients", R"({"name":"app","oidc_logout":{"backchannel_logout_initiators":)" + initiators + "}}");
  };
  const Reply refused = choose(R"({"mode":"custom","selected_initiators":["session-expired"]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(), HasSubstr("rp-logout is always one of the selected initiators"));
  EXPECT_EQ(choose(R"({"mode":"custom","selected_initiators":["rp-logout","session-expired"]})").status, 201);
  EXPECT_EQ(choose(R"({"mode":"all"})").status, 201);
}

TEST_F(LogoutListenerTest, WhatWaitsForAnAddressGoesWithIt) {
  constexpr const char* kOld = "https://app.example.com/old";
  const std::string id = create(kOld).id("client_id"), neighbour = create(kOld).id("client_id");
  wait(id, kOld, "own");
  wait(neighbour, kOld, "neighbour's");
  EXPECT_EQ(patch("/clients/" + id, R"({"name":"renamed"})").status, 200);
  EXPECT_THAT(waiting(kOld), testing::UnorderedElementsAre("neighbour's", "own"));
  EXPECT_EQ(patch("/clients/" + id, listening("https://app.example.com/new")).status, 200);
  EXPECT_EQ(patch("/clients/" + id, listening(kOld)).status, 200);
  EXPECT_THAT(waiting(kOld), ElementsAre("neighbour's")) << "even when the address comes back";
  EXPECT_EQ(patch("/clients/" + neighbour, R"({"oidc_logout":null})").status, 200);
  EXPECT_THAT(waiting(kOld), IsEmpty());
}

TEST_F(LogoutListenerTest, ALongQueueGoesInOneStatement) {
  constexpr const char* kOld = "https://app.example.com/old";
  for (int i = 0; i < 50; ++i) wait("app", kOld, "own " + std::to_string(i));
  wait("app2", kOld, "longer name");
  wait("ap", kOld, "shorter name");
  wait("app", "https://app.example.com/old/2", "elsewhere");
  write([&](db::Transaction& tx) {
    store::RecordingTransaction recording(tx);
    login::discard_notices(recording, kTenant, ClientId("app"), kOld);
    EXPECT_EQ(recording.statements.size(), 1u);
  });
  EXPECT_THAT(waiting(kOld), testing::UnorderedElementsAre("longer name", "shorter name"));
  EXPECT_THAT(waiting("https://app.example.com/old/2"), ElementsAre("elsewhere"));
  write([&](db::Transaction& tx) { login::discard_notices(tx, TenantId("other"), ClientId("ap"), kOld); });
  EXPECT_EQ(waiting(kOld).size(), 2u);
}

}  // namespace
}  // namespace symbolon::management
