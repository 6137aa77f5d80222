#include <gtest/gtest.h>

#include "flows/world.h"
#include "http/form.h"
#include "store/tenant_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr const char* kIssuer = "https://idp.example";

class Initiate : public World, public testing::Test {
 protected:
  Initiate() {
    change_client(client_id, {{"initiate_login_uri", "https://app.example/login?from=sso"},
                              {"web_origins", json::array{"https://www.app.example"}}});
  }
  void set_default(const std::string& url) {
    run_task(memory->write([&](db::Transaction& tx) {
      store::TenantStore tenants(tx);
      auto tenant = tenants.find(TenantId("default")).value();
      auto document = json::parse(tenant.doc).as_object();
      document["default_redirection_uri"] = url;
      tenant.doc = json::serialize(document);
      tenants.update(tenant, tenant.version);
    }));
  }
  http::Response initiate(const Fields& fields) { return get("/login/initiate?" + http::encode_form(fields)); }
  std::string location(const Fields& fields) { return std::string(initiate(fields).headers.get("Location")); }
};

TEST_F(Initiate, LeadsToTheApplicationsOwnStart) {
  const auto response = initiate({{"iss", kIssuer},
                                  {"client_id", client_id},
                                  {"login_hint", "ada@idp.example"},
                                  {"target_link_uri", "https://www.app.example/reports?id=7"}});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(response.headers.get("Location"),
            "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F&login_hint=ada%40idp.example"
            "&target_link_uri=https%3A%2F%2Fwww.app.example%2Freports%3Fid%3D7");
  for (const char* table : {"sessions", "grants", "tickets", "used_tickets"}) EXPECT_EQ(count(table), 0) << table;

  const auto posted = post("/login/initiate", {{"iss", kIssuer}, {"client_id", client_id}});
  EXPECT_EQ(posted.status, 303);
  EXPECT_EQ(posted.headers.get("Location"), "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F");
}

TEST_F(Initiate, TheTargetTellsWhichApplication) {
  EXPECT_TRUE(location({{"iss", kIssuer}, {"target_link_uri", "https://www.app.example/x"}})
                  .starts_with("https://app.example/login?from=sso&iss="));
  change_client(other_id, {{"initiate_login_uri", "https://other.example/login"},
                           {"web_origins", json::array{"https://www.app.example"}}});
  EXPECT_EQ(location({{"iss", kIssuer}, {"target_link_uri", "https://www.app.example/x"}}), "")
      << "two applications could be meant";
}

// T21: whatever it is told, the browser goes to registered places only, and takes only registered ones along.
TEST_F(Initiate, T21ATargetThatIsNotRegisteredGoesNowhere) {
  for (const char* target :
       {"https://evil.example/", "https://www.app.example.evil.example/", "https://www.app.example@evil.example/",
        "javascript:alert(1)", "//evil.example", "http://www.app.example/", "https://app.example:444/", "not a url"}) {
    EXPECT_EQ(location({{"iss", kIssuer}, {"target_link_uri", target}}), "") << target;
    EXPECT_EQ(location({{"iss", kIssuer}, {"client_id", client_id}, {"target_link_uri", target}}),
              "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F")
        << target;
  }
  change_client(client_id, {{"initiate_login_uri", "javascript:alert(1)"}});
  EXPECT_EQ(location({{"iss", kIssuer}, {"client_id", client_id}}), "");
  change_client(client_id, {{"initiate_login_uri", "https://{organization}.app.example/"}});
  EXPECT_EQ(location({{"iss", kIssuer}, {"client_id", client_id}}), "");
}

TEST_F(Initiate, OnlyProvidersThatAreConnectedAndEnabledMayAsk) {
  const auto refused = [&](const Fields& fields) {
    const auto response = initiate(fields);
    EXPECT_EQ(response.headers.get("Location"), "");
    return response.status == 400;
  };
  EXPECT_TRUE(refused({{"client_id", client_id}}));
  EXPECT_TRUE(refused({{"iss", ""}, {"client_id", client_id}}));
  EXPECT_TRUE(refused({{"iss", "https://idp.example/"}, {"client_id", client_id}})) << "issuers are compared exactly";
  EXPECT_TRUE(refused({{"iss", "https://idp%example"}, {"client_id", client_id}}));
  EXPECT_TRUE(refused({{"iss", "%"}, {"client_id", client_id}}));
  EXPECT_TRUE(refused({{"iss", kIssuer}, {"client_id", "unknown"}}));
  EXPECT_TRUE(refused({{"iss", kIssuer}, {"iss", kIssuer}, {"client_id", client_id}}));

  change_connection("acme", [](model::Connection& one) { one.authentication_active = false; });
  EXPECT_EQ(initiate({{"iss", kIssuer}, {"client_id", client_id}}).status, 302) << "front has the same provider";
  change_connection("front", [](model::Connection& one) { one.authentication_active = false; });
  EXPECT_TRUE(refused({{"iss", kIssuer}, {"client_id", client_id}}));
  change_connection("front", [](model::Connection& one) { one.authentication_active = true; });
  run_task(memory->write([](db::Transaction& tx) { tx.execute("DELETE FROM connection_clients"); }));
  EXPECT_TRUE(refused({{"iss", kIssuer}, {"client_id", client_id}}));
}

TEST_F(Initiate, TheTenantsDefaultServesApplicationsWithoutAStart) {
  set_default("https://www.example/start");
  EXPECT_EQ(location({{"iss", kIssuer}, {"client_id", other_id}, {"login_hint", "ada"},
                      {"target_link_uri", "https://evil.example/"}}),
            "https://www.example/start?iss=https%3A%2F%2Fid.example%2F&login_hint=ada");
  EXPECT_EQ(location({{"iss", kIssuer}, {"client_id", other_id}, {"login_hint", std::string(256, 'a')}}),
            "https://www.example/start?iss=https%3A%2F%2Fid.example%2F");
  EXPECT_EQ(location({{"iss", "https://unknown.example"}, {"client_id", other_id}}), "");
}

// Which providers a tenant has is nobody's business who knows no application of theirs.
TEST_F(Initiate, AKnownAndAnUnknownIssuerAreAnsweredAlike) {
  const auto same = [&](const Fields& more) {
    Fields known{{"iss", kIssuer}}, unknown{{"iss", "https://unknown.example"}};
    for (const auto& field : more) known.push_back(field), unknown.push_back(field);
    const auto one = initiate(known), other = initiate(unknown);
    EXPECT_EQ(one.status, 400);
    EXPECT_EQ(one.status, other.status);
    EXPECT_EQ(one.headers.get("Location"), "");
    EXPECT_TRUE(one.body.contains("iss names no identity provider of the application")) << one.body;
    EXPECT_TRUE(other.body.contains("iss names no identity provider of the application")) << other.body;
  };
  for (const char* start : {"", "https://www.example/start"}) {
    if (*start) set_default(start);
    same({});
    same({{"client_id", "unknown"}});
    same({{"target_link_uri", "https://evil.example/"}});
  }
  db.make_searches_cost(100'000'000);
  same({{"client_id", client_id}});
}

TEST_F(Initiate, ASearchThatCostsTooMuchFindsNothing) {
  db.make_searches_cost(500'000);
  EXPECT_EQ(initiate({{"iss", kIssuer}, {"client_id", client_id}}).status, 302);
  db.make_searches_cost(2'000'000);
  EXPECT_EQ(initiate({{"iss", kIssuer}, {"client_id", client_id}}).status, 400);
}

TEST_F(Initiate, ATenantsSearchesAreLimitedWhateverTheAddress) {
  const auto visit = [&](int address, const Fields& fields) {
    http::Request request;
    request.path = "/login/initiate";
    request.query = http::encode_form(fields);
    request.client_address = "192.0.2." + std::to_string(address);
    return send(std::move(request)).status;
  };
  for (int i = 0; i < 200; ++i) EXPECT_EQ(visit(i, {{"iss", kIssuer}}), 400) << "costs no search";
  for (int i = 0; i < 100; ++i) EXPECT_EQ(visit(i, {{"iss", kIssuer}, {"client_id", client_id}}), 302);
  EXPECT_EQ(visit(201, {{"iss", kIssuer}, {"client_id", client_id}}), 429);
  clock.advance(1s);
  EXPECT_EQ(visit(201, {{"iss", kIssuer}, {"client_id", client_id}}), 302);
}

TEST_F(Initiate, APageSaysInThePersonsLanguageWhyNothingHappens) {
  const auto response = get("/login/initiate?iss=https%3A%2F%2Funknown.example", {{"Accept-Language", "fr"}});
  EXPECT_EQ(response.status, 400);
  EXPECT_TRUE(response.body.contains("iss ne désigne aucun fournisseur"));
  EXPECT_FALSE(response.body.contains("unknown.example"));
  int status = 0;
  for (int i = 0; i < 61; ++i) status = initiate({{"iss", kIssuer}}).status;
  EXPECT_EQ(status, 429);
}

// E11: a sign-in that has expired still leads back to its own application.
TEST_F(Initiate, AnExpiredSignInLeadsToItsApplication) {
  const auto departure = depart("acme");
  clock.advance(2h);
  EXPECT_EQ(arrive(departure, "acme").headers.get("Location"),
            "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F");
  EXPECT_EQ(count("sessions"), 0);

  for (const char* name : {"acme", "front"})
    change_connection(name, [](model::Connection& one) { one.show_as_button = true; });
  const auto page = get("/authorize?" + http::encode_form({{"client_id", client_id},
                                                           {"response_type", "code"},
                                                           {"redirect_uri", "https://app.example/cb"}}));
  const std::string url(page.headers.get("Location"));
  ASSERT_TRUE(url.starts_with("https://id.example/u/login")) << url;
  const std::string target = url.substr(std::string("https://id.example").size());
  EXPECT_EQ(get(target).status, 200);
  clock.advance(2h);
  EXPECT_EQ(get(target).headers.get("Location"), "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F");
  cookies = {{"__Host-other", "1"}};
  EXPECT_EQ(get(target).status, 400) << "another browser is not told which application it was";

  EXPECT_EQ(get("/login/resume?client_id=" + client_id).status, 400);
  cookies = {{"__Host-cookie-check", "1"}};
  EXPECT_EQ(get("/login/resume?client_id=" + client_id).headers.get("Location"),
            "https://app.example/login?from=sso&iss=https%3A%2F%2Fid.example%2F");
  EXPECT_EQ(get("/login/resume?client_id=unknown").status, 400);
}

}  // namespace
}  // namespace symbolon::flows
