// Every kind of value that is handed out to be brought back, shown to another tenant that has the very same records.
#include <algorithm>

#include "flows/try_order.h"
#include "flows/two_tenants.h"
#include "http/form.h"
#include "jose/sign.h"
#include "store/client_store.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

const TenantId kFirst("default"), kSecond("two-tenant");
constexpr const char* kBye = "https://app.example/bye";

class TenantTickets : public TwoTenants {
 protected:
  // Each host has cookies of its own, as in a browser.
  void visit(const std::string& name) {
    jars_[host] = cookies;
    host = name;
    cookies = jars_[name];
  }
  template <class F>
  auto write(F unit) {
    return run_task(memory->write(std::move(unit)));
  }
  static std::string text(const http::Response& response, const std::string& member) {
    return std::string(json::parse(response.body).at(member).get_string());
  }
  static std::string location(const http::Response& response) { return std::string(response.headers.get("Location")); }
  static std::string path_of(const std::string& url) { return url.substr(std::string("https://id.example").size()); }
  static std::string field(const http::Response& page, const std::string& name) {
    const std::string start = "name=\"" + name + "\" value=\"";
    const auto at = page.body.find(start);
    if (at == std::string::npos) return {};
    return page.body.substr(at + start.size(), page.body.find('"', at + start.size()) - at - start.size());
  }
  Fields credentials() const { return {{"client_id", client_id}, {"client_secret", client_secret}}; }
  Fields with_credentials(Fields fields) const {
    for (const auto& field : credentials()) fields.push_back(field);
    return fields;
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> jars_;
};

TEST_F(TenantTickets, TheLinkOfATest) {
  const tickets::TryLink link = order_try(*this, "front");
  visit("two.example");
  EXPECT_EQ(location(get("/try/" + link.ticket)), "");
  visit("id.example");
  EXPECT_TRUE(location(get("/try/" + link.ticket)).starts_with("https://idp.example/auth"));
}

TEST_F(TenantTickets, AQuestionToSomebodyNew) {
  const auto ask = [](model::Connection& connection) {
    connection.upstream.first_contact = {
        .linking_allowed = true, .creation_allowed = true, .auto_creation = false, .auto_update = true, .stated = true};
  };
  change_connection("acme", ask);
  write([](db::Transaction& tx) {
    tx.execute("DELETE FROM connections WHERE tenant = 'two-tenant'");
    copy(tx, "connections");
  });
  const std::string page = path_of(location(arrive(depart("acme"), "acme")));
  ASSERT_TRUE(page.starts_with("/u/first-contact")) << page;
  const auto shown = get(page);
  EXPECT_EQ(shown.status, 200);
  const Fields answer{{"state", field(shown, "state")}, {"token", field(shown, "token")},
                      {"action", "create"},             {"given_name", "Ada"},
                      {"family_name", "List"},          {"email", "ada@idp.example"}};
  for (const char* elsewhere : {"two.example", "login.shop.example"}) {
    host = elsewhere;  // and the cookies come along
    EXPECT_EQ(get(page).status, 400) << elsewhere;
    EXPECT_EQ(post("/u/first-contact", answer, {{"Origin", std::string("https://") + elsewhere}}).status, 400);
  }
  EXPECT_EQ(count("users"), 0);
  host = "id.example";
  EXPECT_TRUE(parameters(post("/u/first-contact", answer, {{"Origin", "https://id.example"}})).contains("code"));
}

TEST_F(TenantTickets, AQuestionAboutLeaving) {
  for (const char* name : {"two.example", "id.example"}) {
    visit(name);
    ASSERT_TRUE(parameters(arrive(depart("front"), "front")).contains("code"));
  }
  const Fields answer{{"token", field(get("/oidc/logout"), "token")}, {"decision", "yes"}};
  ASSERT_NE(answer[0].second, "");
  visit("two.example");
  EXPECT_EQ(post("/u/logout", answer).status, 403);
  EXPECT_TRUE(ask_silently().contains("code"));
  visit("id.example");
  EXPECT_EQ(post("/u/logout", answer).status, 303);
  EXPECT_FALSE(ask_silently().contains("code"));
}

TEST_F(TenantTickets, TheWayBackFromALogoutAtTheProvider) {
  change_client(client_id, {{"allowed_logout_urls", json::array{kBye}}});
  change_connection("front", [](model::Connection& connection) {
    connection.upstream.end_session_endpoint = "https://idp.example/logout";
  });
  sign_in_for_code();
  const auto out = get("/v2/logout?" + http::encode_form({{"client_id", client_id}, {"returnTo", kBye}, {"federated", ""}}));
  const std::string back = "/logout/callback?" + http::encode_form({{"state", parameters(out).at("state")}});
  visit("two.example");
  EXPECT_EQ(location(get(back)), "https://two.example/u/logged-out");
  visit("id.example");
  EXPECT_EQ(location(get(back)), kBye);
}

TEST_F(TenantTickets, AProvidersLogoutTokenEndsItsOwnTenantsSessions) {
  for (const char* name : {"two.example", "id.example"}) {
    visit(name);
    ASSERT_TRUE(parameters(arrive(depart("front"), "front")).contains("code"));
  }
  TokenBuilder token(provider_key);
  const std::int64_t now = to_epoch_seconds(clock.now());
  token.claims = {{"iss", "https://idp.example"},
                  {"aud", "upstream-front"},
                  {"iat", now},
                  {"exp", now + 120},
                  {"jti", "one"},
                  {"sub", subject},
                  {"events", {{"http://schemas.openid.net/event/backchannel-logout", json::object()}}}};
  const auto tell = [&] {
    return post("/oauth/backchannel-logout/connection/front", {{"logout_token", token.compact()}}).status;
  };
  visit("two.example");
  EXPECT_EQ(tell(), 200) << "the provider is registered there as well";
  EXPECT_FALSE(ask_silently().contains("code"));
  visit("id.example");
  EXPECT_TRUE(ask_silently().contains("code"));
  EXPECT_EQ(tell(), 200) << "used at one tenant is not used at another";
  EXPECT_FALSE(ask_silently().contains("code"));
}

TEST_F(TenantTickets, WhatAnApplicationSignedForOneTenant) {
  const auto key = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
  change_client(other_id, {{"client_authentication_methods",
                            {{"private_key_jwt", {{"credentials", json::array{json::object{{"id", "cred_1"}}}}}}}},
                           {"signed_request_object",
                            {{"required", true}, {"credentials", json::array{json::object{{"id", "cred_1"}}}}}},
                           {"token_endpoint_auth_method", nullptr}});
  write([&](db::Transaction& tx) {
    store::ClientStore(tx, kFirst)
        .insert_credential({"cred_1", ClientId(other_id), R"({"kid":"k-1","alg":"ES256"})",
                            key.public_key().spki_pem(), clock.now()});
    tx.execute("DELETE FROM clients WHERE tenant = 'two-tenant' AND is_global = 0");
    copy(tx, "clients");
    copy(tx, "client_credentials");
  });
  const auto sign = [&](json::object claims) {
    const std::int64_t now = to_epoch_seconds(clock.now());
    for (const auto& [name, value] :
         json::object{{"iss", other_id}, {"aud", "https://id.example/"}, {"exp", now + 60}, {"jti", "j-1"}})
      claims[name] = value;
    return jose::sign_jwt(key, crypto::SignatureAlgorithm::ES256, "k-1", "JWT", claims);
  };
  const Fields assertion{{"grant_type", "authorization_code"},
                         {"code", "unknown"},
                         {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                         {"client_assertion", sign({{"sub", other_id}})}};
  const std::string request =
      "/authorize?" + http::encode_form({{"client_id", other_id},
                                         {"request", sign({{"client_id", other_id},
                                                           {"response_type", "code"},
                                                           {"connection", "front"},
                                                           {"redirect_uri", "https://app.example/cb"}})}});
  for (const char* elsewhere : {"two.example", "login.shop.example"}) {
    visit(elsewhere);
    EXPECT_EQ(text(post("/oauth/token", assertion), "error"), "invalid_client") << elsewhere;
    EXPECT_FALSE(location(get(request)).starts_with("https://idp.example/auth")) << elsewhere;
  }
  visit("id.example");
  EXPECT_EQ(text(post("/oauth/token", assertion), "error"), "invalid_grant") << "or nothing was proved";
  EXPECT_TRUE(location(get(request)).starts_with("https://idp.example/auth"));
}

TEST_F(TenantTickets, ATokenIsNeitherDescribedNorRevokedElsewhere) {
  const auto departure = depart("front", {{"scope", "openid offline_access"}});
  const auto tokens = redeem(parameters(arrive(departure, "front")).at("code"));
  copy_people();
  const auto is_active = [&](const std::string& token) {
    const auto answer = post("/oauth/v2/introspect", with_credentials({{"token", token}}));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json::parse(answer.body).at("active") == json::value(true);
  };
  for (const char* kind : {"access_token", "refresh_token"}) {
    const std::string token = text(tokens, kind);
    for (const char* elsewhere : {"two.example"}) {
      visit(elsewhere);
      EXPECT_FALSE(is_active(token)) << kind << " at " << elsewhere;
      EXPECT_EQ(post("/oauth/revoke", with_credentials({{"token", token}})).status, 200);
    }
    visit("id.example");
    EXPECT_TRUE(is_active(token)) << kind;
  }
}

TEST_F(TenantTickets, ATokenOfAServiceUser) {
  auto value = tickets::make_service_token(random);
  write([&](db::Transaction& tx) {
    const model::ServiceUser robot{.tenant = kFirst,
                                   .id = model::ServiceUserId("100000000000000001"),
                                   .organisation = {},
                                   .username = "robot",
                                   .name = "Robot",
                                   .secret_hash = {},
                                   .created_at = clock.now()};
    store::ServiceUserStore users(tx, kFirst);
    users.insert(robot);
    users.insert_token({.hash = value.hash,
                        .id = "100000000000000002",
                        .user = robot.id,
                        .personal = true,
                        .scope = {},
                        .created_at = clock.now(),
                        .expires_at = std::nullopt});
    store::OrganisationStore(tx, kFirst)
        .put_membership({robot.id.str(), {}, {"IAM_OWNER"}, clock.now()}, true);
    for (const char* table : {"service_users", "memberships"}) copy(tx, table);
  });
  const auto search = [&] {
    return post("/admin/v1/idps/templates/_search", {}, {{"Authorization", "Bearer " + value.value}, {"Content-Type", "application/json"}}).status;
  };
  visit("two.example");
  EXPECT_EQ(search(), 401);
  visit("id.example");
  EXPECT_EQ(search(), 200) << "or nothing was proved";
}

}  // namespace
}  // namespace symbolon::flows
