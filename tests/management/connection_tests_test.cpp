#include "management/management_test.h"
#include "store/log_store.h"
#include "store/ticket_store.h"
#include "tickets/try_link.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;

class ProbeTest : public ManagementTest {
 protected:
  Reply probe(const std::string& more = "") {
    return post("/connections/probe", R"({"url":"idp.example.com")" + more + "}");
  }
};

TEST_F(ProbeTest, ShowsWhatAProviderSaysAndSavesNothing) {
  provider_.on(kDiscoveryUrl, 200, json::serialize(provider_document()));
  const Reply reply = probe();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.at("/status"), "ok");
  EXPECT_EQ(reply.at("/requested_url"), kDiscoveryUrl);
  EXPECT_EQ(reply.at("/issuer"), kIssuer);
  EXPECT_EQ(reply.at("/document/token_endpoint"), "https://idp.example.com/token");
  EXPECT_EQ(reply.at("/suggestions/pkce"), "S256");
  EXPECT_FALSE(reply.has("/reason"));
  EXPECT_EQ(get("/connections").text, "[]");
  EXPECT_THAT(logged(), ElementsAre());
}

TEST_F(ProbeTest, NamesTheReason) {
  provider_.on(kDiscoveryUrl, 404, "");
  EXPECT_EQ(probe().at("/reason"), "http_404");
  provider_.on(kDiscoveryUrl, http::FetchFailure::address_not_allowed);
  EXPECT_EQ(probe().at("/reason"), "address not allowed");
  provider_.on(kDiscoveryUrl, http::FetchFailure::dns);
  EXPECT_EQ(probe().at("/reason"), "dns");
  EXPECT_EQ(probe().at("/status"), "not_found");
}

TEST_F(ProbeTest, JudgesForTheChannelThatIsMeant) {
  json::object document = provider_document();
  document.erase("token_endpoint");
  provider_.on(kDiscoveryUrl, 200, json::serialize(document));
  EXPECT_EQ(probe(R"(,"channel":"front_channel")").at("/status"), "ok");
  const Reply back = probe(R"(,"channel":"back_channel")");
  EXPECT_EQ(back.at("/status"), "invalid");
  EXPECT_EQ(back.at("/problems/0/member"), "token_endpoint");
}

TEST_F(ProbeTest, ReachesWhatTheConnectionWouldReach) {
  provider_.on(kDiscoveryUrl, 200, json::serialize(provider_document()));
  probe(R"(,"egress":{"allowed_networks":["10.1.0.0/16"]})");
  EXPECT_THAT(provider_.last().egress.allowed_networks, ElementsAre("10.1.0.0/16"));
  const Reply refused = probe(R"(,"egress":{"allowed_networks":["169.254.0.0/16"]})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message(), testing::HasSubstr("on property egress.allowed_networks"));
}

TEST_F(ProbeTest, IsLimitedForEachCaller) {
  for (int i = 0; i < 30; ++i) ASSERT_EQ(probe().status, 200);
  EXPECT_EQ(probe().status, 429);
  token_.client = "another";
  EXPECT_EQ(probe().status, 200);
  token_.client = "caller";
  clock_.advance(2s);
  EXPECT_EQ(probe().status, 200);
}

TEST_F(ProbeTest, NeedsAScopeThatCouldSaveTheResult) {
  token_ = token_with({"read:connections"});
  EXPECT_EQ(probe().status, 403);
  for (const char* scope : {"create:connections", "update:connections"}) {
    token_ = token_with({scope});
    EXPECT_EQ(probe().status, 200) << scope;
  }
}

class TryTest : public ManagementTest {
 protected:
  std::string id_ = make_connection("acme");
  Reply order() { return post("/connections/" + id_ + "/try", ""); }
};

TEST_F(TryTest, AnswersWithALinkAndWhereTheResultWillBe) {
  const Reply reply = order();
  EXPECT_EQ(reply.status, 201);
  const std::string url = reply.id("url");
  const std::string prefix = "https://default.example.com/try/";
  ASSERT_TRUE(url.starts_with(prefix));
  EXPECT_EQ(tickets::try_report_id(url.substr(prefix.size())), reply.id("result_id"));
  EXPECT_EQ(reply.at("/callback_url"), "https://default.example.com/login/callback");
  EXPECT_EQ(logged().back(), "sapi: Order a test of a connection");
}

TEST_F(TryTest, NamesTheAddressThatTheProviderWillSee) {
  const json::object options{{"type", "back_channel"}, {"client_id", "c"}, {"client_secret", "s"},
                             {"callback_path", "/idps/callback"}};
  const Reply changed = patch("/connections/" + id_, json::serialize(json::object{{"options", options}}));
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/options/callback_path"), "/idps/callback");
  EXPECT_EQ(order().at("/callback_url"), "https://default.example.com/idps/callback");
  const json::object wrong{{"client_id", "c"}, {"callback_path", "/elsewhere"}};
  EXPECT_EQ(patch("/connections/" + id_, json::serialize(json::object{{"options", wrong}})).status, 400);
}

TEST_F(TryTest, TheResultTellsHowFarItIs) {
  const std::string report = order().id("result_id");
  const std::string path = "/connections/try-results/" + report;
  EXPECT_EQ(get(path).at("/status"), "waiting");

  write([&](db::Transaction& tx) {
    store::TicketStore(tx, kTenant)
        .take(store::TicketKind::try_connection, tickets::try_order_hash(report), clock_.now());
  });
  clock_.advance(tickets::kTryLinkLifetime);
  EXPECT_EQ(get(path).at("/status"), "started");

  write([&](db::Transaction& tx) {
    store::TicketStore(tx, kTenant)
        .insert({.kind = store::TicketKind::try_report,
                 .hash = tickets::try_report_hash(report),
                 .subject = id_,
                 .doc = tickets::seal_try_report(box_, kTenant, report,
                                                 R"({"id":"x","status":"succeeded","warnings":[]})"),
                 .created_at = clock_.now(),
                 .expires_at = clock_.now() + tickets::kTryReportLifetime,
                 .used_at = {}});
  });
  EXPECT_EQ(get(path).at("/status"), "succeeded");
  clock_.advance(tickets::kTryReportLifetime);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(TryTest, ALinkThatNobodyUsedHasNoResult) {
  const std::string report = order().id("result_id");
  clock_.advance(tickets::kTryLinkLifetime);
  EXPECT_EQ(get("/connections/try-results/" + report).status, 404);
}

TEST_F(TryTest, T12AnotherTenantSeesNeitherConnectionNorResult) {
  const std::string report = order().id("result_id");
  token_ = full_token(kOtherTenant);
  EXPECT_EQ(order().status, 404);
  EXPECT_EQ(get("/connections/try-results/" + report).status, 404);
}

TEST_F(TryTest, NeedsTheScope) {
  const std::string report = order().id("result_id");
  token_ = token_without("update:connections");
  EXPECT_EQ(order().status, 403);
  EXPECT_EQ(get("/connections/try-results/" + report).status, 403);
}

class LoginFailuresTest : public ManagementTest {
 protected:
  LoginFailuresTest() {
    model::LogEvent event;
    event.date = clock_.now();
    event.type = "f";
    event.client = ClientId("app");
    event.connection = "acme";
    event.reference = "K7QF-2M9X";
    event.details =
        R"({"step":"id_token","rule":"V4","check":"iss is right","expected":"a","received":"b","hint":"do this",)"
        R"("error":{"oauthError":"access_denied","message":"no","detail":"why"},"exchanges":[]})";
    write([&](db::Transaction& tx) { store::LogStore(tx, kTenant).insert(event); });
  }
};

TEST_F(LoginFailuresTest, AreFoundByTheReferenceInAnySpelling) {
  for (const char* spelling : {"K7QF-2M9X", "k7qf-2m9x", "K7QF2M9X", "k7qf%202m9x"}) {
    const Reply reply = get("/login-failures/" + std::string(spelling));
    ASSERT_EQ(reply.status, 200) << spelling;
    EXPECT_EQ(reply.at("/reference"), "K7QF-2M9X");
    EXPECT_EQ(reply.at("/rule"), "V4");
    EXPECT_EQ(reply.at("/client_id"), "app");
    EXPECT_EQ(reply.at("/error/detail"), "why");
    EXPECT_FALSE(reply.has("/user_id"));
  }
}

// What anybody can cause is kept in memory only.
TEST_F(LoginFailuresTest, ThoseThatCostNoRowAreFoundWhileTheyAreFresh) {
  model::LogEvent event;
  event.date = clock_.now();
  event.type = "f";
  event.reference = "ABCD-1234";
  event.details =
      R"({"step":"page","rule":"E11","check":"c","expected":"","received":"","hint":"h",)"
      R"("error":{"oauthError":"invalid_request","message":"no","detail":""},"exchanges":[]})";
  recent_failures_.add(kTenant, "E11", event);
  EXPECT_EQ(get("/login-failures/abcd1234").at("/rule"), "E11");
  EXPECT_FALSE(get("/login-failures/abcd1234").has("/log_id"));
  const auto token = token_;
  token_ = full_token(kOtherTenant);
  EXPECT_EQ(get("/login-failures/ABCD-1234").status, 404);
  token_ = token;
  clock_.advance(std::chrono::hours(24));
  EXPECT_EQ(get("/login-failures/ABCD-1234").status, 404);
}

TEST_F(LoginFailuresTest, OthersAreNotFound) {
  EXPECT_EQ(get("/login-failures/K7QF-2M9Y").at("/errorCode"), "inexistent_login_failure");
  token_ = full_token(kOtherTenant);
  EXPECT_EQ(get("/login-failures/K7QF-2M9X").status, 404);
  token_ = token_without("read:logs");
  EXPECT_EQ(get("/login-failures/K7QF-2M9X").status, 403);
}

}  // namespace
}  // namespace symbolon::management
