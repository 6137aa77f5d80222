#include <gtest/gtest.h>

#include "flows/world.h"
#include "http/form.h"
#include "store/tenant_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

class Pushed : public World, public testing::Test {
 protected:
  Pushed() { allow(true); }

  void allow(bool allowed) {
    run_task(memory->write([&](db::Transaction& tx) {
      store::TenantStore tenants(tx);
      auto tenant = tenants.find(TenantId("default")).value();
      auto document = json::parse(tenant.doc).as_object();
      document["pushed_authorization_requests_supported"] = allowed;
      tenant.doc = json::serialize(document);
      tenants.update(tenant, tenant.version);
    }));
  }
  Fields request() const {
    return {{"client_id", client_id},  {"client_secret", client_secret}, {"response_type", "code"},
            {"scope", "openid email"}, {"state", "pushed state"},        {"redirect_uri", "https://app.example/cb"},
            {"connection", "acme"}};
  }
  static Fields with(Fields fields, const std::string& name, const std::string& value) {
    std::erase_if(fields, [&](const auto& field) { return field.first == name; });
    fields.emplace_back(name, value);
    return fields;
  }
  std::string push() {
    const auto response = post("/oauth/par", request());
    EXPECT_EQ(response.status, 201) << response.body;
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    return std::string(json::parse(response.body).at("request_uri").as_string());
  }
  http::Response go(const std::string& client, const std::string& uri, const Fields& more = {}) {
    Fields query{{"client_id", client}, {"request_uri", uri}};
    query.insert(query.end(), more.begin(), more.end());
    return get("/authorize?" + http::encode_form(query));
  }
};

TEST_F(Pushed, ARequestThatWasPushedIsTheWholeRequest) {
  const std::string uri = push();
  EXPECT_TRUE(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
  EXPECT_EQ(uri.size(), 34u + 43u);
  const auto departure = parameters(go(
      client_id, uri, {{"scope", "openid profile"}, {"state", "outside"}, {"redirect_uri", "https://evil.example/"}}));
  ASSERT_TRUE(departure.contains("nonce"));
  const auto answer = parameters(arrive(departure, "acme"));
  EXPECT_EQ(answer.at("state"), "pushed state");
  EXPECT_EQ(redeem(answer.at("code")).status, 200);
}

TEST_F(Pushed, ItServesOnceItsOwnClientForAMinute) {
  const std::string uri = push();
  const auto foreign = go(other_id, uri);
  EXPECT_EQ(foreign.status, 400);
  EXPECT_EQ(foreign.headers.get("Location"), "");
  EXPECT_EQ(go(client_id, uri).status, 302) << "the foreign attempt cost nothing";
  EXPECT_EQ(go(client_id, uri).status, 400);

  const std::string late = push();
  clock.advance(60s);
  EXPECT_EQ(go(client_id, late).status, 400);
  EXPECT_EQ(go(client_id, "urn:ietf:params:oauth:request_uri:unknown").status, 400);
}

TEST_F(Pushed, TheClientsSettingSaysHowLongItWaits) {
  change_client(client_id, {{"par_request_expiry", 300}});
  const auto response = post("/oauth/par", request());
  EXPECT_EQ(json::parse(response.body).at("expires_in"), 300);
  const std::string uri(json::parse(response.body).at("request_uri").as_string());
  clock.advance(299s);
  EXPECT_EQ(go(client_id, uri).status, 302);
  const std::string late = push();
  clock.advance(300s);
  EXPECT_EQ(go(client_id, late).status, 400);
  change_client(client_id, {{"par_request_expiry", nullptr}});
  EXPECT_EQ(json::parse(post("/oauth/par", request()).body).at("expires_in"), 60);
}

TEST_F(Pushed, ClaimsArePushedLikeTheRest) {
  const auto malformed = post("/oauth/par", with(request(), "claims", R"({"id_token":[]})"));
  EXPECT_EQ(malformed.status, 400);
  EXPECT_EQ(json::parse(malformed.body).at("error"), "invalid_request");
  const auto response = post("/oauth/par", with(request(), "claims", R"({"id_token":{"sub":{"value":"oidc|acme|bob"}}})"));
  ASSERT_EQ(response.status, 201) << response.body;
  const auto departure =
      parameters(go(client_id, std::string(json::parse(response.body).at("request_uri").as_string())));
  EXPECT_EQ(parameters(arrive(departure, "acme")).at("error"), "login_required") << "ada is not bob";
}

// RFC 9126 §2.3: judged at once, and told to the client and not to the browser.
TEST_F(Pushed, ABadRequestIsRefusedWhenItIsPushed) {
  const struct {
    const char* name;
    Fields fields;
    int status;
    const char* error;
  } rows[] = {
      {"T33 wrong secret", with(request(), "client_secret", "wrong"), 401, "invalid_client"},
      {"foreign redirect_uri", with(request(), "redirect_uri", "https://evil.example/"), 400, "unauthorized_client"},
      {"unknown response_type", with(request(), "response_type", "none"), 400, "unsupported_response_type"},
      {"plain PKCE", with(request(), "code_challenge", std::string(43, 'c')), 400, "invalid_request"},
      {"a request_uri", with(request(), "request_uri", "urn:ietf:params:oauth:request_uri:x"), 400, "invalid_request"},
      {"an unsigned object", with(request(), "request", "e30.e30."), 400, "invalid_request_object"},
      {"unknown audience", with(request(), "audience", "https://nowhere.example/"), 400, "access_denied"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto response = post("/oauth/par", row.fields);
    EXPECT_EQ(response.status, row.status) << response.body;
    EXPECT_EQ(json::parse(response.body).at("error"), json::value(row.error));
  }
  Fields twice = request();
  twice.emplace_back("scope", "openid");
  EXPECT_TRUE(post("/oauth/par", twice).body.contains("parameter given more than once: scope"));
  EXPECT_EQ(post("/oauth/par", with(request(), "x", std::string(11 * 1024, 'x'))).status, 413);
  EXPECT_EQ(count("tickets"), 0);
  allow(false);
  EXPECT_EQ(post("/oauth/par", request()).status, 400);
}

TEST_F(Pushed, AClientThatMustPushCannotAskOtherwise) {
  change_client(client_id, {{"require_pushed_authorization_requests", true}});
  EXPECT_EQ(depart("acme").at("error"), "invalid_request");
  EXPECT_EQ(go(client_id, push()).status, 302);
}

TEST_F(Pushed, NoSecretIsKeptWithTheRequest) {
  push();
  const auto document =
      run_task(memory->read([](db::Transaction& tx) { return tx.query_one("SELECT doc FROM tickets")->take_text(0); }));
  EXPECT_FALSE(document.contains(client_secret));
}

TEST_F(Pushed, AnUnprovedRequestObjectIsAPage) {
  const auto response = get("/authorize?" + http::encode_form({{"client_id", client_id},
                                                               {"redirect_uri", "https://app.example/cb"},
                                                               {"request", "e30.e30."}}));
  EXPECT_EQ(response.status, 400);
  EXPECT_TRUE(response.body.contains("invalid_request_object"));
}

}  // namespace
}  // namespace symbolon::flows
