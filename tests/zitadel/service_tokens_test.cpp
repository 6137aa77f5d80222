#include "base/encoding.h"
#include "store/client_store.h"
#include "store/log_store.h"
#include "store/organisation_store.h"
#include "store/service_user_store.h"
#include "store/tenant_store.h"
#include "tickets/opaque.h"
#include "zitadel/zitadel_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr const char* kAudience = "urn:zitadel:iam:org:project:id:zitadel:aud";
constexpr const char* kClientAssertion = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

class ServiceTokens : public ZitadelTest {
 protected:
  ServiceTokens() : robot_(make_user("robot", {"IAM_OWNER"}, true, true)) {
    add_client("api", "client_secret_post", true);
  }

  void add_client(const std::string& id, const std::string& method, bool first_party) {
    write([&](db::Transaction& tx) {
      model::Client client = store::client_from_document(
          kTenant, json::serialize(json::object{{"client_id", id},
                                                {"name", id},
                                                {"token_endpoint_auth_method", method},
                                                {"is_first_party", first_party}}));
      client.tenant = kTenant;
      client.id = ClientId(id);
      client.secret_hash = tickets::hash_client_secret("s3cret-of-" + id);
      store::ClientStore(tx, kTenant).insert(client);
    });
  }

  Fields as_application(const std::string& token, const std::string& id = "api") const {
    return {{"client_id", id}, {"client_secret", "s3cret-of-" + id}, {"token", token}};
  }
  Fields as_robot(const std::string& token) const {
    return {{"client_id", "robot"}, {"client_secret", robot_.secret}, {"token", token}};
  }
  std::string issued_token(const std::string& scope) {
    return token({{"grant_type", "client_credentials"},
                  {"client_id", "robot"},
                  {"client_secret", robot_.secret},
                  {"scope", scope}})
        .at("/access_token");
  }
  Fields by_assertion(const std::string& token, json::object changes = {}) {
    const std::int64_t now = to_epoch_seconds(clock_.now());
    json::object claims{{"iss", robot_.user.id.str()}, {"sub", robot_.user.id.str()},
                        {"aud", kBase},                {"iat", now},
                        {"exp", now + 3600}};
    for (const auto& change : changes) claims[change.key()] = change.value();
    const json::value file = json::parse(robot_.key_file);
    return {{"client_assertion_type", kClientAssertion},
            {"client_assertion", sign_assertion(std::string(file.at("key").get_string()),
                                                std::string(file.at("keyId").get_string()), claims)},
            {"token", token}};
  }
  bool is_live(const std::string& token) {
    return send("GET", "/admin/v1/policies/login", "", {bearer(token)}).status == 200;
  }
  // The same server under the name of another tenant.
  void move_to_another_tenant() {
    const TenantId other("other");
    write([&](db::Transaction& tx) {
      model::Tenant tenant = store::tenant_from_document(other, "{}");
      tenant.version = 1;
      store::TenantStore(tx).insert(tenant);
    });
    site_ = std::make_shared<http::Site>(http::Site{other, "https://other.example", "other.example", true});
  }

  NewServiceUser robot_;
};

constexpr const char* kInactive = R"({"active":false})";

TEST_F(ServiceTokens, AnApplicationIsToldWhoseTokenItWasGiven) {
  const Reply personal = introspect(as_application(robot_.token));
  ASSERT_EQ(personal.status, 200) << personal.text;
  EXPECT_EQ(personal.at("/active"), "true");
  EXPECT_EQ(personal.at("/sub"), robot_.user.id.str());
  EXPECT_EQ(personal.at("/username"), "robot");
  EXPECT_EQ(personal.at("/token_type"), "Bearer");
  EXPECT_EQ(personal.at("/iss"), std::string(kBase) + "/");
  EXPECT_EQ(personal.at("/aud/0"), "100000000000000001");
  EXPECT_FALSE(personal.has("/exp")) << "it lives until it is removed";
  EXPECT_FALSE(personal.has("/client_id"));
  EXPECT_EQ(personal.headers.get("Cache-Control"), "no-store");

  const Reply issued = introspect(as_application(issued_token(std::string("openid ") + kAudience)));
  EXPECT_EQ(issued.at("/active"), "true");
  EXPECT_EQ(issued.at("/client_id"), "robot");
  EXPECT_EQ(issued.at("/scope"), std::string("openid ") + kAudience);
  EXPECT_EQ(issued.at("/exp"), std::to_string(to_epoch_seconds(clock_.now() + std::chrono::hours(12))));
  EXPECT_EQ(issued.body.at("aud"), json::value(json::array{"100000000000000001"}));
}

TEST_F(ServiceTokens, AServiceUserIsToldAboutItsOwn) {
  EXPECT_EQ(introspect(as_robot(robot_.token)).at("/sub"), robot_.user.id.str());
  EXPECT_EQ(introspect(by_assertion(robot_.token)).at("/sub"), robot_.user.id.str());
  EXPECT_EQ(introspect({{"token", robot_.token}},
                       {{"Authorization", "Basic " + base64_encode("robot:" + robot_.secret)}})
                .at("/active"),
            "true");
  const NewServiceUser other = make_user("other robot", {"IAM_OWNER"});
  EXPECT_EQ(introspect(as_robot(other.token)).text, kInactive);
  EXPECT_EQ(introspect(as_robot("nonsense")).text, kInactive);
  EXPECT_EQ(introspect(as_robot("")).at("/error"), "invalid_request");
}

// T33: every caller without a proof, and every one that has nothing to do with the token.
TEST_F(ServiceTokens, T33TellsNothingToOthers) {
  add_client("spa", "none", true);
  add_client("partner", "client_secret_post", false);
  const auto error = [&](const Fields& form) { return introspect(form).at("/error"); };
  EXPECT_EQ(error({{"token", robot_.token}}), "invalid_client");
  EXPECT_EQ(error({{"client_id", "spa"}, {"token", robot_.token}}), "invalid_client");
  EXPECT_EQ(error({{"client_id", "api"}, {"client_secret", "wrong"}, {"token", robot_.token}}), "invalid_client");
  EXPECT_EQ(error({{"client_id", "robot"}, {"client_secret", "wrong"}, {"token", robot_.token}}), "invalid_client");
  EXPECT_EQ(error({{"client_id", "robot"}, {"token", robot_.token}}), "invalid_client");
  EXPECT_EQ(error(by_assertion(robot_.token, {{"aud", "https://evil.example"}})), "invalid_client");
  EXPECT_EQ(error(by_assertion(robot_.token, {{"exp", 1}})), "invalid_client");
  EXPECT_EQ(introspect(as_application(robot_.token, "partner")).text, kInactive);
}

TEST_F(ServiceTokens, AnAssertionWithAJtiWorksOnceHereToo) {
  const Fields form = by_assertion(robot_.token, {{"jti", "once"}});
  EXPECT_EQ(introspect(form).at("/active"), "true");
  EXPECT_EQ(introspect(form).at("/error"), "invalid_client");
  EXPECT_EQ(revoke(form).at("/error"), "invalid_client");
}

TEST_F(ServiceTokens, ATokenThatIsNoLongerGoodIsInactive) {
  const std::string expiring = issued_token(kAudience);
  const std::string revoked = issued_token(kAudience);
  ASSERT_EQ(revoke(as_robot(revoked)).status, 200);
  EXPECT_EQ(introspect(as_robot(revoked)).text, kInactive);
  EXPECT_EQ(userinfo(revoked).status, 418) << "no service user's any more";
  EXPECT_EQ(introspect(as_robot(expiring)).at("/active"), "true");
  clock_.advance(std::chrono::hours(12));
  EXPECT_EQ(introspect(as_robot(expiring)).text, kInactive);
  EXPECT_EQ(userinfo(expiring).status, 418);
  EXPECT_EQ(userinfo(robot_.token).status, 200);

  write([&](db::Transaction& tx) { store::ServiceUserStore(tx, kTenant).remove(robot_.user.id); });
  EXPECT_EQ(userinfo(robot_.token).status, 418);
  EXPECT_EQ(introspect(as_application(robot_.token)).status, 418) << "as any unknown token, by the next endpoint";
  EXPECT_EQ(introspect(as_robot(robot_.token)).status, 418) << "nor is it a service user that asks";
  EXPECT_FALSE(is_live(robot_.token));
}

TEST_F(ServiceTokens, T17AnotherTenantKnowsNeitherTokenNorUser) {
  move_to_another_tenant();
  EXPECT_EQ(introspect(as_application(robot_.token)).status, 418);
  EXPECT_EQ(introspect(as_robot(robot_.token)).status, 418);
  EXPECT_EQ(introspect(by_assertion(robot_.token)).status, 418);
  EXPECT_EQ(revoke(as_robot(robot_.token)).status, 418);
  EXPECT_EQ(userinfo(robot_.token).status, 418);
  site_ = std::make_shared<http::Site>(http::Site{kTenant, kBase, "id.example", true});
  EXPECT_TRUE(is_live(robot_.token));
}

TEST_F(ServiceTokens, AServiceUserRevokesItsOwn) {
  const std::string one = issued_token(kAudience), two = issued_token(kAudience);
  const Reply answer = revoke(as_robot(one));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text, "");
  EXPECT_FALSE(is_live(one));
  EXPECT_TRUE(is_live(two));
  EXPECT_EQ(revoke(as_robot(one)).status, 200) << "already revoked";
  EXPECT_EQ(revoke(by_assertion(robot_.token)).status, 200);
  EXPECT_FALSE(is_live(robot_.token));
  const auto events = read([&](db::Transaction& tx) {
    return tx.query_one("SELECT COUNT(*) FROM log_events WHERE type = 'srrt'")->integer(0);
  });
  EXPECT_EQ(events, 2) << "one for each token";
}

TEST_F(ServiceTokens, OthersRevokeNothing) {
  const NewServiceUser other = make_user("other robot", {"IAM_OWNER"}, false, true);
  const Fields as_other{{"client_id", "other-robot"}, {"client_secret", other.secret}, {"token", robot_.token}};
  EXPECT_EQ(revoke(as_other).at("/error"), "invalid_grant");
  EXPECT_EQ(revoke(as_application(robot_.token)).at("/error"), "invalid_grant");
  EXPECT_EQ(revoke({{"client_id", "robot"}, {"client_secret", "wrong"}, {"token", robot_.token}}).at("/error"),
            "invalid_client");
  EXPECT_EQ(revoke({{"token", robot_.token}}).at("/error"), "invalid_client");
  EXPECT_EQ(revoke(as_robot("")).at("/error"), "invalid_request");
  EXPECT_TRUE(is_live(robot_.token));
}

TEST_F(ServiceTokens, WhatIsAnApplicationsGoesOn) {
  EXPECT_EQ(introspect(as_application("an application's token")).status, 418);
  EXPECT_EQ(revoke(as_application("an application's token")).status, 418);
  EXPECT_EQ(introspect({}).status, 418);
  EXPECT_EQ(revoke({}).status, 418);
}

}  // namespace
}  // namespace symbolon::zitadel
