#include <gtest/gtest.h>

#include "app/bootstrap.h"
#include "flows/two_tenants.h"
#include "http/form.h"
#include "management/new_client.h"
#include "management/system_resource_server.h"
#include "store/client_store.h"
#include "store/tenant_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

class Tenants : public TwoTenants {};

constexpr const char* kElsewhere[] = {"two.example", "login.shop.example"};

TEST_F(Tenants, EachHasIssuerKeysAndCookiesOfItsOwn) {
  std::map<std::string, std::string> key_of;
  for (const std::string& name : {std::string("id.example"), std::string("two.example")}) {
    host = name;
    const auto discovery = json::parse(get("/.well-known/openid-configuration").body);
    EXPECT_EQ(discovery.at("issuer"), json::value("https://" + name + "/"));
    EXPECT_EQ(discovery.at("token_endpoint"), json::value("https://" + name + "/oauth/token"));
    const auto keys = json::parse(get("/.well-known/jwks.json").body);
    key_of[name] = std::string(keys.at("keys").at(0).at("kid").get_string());
  }
  EXPECT_NE(key_of["id.example"], key_of["two.example"]);
}

TEST_F(Tenants, SEC64AnUnknownHostIsAnsweredByNobody) {
  for (const char* name : {"three.example", "two.example.evil", "xtwo.example", "", "two.example:8443"}) {
    host = name;
    EXPECT_EQ(get("/.well-known/openid-configuration").status, 421) << name;
  }
  host = "TWO.example";
  EXPECT_EQ(get("/.well-known/openid-configuration").status, 200);
}

TEST_F(Tenants, OneSiteAnswersToEveryNameAsItself) {
  World alone;
  alone.host = "anything.example";
  EXPECT_EQ(json::parse(alone.get("/.well-known/openid-configuration").body).at("issuer"),
            json::value("https://id.example/"));
}

TEST_F(Tenants, SEC7ACodeIsWorthNothingElsewhere) {
  for (const char* elsewhere : kElsewhere) {
    cookies.clear();
    host = "id.example";
    const std::string code = sign_in_for_code();
    host = elsewhere;
    const auto refused = redeem(code);
    EXPECT_EQ(refused.status, 400) << elsewhere << refused.body;
    EXPECT_TRUE(refused.body.contains("invalid_grant")) << refused.body;
    host = "id.example";
    if (std::string(elsewhere) == "two.example") EXPECT_EQ(redeem(code).status, 200) << "or nothing was proved";
  }
}

TEST_F(Tenants, ASessionIsWorthNothingElsewhere) {
  sign_in_for_code();
  copy_people();
  EXPECT_TRUE(ask_silently().contains("code"));
  for (const char* elsewhere : kElsewhere) {
    host = elsewhere;
    EXPECT_EQ(ask_silently().at("error"), "login_required") << elsewhere;
  }
}

TEST_F(Tenants, ALoginEndsWhereItBegan) {
  for (const char* elsewhere : kElsewhere) {
    host = "id.example";
    const auto departure = depart("front");
    const auto own = cookies;
    host = elsewhere;
    EXPECT_FALSE(parameters(arrive(departure, "front")).contains("code")) << elsewhere;
    EXPECT_EQ(count("sessions"), 0);
    cookies = own;
  }
}

TEST_F(Tenants, APageBelongsToItsHost) {
  change_connection("front", [](auto& connection) { connection.show_as_button = true; });
  const std::string page(get("/authorize?" + http::encode_form({{"client_id", client_id},
                                                                {"response_type", "code"},
                                                                {"redirect_uri", "https://app.example/cb"}}))
                             .headers.get("Location"));
  const std::string path = page.substr(std::string("https://id.example").size());
  EXPECT_EQ(get(path).status, 200);
  for (const char* elsewhere : kElsewhere) {
    host = elsewhere;
    EXPECT_EQ(get(path).status, 400) << elsewhere;
  }
}

TEST_F(Tenants, AnAccessTokenIsWorthNothingElsewhere) {
  const auto tokens = json::parse(redeem(sign_in_for_code()).body);
  copy_people();
  const Fields bearer{{"Authorization", "Bearer " + std::string(tokens.at("access_token").get_string())}};
  EXPECT_EQ(get("/userinfo", bearer).status, 200);
  for (const char* elsewhere : kElsewhere) {
    host = elsewhere;
    EXPECT_EQ(get("/userinfo", bearer).status, 401) << elsewhere;
  }
}

TEST_F(Tenants, ARefreshTokenIsWorthNothingElsewhere) {
  const auto departure = depart("front", {{"scope", "openid offline_access"}});
  const auto tokens = json::parse(redeem(parameters(arrive(departure, "front")).at("code")).body);
  const std::string token(tokens.at("refresh_token").get_string());
  copy_people();
  const auto refresh = [&] {
    return post("/oauth/token", {{"grant_type", "refresh_token"},
                                 {"refresh_token", token},
                                 {"client_id", client_id},
                                 {"client_secret", client_secret}});
  };
  for (const char* elsewhere : kElsewhere) {
    host = elsewhere;
    EXPECT_EQ(refresh().status, 400) << elsewhere;
  }
  host = "id.example";
  EXPECT_EQ(refresh().status, 200) << "or nothing was proved";
}

TEST_F(Tenants, APushedRequestIsUnknownElsewhere) {
  const auto push = [&] {
    const auto pushed = post("/oauth/par", {{"client_id", client_id},
                                            {"client_secret", client_secret},
                                            {"response_type", "code"},
                                            {"connection", "front"},
                                            {"redirect_uri", "https://app.example/cb"}});
    EXPECT_EQ(pushed.status, 201) << pushed.body;
    return "/authorize?" + http::encode_form({{"client_id", client_id},
                                              {"request_uri", std::string(json::parse(pushed.body)
                                                                              .at("request_uri")
                                                                              .get_string())}});
  };
  EXPECT_TRUE(get(push()).headers.get("Location").starts_with("https://idp.example/auth"));
  for (const char* elsewhere : kElsewhere) {
    host = "id.example";
    const std::string target = push();
    host = elsewhere;
    EXPECT_FALSE(get(target).headers.get("Location").starts_with("https://idp.example/auth")) << elsewhere;
  }
}

TEST_F(Tenants, AnIdTokenIsNoHintElsewhere) {
  const auto tokens = json::parse(redeem(sign_in_for_code()).body);
  const std::string token(tokens.at("id_token").get_string());
  EXPECT_TRUE(depart("front", {{"id_token_hint", token}}).contains("code"));
  for (const char* elsewhere : kElsewhere) {
    host = elsewhere;
    EXPECT_EQ(depart("front", {{"id_token_hint", token}}).at("error"), "invalid_request") << elsewhere;
  }
}

TEST_F(Tenants, AManagementTokenOpensItsOwnTenantOnly) {
  const auto token_of = [&](const std::string& tenant, const std::string& base_url) {
    auto made = management::make_client(TenantId(tenant), {{"name", "m"}, {"app_type", "non_interactive"},
                                                           {"token_endpoint_auth_method", "client_secret_post"},
                                                           {"grant_types", json::array{"client_credentials"}}},
                                        box, random, clock.now());
    run_task(db.write([&](db::Transaction& tx) {
      store::ClientStore(tx, TenantId(tenant)).insert(made->client);
      management::grant_all_scopes(tx, made->client, management::system_identifier(base_url), random, clock.now());
    }));
    const auto answer = post("/oauth/token", {{"grant_type", "client_credentials"},
                                              {"client_id", made->client.id.str()},
                                              {"client_secret", made->secret},
                                              {"audience", management::system_identifier(base_url)}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return "Bearer " + std::string(json::parse(answer.body).at("access_token").get_string());
  };
  const std::string first = token_of("default", "https://id.example");
  host = "two.example";
  const std::string second = token_of("two-tenant", "https://two.example");
  EXPECT_EQ(get("/api/v2/clients", {{"Authorization", second}}).status, 200);
  EXPECT_EQ(get("/api/v2/clients", {{"Authorization", first}}).status, 401);
  host = "id.example";
  EXPECT_EQ(get("/api/v2/clients", {{"Authorization", first}}).status, 200);
  EXPECT_EQ(get("/api/v2/clients", {{"Authorization", second}}).status, 401);
}

TEST_F(Tenants, ACustomDomainIsTheIssuerOfWhatItHandsOut) {
  host = "login.shop.example";
  const auto departure = depart("front");
  EXPECT_EQ(departure.at("redirect_uri"), "https://login.shop.example/login/callback");
  const auto answer = parameters(arrive(departure, "front"));
  EXPECT_EQ(answer.at("iss"), "https://login.shop.example/");
  EXPECT_EQ(redeem(answer.at("code")).status, 200);
}

TEST_F(Tenants, ADeletedTenantIsGoneWithEverythingAndTheOthersStay) {
  EXPECT_TRUE(run_task(db.write([](db::Transaction& tx) { return store::TenantStore(tx).remove(TenantId("two-tenant")); })));
  run_task(sites->reload());
  for (const std::string table : {"clients", "connections", "domains", "resource_servers", "tenants"})
    EXPECT_EQ(run_task(memory->read([&](db::Transaction& tx) {
                return tx.query_one("SELECT COUNT(*) FROM " + table + " WHERE tenant = 'two-tenant'")->integer(0);
              })),
              0)
        << table;
  host = "two.example";
  EXPECT_EQ(get("/.well-known/openid-configuration").status, 421);
  host = "id.example";
  EXPECT_EQ(redeem(sign_in_for_code()).status, 200);
}

TEST_F(Tenants, NamesAndHostsAreTakenOnce) {
  const auto make = [&](const char* name, std::vector<std::string> urls) {
    return run_task(app::create_tenant(db, TenantId(name), std::move(urls), random, clock.now())).has_value();
  };
  EXPECT_FALSE(make("default", {"https://three.example"}));
  EXPECT_FALSE(make("two-tenant", {"https://three.example"}));
  EXPECT_FALSE(make("three", {"https://two.example"}));
  EXPECT_FALSE(make("three", {"https://login.shop.example"}));
  EXPECT_FALSE(make("three", {"https://three.example", "https://id.example"}));
  EXPECT_FALSE(make("three", {}));
  for (const char* name : {"", "ab", "Three", "three_", "-three", "three-", "thr/ee"})
    EXPECT_FALSE(make(name, {"https://three.example"})) << name;
  EXPECT_EQ(count("tenants"), 2) << "a refusal leaves nothing behind";
  EXPECT_TRUE(make("three", {"https://three.example"}));
}

}  // namespace
}  // namespace symbolon::flows
