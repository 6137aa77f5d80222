#include <map>

#include "base/text.h"
#include "crypto/key.h"
#include "oidc/signing_keys.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/organisation_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"
#include "zitadel/api.h"
#include "zitadel/permissions.h"
#include "zitadel/zitadel_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr const char* kSearch = "/admin/v1/idps/templates/_search";
constexpr const char* kAudience = "urn:zitadel:iam:org:project:id:zitadel:aud";

class Access : public ZitadelTest {
 protected:
  Reply search(const std::string& token) { return send("POST", kSearch, "", {bearer(token)}); }

  // A person who signed in through an application with `scope`; the opaque token.
  std::string sign_in(const std::vector<std::string>& scope) {
    return write([&](db::Transaction& tx) {
      model::Client client;
      client.tenant = kTenant;
      client.id = ClientId("app");
      client.doc = R"({"client_id":"app","name":"app"})";
      store::ClientStore(tx, kTenant).insert(client);
      model::Connection connection;
      connection.tenant = kTenant;
      connection.id = ConnectionId("con_1");
      connection.name = "acme";
      connection.doc = connection.options = "{}";
      store::ConnectionStore(tx, kTenant).insert(connection);
      store::ConnectionStore(tx, kTenant).enable(connection.id, client.id);
      model::User user;
      user.tenant = kTenant;
      user.id = UserId("oidc|acme|ada");
      user.profile = "{}";
      user.identities.push_back({connection.id, "acme", "oidc", "ada", "", clock_.now()});
      store::UserStore(tx, kTenant).insert(user);
      model::Grant grant;
      grant.tenant = kTenant;
      grant.id = GrantId("grant_1");
      grant.client = client.id;
      grant.user = user.id;
      grant.connection = connection.id;
      grant.base_url = kBase;
      grant.expires_at = clock_.now() + std::chrono::hours(1);
      store::GrantStore(tx, kTenant).insert(grant);
      auto token = tickets::make_access_token(random_, clock_.now());
      store::AccessTokenStore(tx, kTenant)
          .insert({token.hash, grant.id, client.id, user.id, kBase, scope, clock_.now(),
                   clock_.now() + std::chrono::hours(1)});
      return token.value;
    });
  }
};

TEST_F(Access, NeedsAHeader) {
  const Reply reply = send("POST", kSearch, "");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.text, R"({"code":16,"message":"auth header missing"})");
  EXPECT_EQ(reply.headers.get("WWW-Authenticate"), "auth header missing");
}

TEST_F(Access, RefusesTokensThatAreNone) {
  for (const std::string& header : {std::string("Bearer nonsense"), std::string("Bearer "), std::string("Basic YTpi"),
                                    "Bearer " + owner_ + "x", "Bearer " + owner_.substr(1), std::string("x")}) {
    SCOPED_TRACE(header);
    const Reply reply = send("POST", kSearch, "", {{"Authorization", header}});
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(reply.error_id(), "AUTH-7fs1e");
    EXPECT_EQ(reply.at("/code"), "16");
    EXPECT_EQ(reply.at("/details/0/@type"), "type.googleapis.com/zitadel.v1.ErrorDetail");
  }
}

TEST_F(Access, APersonalTokenEndsWhenItSays) {
  ServiceUserOrder order;
  order.name = "short";
  order.with_token = true;
  order.token_lifetime = std::chrono::days(1);
  const auto made = write([&](db::Transaction& tx) {
    return make_service_user(tx, kTenant, order, std::nullopt, random_, clock_.now());
  });
  EXPECT_EQ(search(made->token).status, 200);
  clock_.advance(std::chrono::days(1));
  EXPECT_EQ(search(made->token).status, 401);
}

TEST_F(Access, JudgesMembershipBeforePermissionAndPermissionBeforeTheBody) {
  const std::string nobody = make_user("nobody", {"IAM_OWNER"}).token;
  write([&](db::Transaction& tx) { tx.execute("DELETE FROM memberships WHERE user_id <> ?1", {"-"}); });
  const Reply missing = send("POST", "/admin/v1/idps/oauth", "{", {bearer(nobody)});
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.at("/message"), "membership not found (AUTHZ-cdgFk)");

  const std::string viewer = make_user("viewer", {"IAM_OWNER_VIEWER"}).token;
  EXPECT_EQ(search(viewer).status, 200);
  const Reply denied = send("POST", "/admin/v1/idps/oauth", "{", {bearer(viewer)});
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.at("/message"), "No matching permissions found (AUTH-5mWD2)");
}

TEST_F(Access, AnOrganisationsOwnerIsNobodyElsewhere) {
  const std::string other = make_organisation("Other");
  const std::string owner = make_user("org owner", {"ORG_OWNER"}).token;
  EXPECT_EQ(send("POST", "/management/v1/idps/templates/_search", "", {bearer(owner)}).status, 200);
  EXPECT_EQ(send("POST", "/management/v1/idps/templates/_search", "", {bearer(owner), {"x-zitadel-orgid", other}}).status,
            404);
  EXPECT_EQ(search(owner).status, 404);
}

// CVE-2025-27507: an operation that any signed-in user could call.
TEST_F(Access, EveryOperationRefusesAUserWithoutARole) {
  const std::string nobody = make_user("nobody", {"IAM_OWNER"}).token;
  write([&](db::Transaction& tx) { tx.execute("DELETE FROM memberships WHERE tenant = ?1", {kTenant}); });
  int seen = 0;
  for (const http::Route& route : routes()) {
    if (route.pattern.ends_with("/healthz")) continue;
    std::string path = route.pattern;
    if (const auto brace = path.find('{'); brace != std::string::npos)
      path = path.substr(0, brace) + "1" + path.substr(path.find('}') + 1);
    SCOPED_TRACE(std::string(to_string(route.method)) + " " + path);
    EXPECT_EQ(send(std::string(to_string(route.method)), path, "{}", {bearer(nobody)}).status, 404);
    EXPECT_EQ(send(std::string(to_string(route.method)), path, "{}").status, 401);
    ++seen;
  }
  EXPECT_GE(seen, 40);
}

// zitadel-idps §5.5, written down a second time: what each operation needs, by its path.
std::string_view needed(http::Method method, std::string_view path) {
  const bool reads = method == http::Method::get || path.ends_with("/_search");
  if (path.starts_with("/admin/v1/")) return reads ? "instance read" : "instance write";
  if (path == "/management/v1/orgs") return "instance write";
  return reads ? "organisation read" : "organisation write";
}

// Owning an organisation, be it the default one, gives nothing in the instance.
TEST_F(Access, EveryOperationAsksForTheRoleOfItsLevel) {
  struct Role {
    const char* name;
    std::map<std::string_view, int> refused;  ///< by need; absent: allowed
  };
  const Role roles[] = {
      {"IAM_OWNER", {}},
      {"IAM_OWNER_VIEWER", {{"instance write", 403}, {"organisation write", 403}}},
      {"ORG_OWNER", {{"instance read", 404}, {"instance write", 404}}},
      {"ORG_OWNER_VIEWER", {{"instance read", 404}, {"instance write", 404}, {"organisation write", 403}}},
  };
  for (const Role& role : roles) {
    const std::string token = make_user(role.name, {role.name}).token;
    for (const http::Route& route : routes()) {
      if (route.pattern.ends_with("/healthz")) continue;
      const std::string_view need = needed(route.method, route.pattern);
      std::string path = route.pattern;
      if (const auto brace = path.find('{'); brace != std::string::npos)
        path = path.substr(0, brace) + "1" + path.substr(path.find('}') + 1);
      SCOPED_TRACE(std::string(role.name) + " " + std::string(to_string(route.method)) + " " + path);
      const Reply reply = send(std::string(to_string(route.method)), path, "{}", {bearer(token)});
      const auto refused = role.refused.find(need);
      if (refused == role.refused.end()) {
        EXPECT_NE(reply.status, 403);
        EXPECT_NE(reply.error_id(), "AUTHZ-cdgFk");
      } else if (route.pattern == "/management/v1/orgs") {
        EXPECT_EQ(reply.status, 403) << "a member of an organisation, but not of the instance";
      } else {
        EXPECT_EQ(reply.status, refused->second);
        EXPECT_EQ(reply.error_id(), refused->second == 403 ? "AUTH-5mWD2" : "AUTHZ-cdgFk");
      }
    }
  }
}

TEST_F(Access, ARoleCountsOnlyAtItsOwnLevel) {
  const model::OrganisationId organisation("1"), instance;
  const auto standing = [&](const model::OrganisationId& at, const char* role, const model::OrganisationId& asked,
                            const char* permission) {
    return judge({{.user = "u", .organisation = at, .roles = {role}, .created_at = {}}}, asked, permission);
  };
  EXPECT_EQ(standing(organisation, "IAM_OWNER", organisation, "org.idp.write"), Standing::no_permission);
  EXPECT_EQ(standing(organisation, "IAM_OWNER", instance, "iam.idp.write"), Standing::no_membership);
  EXPECT_EQ(standing(instance, "ORG_OWNER", organisation, "org.idp.write"), Standing::no_permission);
  EXPECT_EQ(standing(organisation, "ORG_OWNER", organisation, "org.idp.write"), Standing::allowed);
  EXPECT_EQ(standing(instance, "IAM_OWNER", organisation, "org.idp.write"), Standing::allowed);
  EXPECT_EQ(standing(organisation, "ORG_OWNER", organisation, "iam.idp.read"), Standing::no_permission);
}

TEST_F(Access, AnOperationWithoutAPermissionCannotExist) {
  oidc::SigningKeys keys(*database_, workers_, box_, clock_, random_);
  oidc::AccessTokenVerifier tokens(keys, clock_);
  Authentication authentication(*database_, tokens, random_, clock_);
  Api api(*database_, authentication, clock_);
  const auto handler = [](Call) -> Task<Answer> { co_return boost::json::object(); };
  EXPECT_THROW(api.on(http::Method::get, "/admin/v1/x", "", handler), std::logic_error);
  EXPECT_THROW(api.on(http::Method::get, "/elsewhere/x", "iam.read", handler), std::logic_error);
}

// What breaks is told in the API's own words, and the reason stays in the log.
TEST_F(Access, AHandlerThatBreaksIsAnErrorOfTheApi) {
  oidc::SigningKeys keys(*database_, workers_, box_, clock_, random_);
  oidc::AccessTokenVerifier tokens(keys, clock_);
  Authentication authentication(*database_, tokens, random_, clock_);
  Api api(*database_, authentication, clock_);
  api.on(http::Method::get, "/admin/v1/database", "iam.read",
         [](Call) -> Task<Answer> { throw db::DatabaseError("the secret reason"); });
  api.on(http::Method::get, "/management/v1/anything", "org.read",
         [](Call) -> Task<Answer> { throw std::runtime_error("the secret reason"); });
  http::Router router(api.routes());
  const auto ask = [&](const std::string& path) {
    http::Request request;
    request.id = "req-1";
    request.path = path;
    request.site = site_;
    request.headers.set("Authorization", "Bearer " + owner_);
    const auto found = router.find(http::Method::get, path);
    testing::internal::CaptureStderr();
    http::Response response = run_task(std::get<http::Router::Match>(found).route->handler(std::move(request)));
    const std::string log = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(log.contains("the secret reason") && log.contains("req-1")) << log;
    return response;
  };
  const http::Response unavailable = ask("/admin/v1/database");
  EXPECT_EQ(unavailable.status, 503);
  EXPECT_EQ(json::parse(unavailable.body).at("code"), 14);
  const http::Response internal = ask("/management/v1/anything");
  EXPECT_EQ(internal.status, 500);
  EXPECT_EQ(json::parse(internal.body).at("code"), 13);
  EXPECT_TRUE(internal.body.contains("req-1"));
  for (const http::Response& response : {unavailable, internal}) {
    EXPECT_FALSE(response.body.contains("secret"));
    EXPECT_FALSE(json::parse(response.body).as_object().contains("details"));
  }
}

TEST_F(Access, APersonNeedsTheAudienceAndAMembership) {
  const std::string token = sign_in({"openid", kAudience});
  EXPECT_EQ(search(token).status, 404) << "no membership yet";
  ASSERT_EQ(post("/admin/v1/members", R"({"userId":"oidc|acme|ada","roles":["IAM_OWNER_VIEWER"]})").status, 200);
  EXPECT_EQ(search(token).status, 200);
  EXPECT_EQ(send("POST", "/admin/v1/idps/oauth", seed_body(), {bearer(token)}).status, 403);
  ASSERT_EQ(put("/admin/v1/members/oidc%7Cacme%7Cada", R"({"roles":["IAM_OWNER"]})").status, 200);
  EXPECT_EQ(send("POST", "/admin/v1/idps/oauth", seed_body(), {bearer(token)}).status, 200);
  ASSERT_EQ(remove("/admin/v1/members/oidc%7Cacme%7Cada").status, 200);
  EXPECT_EQ(search(token).status, 404);
}

TEST_F(Access, ATokenWithoutTheAudienceIsRefused) {
  const std::string token = sign_in({"openid"});
  ASSERT_EQ(post("/admin/v1/members", R"({"userId":"oidc|acme|ada","roles":["IAM_OWNER"]})").status, 200);
  EXPECT_EQ(search(token).error_id(), "AUTH-7fs1e");
}

TEST_F(Access, APersonIsJudgedAsTheyAreNow) {
  const std::string token = sign_in({"openid", kAudience});
  ASSERT_EQ(post("/admin/v1/members", R"({"userId":"oidc|acme|ada","roles":["IAM_OWNER"]})").status, 200);
  ASSERT_EQ(search(token).status, 200);
  write([](db::Transaction& tx) { tx.execute("UPDATE users SET blocked = 1"); });
  EXPECT_EQ(search(token).status, 401);
  write([](db::Transaction& tx) { tx.execute("UPDATE users SET blocked = 0"); });
  ASSERT_EQ(search(token).status, 200);
  write([&](db::Transaction& tx) { store::GrantStore(tx, kTenant).revoke(GrantId("grant_1"), clock_.now()); });
  EXPECT_EQ(search(token).status, 401);
}

TEST_F(Access, MembersMustExistAndHaveARoleOfTheInstance) {
  EXPECT_EQ(post("/admin/v1/members", R"({"userId":"nobody","roles":["IAM_OWNER"]})").status, 400);
  const std::string id = make_user("another", {"ORG_OWNER"}).user.id.str();
  const auto body = [&](const std::string& roles) { return R"({"userId":")" + id + R"(","roles":[)" + roles + "]}"; };
  EXPECT_EQ(post("/admin/v1/members", body(R"("ORG_OWNER")")).status, 400);
  EXPECT_EQ(post("/admin/v1/members", body("")).status, 400);
  EXPECT_EQ(put("/admin/v1/members/" + id, R"({"roles":["IAM_OWNER"]})").status, 404);
  EXPECT_EQ(post("/admin/v1/members", body(R"("IAM_OWNER")")).status, 200);
  EXPECT_EQ(post("/admin/v1/members", body(R"("IAM_OWNER")")).status, 409);
  EXPECT_TRUE(post("/admin/v1/members/_search", "").text.contains(id));
}

TEST_F(Access, MembersAreListedInPagesAndFoundById) {
  make_user("one more", {"IAM_OWNER_VIEWER"});
  const std::string second = make_user("and another", {"IAM_OWNER_VIEWER"}).user.id.str();
  const auto search = [&](const std::string& body) { return post("/admin/v1/members/_search", body); };
  const auto all = search("").body.at("result").as_array();
  ASSERT_GE(all.size(), 3u);
  const Reply page = search(R"({"query":{"offset":"1","limit":1}})");
  EXPECT_EQ(page.body.at("result"), json::array({all[1]}));
  EXPECT_EQ(page.at("/details/totalResult"), std::to_string(all.size()));
  EXPECT_FALSE(search(R"({"query":{"offset":)" + std::to_string(all.size()) + "}}").has("/result"));

  const Reply found = search(R"({"queries":[{"userIdQuery":{"userId":")" + second + R"("}}]})");
  EXPECT_EQ(found.at("/details/totalResult"), "1");
  EXPECT_EQ(found.at("/result/0/userId"), second);
  EXPECT_FALSE(search(R"({"queries":[{"user_id_query":{"user_id":"nobody"}}]})").has("/result"));
  for (const std::string body : {R"({"queries":[{"emailQuery":{"email":"a@b.example"}}]})", R"({"queries":["one"]})",
                                 R"({"queries":[{"userIdQuery":{"userId":"1"}},{"userIdQuery":{"userId":"1"}}]})",
                                 R"({"query":{"limit":-1}})", R"({"queries":{}})"})
    EXPECT_EQ(search(body).status, 400) << body;
}

class JwtProfile : public Access {
 protected:
  struct Assertion {
    json::object claims;
    std::string key_id, pem;
    crypto::SignatureAlgorithm algorithm = crypto::SignatureAlgorithm::RS256;
  };

  JwtProfile() : user_(make_user("robot", {"IAM_OWNER"}, true)) {
    const json::value file = json::parse(user_.key_file);
    const std::int64_t now = to_epoch_seconds(clock_.now());
    good_ = {.claims = {{"iss", user_.user.id.str()},
                        {"sub", user_.user.id.str()},
                        {"aud", json::array{kBase}},
                        {"iat", now},
                        {"exp", now + 3600}},
             .key_id = std::string(file.at("keyId").get_string()),
             .pem = std::string(file.at("key").get_string())};
  }

  std::string compact(const Assertion& assertion) const {
    return sign_assertion(assertion.pem, assertion.key_id, assertion.claims);
  }

  Reply redeem(const Assertion& assertion, const std::string& scope = kAudience) {
    return token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"},
                  {"assertion", compact(assertion)},
                  {"scope", scope}});
  }

  NewServiceUser user_;
  Assertion good_;
};

TEST_F(JwtProfile, GivesATokenForTheApi) {
  const Reply reply = redeem(good_, std::string("openid unknown ") + kAudience);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(reply.at("/token_type"), "Bearer");
  EXPECT_EQ(reply.at("/scope"), std::string("openid ") + kAudience);
  EXPECT_EQ(search(reply.at("/access_token")).status, 200);
  clock_.advance(std::chrono::hours(12));
  EXPECT_EQ(search(reply.at("/access_token")).status, 401);
}

TEST_F(JwtProfile, TheProjectsNumberIsTheSameAudience) {
  const Reply by_number = redeem(good_, "urn:zitadel:iam:org:project:id:100000000000000001:aud");
  EXPECT_EQ(search(by_number.at("/access_token")).status, 200);
  const Reply another = redeem(good_, "openid urn:zitadel:iam:org:project:id:100000000000000002:aud");
  EXPECT_EQ(search(another.at("/access_token")).status, 401);
}

TEST_F(JwtProfile, RefusesAnAssertionWithOneThingWrong) {
  const NewServiceUser other = make_user("other robot", {"IAM_OWNER"}, true);
  const std::string other_pem(json::parse(other.key_file).at("key").get_string());
  const std::string other_id = other.user.id.str();
  const std::int64_t now = to_epoch_seconds(clock_.now());
  using Spoil = std::function<void(Assertion&)>;
  const std::pair<const char*, Spoil> rows[] = {
      {"key of another user", [&](auto& a) { a.pem = other_pem; }},
      {"unknown key id", [](auto& a) { a.key_id = "1"; }},
      {"issuer without that key", [&](auto& a) { a.claims["iss"] = other_id; }},
      {"another subject", [&](auto& a) { a.claims["sub"] = other_id; }},
      {"no subject", [](auto& a) { a.claims.erase("sub"); }},
      {"another audience", [](auto& a) { a.claims["aud"] = "https://evil.example"; }},
      {"two audiences", [](auto& a) { a.claims["aud"] = json::array{kBase, "https://evil.example"}; }},
      {"no audience", [](auto& a) { a.claims.erase("aud"); }},
      {"expired", [&](auto& a) { a.claims["exp"] = now - 31; }},
      {"no expiry", [](auto& a) { a.claims.erase("exp"); }},
      {"longer than an hour", [&](auto& a) { a.claims["exp"] = now + 3601; }},
      {"from the future", [&](auto& a) { a.claims["iat"] = now + 31; a.claims["exp"] = now + 60; }},
      {"jti that is a number", [](auto& a) { a.claims["jti"] = 7; }},
  };
  for (const auto& [name, spoil] : rows) {
    SCOPED_TRACE(name);
    Assertion assertion = good_;
    spoil(assertion);
    const Reply reply = redeem(assertion);
    EXPECT_EQ(reply.status, 400) << reply.text;
    EXPECT_EQ(reply.at("/error"), "invalid_grant");
  }
  EXPECT_EQ(token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}}).at("/error"), "invalid_request");
  EXPECT_EQ(token({{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"assertion", "a.b.c"}}).at("/error"),
            "invalid_grant");
}

TEST_F(JwtProfile, AJtiWorksOnce) {
  good_.claims["jti"] = "once";
  EXPECT_EQ(redeem(good_).status, 200);
  EXPECT_EQ(redeem(good_).at("/error"), "invalid_grant");
}

TEST_F(Access, ClientCredentialsOfAServiceUser) {
  const NewServiceUser user = make_user("secret robot", {"IAM_OWNER"}, false, true);
  const auto redeem = [&](const std::string& name, const std::string& secret) {
    return token({{"grant_type", "client_credentials"}, {"client_id", name}, {"client_secret", secret}, {"scope", kAudience}});
  };
  const Reply reply = redeem("Secret-Robot", user.secret);
  ASSERT_EQ(reply.status, 200) << reply.text;
  EXPECT_EQ(search(reply.at("/access_token")).status, 200);
  EXPECT_EQ(redeem("secret-robot", user.secret + "x").at("/error"), "invalid_client");
  EXPECT_EQ(redeem("secret-robot", " ").at("/error"), "invalid_client");
  EXPECT_EQ(redeem("owner", "anything").at("/error"), "invalid_client") << "a user without a secret";
  EXPECT_EQ(redeem("an application", user.secret).status, 418) << "handed on";
  EXPECT_EQ(token({{"grant_type", "authorization_code"}, {"code", "c"}}).status, 418);
}

TEST_F(Access, UserinfoKnowsServiceUsers) {
  const NewServiceUser user = make_user("Robot Two", {"IAM_OWNER"});
  const Reply reply = userinfo(user.token);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, json::parse(R"({"sub":")" + user.user.id.str() +
                                    R"(","name":"Robot Two","preferred_username":"robot-two"})"));
  EXPECT_EQ(userinfo("somebody else's").status, 418) << "handed on";
  EXPECT_EQ(userinfo("a.signed.token").status, 418);
}

TEST_F(Access, GuessingASecretIsSlowedDown) {
  const NewServiceUser user = make_user("robot", {"IAM_OWNER"}, false, true);
  Reply last;
  for (int i = 0; i < 25; ++i)
    last = token({{"grant_type", "client_credentials"}, {"client_id", "robot"}, {"client_secret", "wrong"}});
  EXPECT_EQ(last.status, 429) << last.text;
}

TEST_F(Access, ServiceUsersHaveUniqueNamesAndKnownRoles) {
  EXPECT_THROW(make_user("owner", {"IAM_OWNER"}), std::runtime_error);
  EXPECT_THROW(make_user("x", {"ROOT"}), std::runtime_error);
  EXPECT_THROW(make_user("x", {}), std::runtime_error);
  EXPECT_THROW(make_user(" ", {"IAM_OWNER"}), std::runtime_error);
}

}  // namespace
}  // namespace symbolon::zitadel
