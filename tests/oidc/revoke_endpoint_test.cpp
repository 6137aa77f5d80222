#include "oidc/revoke_endpoint.h"

#include <gtest/gtest.h>

#include "oidc/introspect_endpoint.h"
#include "oidc/provider.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

const Fields kWeb{{"client_id", "web"}, {"client_secret", kSecret}};

template <class Endpoint>
http::Response post(Provider& provider, Endpoint& endpoint, Fields fields) {
  http::Request request = provider.request(http::Method::post, "/");
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.body = http::encode_form(fields);
  return run_task(endpoint.handle(std::move(request)));
}

Fields with(Fields fields, const std::string& token) {
  fields.emplace_back("token", token);
  return fields;
}

struct Scene : Provider {
  RevokeEndpoint revoke{*db, clients, clock};
  IntrospectEndpoint introspect{*db, clients, verifier, clock};

  bj::object sign_in(const std::string& audience = {}) {
    auto request = authorization();
    request.scope = {"openid", "offline_access"};
    request.audience = audience;
    return json_of(post_token(redemption(code(request))));
  }
  int refresh(const std::string& token) {
    return post_token({{"grant_type", "refresh_token"},
                       {"refresh_token", token},
                       {"client_id", "web"},
                       {"client_secret", kSecret}})
        .status;
  }
  http::Response revoke_token(const std::string& token, const Fields& client = kWeb) {
    return post(*this, revoke, with(client, token));
  }
  bj::object describe(const std::string& token, const Fields& client = kWeb) {
    return json_of(post(*this, introspect, with(client, token)));
  }
};

const Fields kStranger{{"client_id", "stranger"}, {"client_secret", kSecret}};

void add_stranger(Scene& scene) {
  scene.add_client(R"({"client_id":"stranger","token_endpoint_auth_method":"client_secret_post"})");
}

TEST(Revoke, ARefreshTokenGoesWithWhatItsGrantIssued) {
  Scene scene;
  const auto tokens = scene.sign_in();
  const auto kept = scene.sign_in();
  const auto response = scene.revoke_token(text_at(tokens, "refresh_token"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_EQ(scene.refresh(text_at(tokens, "refresh_token")), 400);
  EXPECT_EQ(scene.get_userinfo(text_at(tokens, "access_token")).status, 401);
  EXPECT_EQ(scene.refresh(text_at(kept, "refresh_token")), 200);
  EXPECT_EQ(scene.count("log_events", "type = 'srrt'"), 1);
  EXPECT_EQ(scene.revoke_token(text_at(tokens, "refresh_token")).status, 200) << "once more changes nothing";
}

TEST(Revoke, ARotatedTokenTakesItsFamily) {
  Scene scene;
  scene.patch_client("web", {{"refresh_token", {{"rotation_type", "rotating"}, {"expiration_type", "expiring"}}}});
  const std::string first = text_at(scene.sign_in(), "refresh_token");
  const auto second = json_of(scene.post_token(
      {{"grant_type", "refresh_token"}, {"refresh_token", first}, {"client_id", "web"}, {"client_secret", kSecret}}));
  EXPECT_EQ(scene.revoke_token(first).status, 200);
  EXPECT_EQ(scene.refresh(text_at(second, "refresh_token")), 400);
}

TEST(Revoke, TheTenantsFlagTakesEveryTokenOfThatPersonClientAndApi) {
  Scene scene;
  scene.patch_tenant({{"flags", {{"revoke_refresh_token_grant", true}}}});
  const auto one = scene.sign_in(), two = scene.sign_in();
  scene.revoke_token(text_at(one, "refresh_token"));
  EXPECT_EQ(scene.refresh(text_at(two, "refresh_token")), 400);
}

TEST(Revoke, AnAccessTokenGoesAlone) {
  Scene scene;
  const auto tokens = scene.sign_in();
  EXPECT_EQ(scene.revoke_token(text_at(tokens, "access_token")).status, 200);
  EXPECT_EQ(scene.get_userinfo(text_at(tokens, "access_token")).status, 401);
  EXPECT_EQ(scene.refresh(text_at(tokens, "refresh_token")), 200);
}

TEST(Revoke, T25ATokenOfAnotherClientStays) {
  Scene scene;
  add_stranger(scene);
  const auto tokens = scene.sign_in();
  for (const char* name : {"refresh_token", "access_token"}) {
    const auto response = scene.revoke_token(text_at(tokens, name), kStranger);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(error_of(response), "invalid_grant");
  }
  EXPECT_EQ(scene.get_userinfo(text_at(tokens, "access_token")).status, 200);
  EXPECT_EQ(scene.refresh(text_at(tokens, "refresh_token")), 200);
}

TEST(Revoke, UnknownIsAsGoodAsRevoked) {
  Scene scene;
  EXPECT_EQ(scene.revoke_token("no-token-of-ours").status, 200);
  EXPECT_EQ(error_of(post(scene, scene.revoke, kWeb)), "invalid_request") << "but none is none";
}

TEST(Revoke, T33NothingWithoutTheClientsCredential) {
  Scene scene;
  const auto tokens = scene.sign_in();
  for (const Fields& client :
       {Fields{}, Fields{{"client_id", "web"}}, Fields{{"client_id", "web"}, {"client_secret", "x"}}}) {
    EXPECT_EQ(error_of(scene.revoke_token(text_at(tokens, "refresh_token"), client)), "invalid_client");
    EXPECT_EQ(error_of(post(scene, scene.introspect, with(client, text_at(tokens, "access_token")))), "invalid_client");
  }
  EXPECT_EQ(scene.refresh(text_at(tokens, "refresh_token")), 200);
  EXPECT_EQ(error_of(post(scene, scene.introspect, with({{"client_id", "spa"}}, "t"))), "invalid_client")
      << "a public client proves nothing";
}

TEST(Introspect, DescribesEveryKindOfToken) {
  Scene scene;
  const auto opaque = scene.sign_in();
  auto found = scene.describe(text_at(opaque, "access_token"));
  EXPECT_EQ(
      bj::serialize(found),
      R"({"active":true,"iss":"https://id.example.com/","client_id":"web","sub":"oidc|acme|ada","iat":1700000000,)"
      R"("scope":"openid offline_access","exp":1700086400,"token_type":"Bearer"})");
  found = scene.describe(text_at(opaque, "refresh_token"));
  EXPECT_EQ(found.at("active"), true);
  EXPECT_FALSE(found.contains("token_type"));
  EXPECT_EQ(text_at(found, "scope"), "openid offline_access");
  auto request = Provider::authorization();
  request.audience = kApi;
  request.scope = {"openid", "read:x"};
  const auto signed_one = json_of(scene.post_token(Provider::redemption(scene.code(request))));
  found = scene.describe(text_at(signed_one, "access_token"));
  EXPECT_EQ(text_at(found, "scope"), "openid read:x");
  EXPECT_EQ(scene.describe(text_at(signed_one, "id_token")).at("active"), false);
}

TEST(Introspect, SaysNothingMoreOfWhatIsNotAlive) {
  struct Row {
    const char* name;
    void (*spoil)(Scene&, std::string&);
  } rows[] = {
      {"unknown", [](Scene&, std::string& token) { token = "nothing"; }},
      {"expired", [](Scene& s, std::string&) { s.clock.advance(24h); }},
      {"revoked", [](Scene& s, std::string& token) { s.revoke_token(token); }},
      {"blocked", [](Scene& s, std::string&) { s.change_user([](model::User& u) { u.blocked = true; }); }},
      {"another host", [](Scene& s, std::string&) { s.site->base_url = "https://other.example.com"; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    Scene scene;
    std::string token = text_at(scene.sign_in(), "access_token");
    row.spoil(scene, token);
    EXPECT_EQ(bj::serialize(scene.describe(token)), R"({"active":false})");
  }
  Scene scene;
  add_stranger(scene);
  EXPECT_EQ(scene.describe(text_at(scene.sign_in(), "access_token"), kStranger).at("active"), false);
}

}  // namespace
}  // namespace symbolon::oidc
