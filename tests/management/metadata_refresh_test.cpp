#include "management/metadata_refresh.h"

#include "management/management_test.h"
#include "store/connection_store.h"

// What providers publish is read again, and taken over within limits (login-runtime RP-8).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using model::ConnectionStatus;
using namespace std::chrono_literals;

class MetadataRefreshTest : public ManagementTest {
 protected:
  MetadataRefreshTest() { publish(provider_document()); }

  void publish(const json::object& document) { provider_.on(kDiscoveryUrl, 200, json::serialize(document)); }
  std::string create(const std::string& options) {
    return post("/connections", R"({"strategy":"oidc","name":"corp","options":)" + options + "}").id();
  }
  std::string create_by_discovery(const std::string& more = "") {
    return create(R"({"discovery_url":"https://idp.example.com","client_id":"abc","client_secret":"s3cr3t")" +
                  (more.empty() ? "" : "," + more) + "}");
  }
  int refresh() {
    MetadataRefresh refresh(services());
    int looked_up = 0;
    while (run_task(refresh.refresh_next())) ++looked_up;
    return looked_up;
  }
  model::Connection stored(const std::string& id) {
    return *read([&](db::Transaction& tx) { return store::ConnectionStore(tx, kTenant).find(ConnectionId(id)); });
  }
};

TEST_F(MetadataRefreshTest, LooksOnceADayAndChangesNothingWithoutNeed) {
  const std::string id = create_by_discovery();
  const std::string before = get("/connections/" + id).text;
  const auto version = stored(id).version;
  EXPECT_EQ(refresh(), 0);
  clock_.advance(24h + 1s);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(refresh(), 0);
  EXPECT_EQ(get("/connections/" + id).text, before);
  EXPECT_EQ(stored(id).version, version) << "an If-Match of before still holds";
  EXPECT_EQ(stored(id).metadata_fetched_at, clock_.now());
  EXPECT_EQ(get("/connections/" + id + "/status").at("/checked_at"), to_iso8601(clock_.now()));
}

TEST_F(MetadataRefreshTest, TakesAnEndpointOverWithinTheDomain) {
  const std::string id = create_by_discovery();
  json::object document = provider_document();
  document["token_endpoint"] = "https://login.example.com/token";
  document["end_session_endpoint"] = "https://out.example.com/logout";
  publish(document);
  clock_.advance(25h);
  EXPECT_EQ(refresh(), 1);
  const Reply shown = get("/connections/" + id);
  EXPECT_EQ(shown.at("/options/token_endpoint"), "https://login.example.com/token");
  EXPECT_EQ(shown.at("/options/oidc_metadata/token_endpoint"), "https://login.example.com/token");
  EXPECT_EQ(shown.at("/options/client_secret"), "s3cr3t");
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://login.example.com/token");
  EXPECT_EQ(stored(id).upstream.end_session_endpoint, "https://out.example.com/logout");
  EXPECT_EQ(stored(id).version, 2);
  EXPECT_THAT(logged(), testing::Contains("idp_metadata_changed: The provider's configuration was taken over"));
}

TEST_F(MetadataRefreshTest, AnExplicitEndpointStays) {
  const std::string id = create_by_discovery(R"("token_endpoint":"https://mine.example.com/token")");
  json::object document = provider_document();
  document["token_endpoint"] = "https://login.example.com/token";
  publish(document);
  clock_.advance(25h);
  refresh();
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://mine.example.com/token");
  EXPECT_EQ(get("/connections/" + id).at("/options/token_endpoint"), "https://mine.example.com/token");
}

struct Refused {
  const char* name;
  void (*spoil)(json::object&);
  ConnectionStatus status;
  const char* detail;
};

TEST_F(MetadataRefreshTest, WhatCouldBeATakeoverWaitsForAnAdministrator) {
  const Refused kRows[] = {
      {"another issuer", [](auto& d) { d["issuer"] = "https://other.example.com"; }, ConnectionStatus::issuer_changed,
       "issuer was https://idp.example.com and is now https://other.example.com"},
      {"another token endpoint", [](auto& d) { d["token_endpoint"] = "https://evil.example.net/token"; },
       ConnectionStatus::metadata_changed,
       "token_endpoint was https://idp.example.com/token and is now https://evil.example.net/token, in another domain"},
      {"other keys", [](auto& d) { d["jwks_uri"] = "https://evil.example.net/jwks"; },
       ConnectionStatus::metadata_changed,
       "jwks_uri was https://idp.example.com/jwks and is now https://evil.example.net/jwks, in another domain"},
      {"a new endpoint elsewhere", [](auto& d) { d["end_session_endpoint"] = "https://evil.example.net/out"; },
       ConnectionStatus::metadata_changed,
       "end_session_endpoint was  and is now https://evil.example.net/out, in another domain"},
  };
  for (const Refused& row : kRows) {
    SCOPED_TRACE(row.name);
    publish(provider_document());
    const std::string id = create_by_discovery();
    const std::string before = get("/connections/" + id).text;
    json::object document = provider_document();
    row.spoil(document);
    publish(document);
    clock_.advance(25h);
    EXPECT_EQ(refresh(), 1);
    EXPECT_EQ(get("/connections/" + id).text, before) << "the old copy stays in force";
    EXPECT_EQ(stored(id).status, row.status);
    EXPECT_EQ(stored(id).status_detail, row.detail);
    EXPECT_THAT(logged(), testing::Contains("idp_metadata_changed: " + std::string(row.detail)));

    const auto events = logged().size();
    clock_.advance(25h);
    EXPECT_EQ(refresh(), 1);
    EXPECT_LE(logged().size(), events) << "the same news is not told every day";
    publish(provider_document());
    clock_.advance(25h);
    EXPECT_EQ(refresh(), 1);
    EXPECT_EQ(stored(id).status, ConnectionStatus::ok) << "and it is over when the provider takes it back";
    remove("/connections/" + id);
  }
}

TEST_F(MetadataRefreshTest, AnOutageKeepsTheOldCopyAndIsTriedAgainWithinTheHour) {
  const std::string id = create_by_discovery();
  const std::string before = get("/connections/" + id).text;
  for (const auto& failing : std::vector<std::function<void()>>{
           [&] { provider_.on(kDiscoveryUrl, http::FetchFailure::timeout); }, [&] { provider_.on(kDiscoveryUrl, 500, ""); },
           [&] { provider_.on(kDiscoveryUrl, 200, "<html>"); }, [&] { provider_.on(kDiscoveryUrl, 200, "{}"); }}) {
    failing();
    clock_.advance(25h);
    EXPECT_EQ(refresh(), 1);
    EXPECT_EQ(stored(id).status, ConnectionStatus::unreachable);
    EXPECT_EQ(get("/connections/" + id).text, before);
  }
  EXPECT_EQ(refresh(), 0);
  publish(provider_document());
  clock_.advance(1h + 1s);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(stored(id).status, ConnectionStatus::ok);
}

TEST_F(MetadataRefreshTest, OneDeadProviderDoesNotHoldUpTheOthers) {
  provider_.on("https://dead.example.com/.well-known/openid-configuration", 200,
               json::serialize(provider_document("https://dead.example.com")));
  post("/connections", R"({"strategy":"oidc","name":"dead","options":{"client_id":"a","discovery_url":"https://dead.example.com"}})");
  clock_.advance(1s);
  create_by_discovery();
  provider_.on("https://dead.example.com/.well-known/openid-configuration", http::FetchFailure::timeout);
  clock_.advance(25h);
  EXPECT_EQ(refresh(), 2);
}

TEST_F(MetadataRefreshTest, AnIncompleteConnectionIsCompletedWhenTheProviderAnswers) {
  provider_.on(kDiscoveryUrl, http::FetchFailure::connect);
  const std::string id = create(R"({"type":"back_channel","client_id":"abc","client_secret":"s","issuer":"https://idp.example.com",)"
                                R"("authorization_endpoint":"https://idp.example.com/authorize"})");
  EXPECT_EQ(stored(id).status, ConnectionStatus::incomplete);
  clock_.advance(61min);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(stored(id).status, ConnectionStatus::incomplete) << "still silent";
  publish(provider_document());
  clock_.advance(61min);
  EXPECT_EQ(refresh(), 1);
  EXPECT_EQ(stored(id).status, ConnectionStatus::ok);
  EXPECT_EQ(stored(id).upstream.token_endpoint, std::string(kIssuer) + "/token");
  EXPECT_FALSE(get("/connections/" + id).has("/options/token_endpoint")) << "options stay as they were sent";
}

TEST_F(MetadataRefreshTest, ADocumentGivenByHandAndExplicitSettingsAreLeftAlone) {
  create_by_discovery(R"("oidc_metadata":)" + json::serialize(provider_document()));
  make_connection("explicit");
  clock_.advance(std::chrono::days(30));
  EXPECT_EQ(refresh(), 0);
  EXPECT_TRUE(provider_.requests().empty());
}

TEST_F(MetadataRefreshTest, WhatSomebodyChangedMeanwhileIsNotOverwritten) {
  const std::string id = create_by_discovery();
  clock_.advance(25h);
  json::object document = provider_document();
  document["token_endpoint"] = "https://login.example.com/token";
  int calls = 0;
  provider_.on(kDiscoveryUrl, [&](const http::OutboundRequest&) {
    if (++calls == 1) patch("/connections/" + id, R"({"display_name":"from elsewhere"})");
    return FakeHttpClient::response(200, json::serialize(document));
  });
  EXPECT_EQ(refresh(), 2) << "the first lookup was in vain";
  EXPECT_EQ(stored(id).display_name, "from elsewhere");
  EXPECT_EQ(stored(id).upstream.token_endpoint, "https://login.example.com/token");
}

TEST_F(MetadataRefreshTest, WorksInEveryTenant) {
  send({"POST", "/connections",
        R"({"strategy":"oidc","name":"theirs","options":{"client_id":"a","discovery_url":"https://idp.example.com"}})",
        full_token(kOtherTenant), {}});
  clock_.advance(25h);
  EXPECT_EQ(refresh(), 1);
}

}  // namespace
}  // namespace symbolon::management
