#include "oidc/code_grant.h"

#include <gtest/gtest.h>

#include "jose/token_hash.h"
#include "jose/verify.h"
#include "oidc/provider.h"
#include "oidc/signing_algorithm.h"
#include "store/connection_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

TEST(CodeGrant, RedeemsACode) {
  Provider provider;
  const auto response = provider.post_token(Provider::redemption(provider.code()));
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  const auto body = json_of(response);
  EXPECT_EQ(text_at(body, "token_type"), "Bearer");
  EXPECT_EQ(body.at("expires_in"), 86400);
  EXPECT_EQ(text_at(body, "scope"), "openid profile email");
  EXPECT_EQ(text_at(body, "access_token").size(), 52u) << "opaque: no API was asked for";
  EXPECT_FALSE(body.contains("refresh_token"));
  EXPECT_EQ(provider.workers.jobs, 1) << "one job signs everything";
  EXPECT_EQ(provider.count("log_events", "type = 'seacft'"), 1);
}

TEST(CodeGrant, TheIdTokenIsGenuineAndComplete) {
  Provider provider;
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code())));
  const std::string id_token = text_at(body, "id_token");
  const auto keys = run_task(provider.keys.get(kTenant));
  const auto jws = jose::Jws::parse(id_token);
  ASSERT_TRUE(jws && jose::verify(*jws, keys->public_keys(), accepted_algorithms()));
  const auto header = header_of(id_token);
  EXPECT_EQ(text_at(header, "alg"), "RS256");
  EXPECT_EQ(text_at(header, "typ"), "JWT");
  EXPECT_FALSE(text_at(header, "kid").empty());

  auto claims = claims_of(id_token);
  EXPECT_EQ(text_at(claims, "at_hash"),
            jose::token_hash(crypto::SignatureAlgorithm::RS256, text_at(body, "access_token")));
  claims.erase("at_hash");
  EXPECT_EQ(bj::serialize(claims),
            R"({"iss":"https://id.example.com/","sub":"oidc|acme|ada","aud":"web","iat":1700000000,"exp":1700036000,)"
            R"("auth_time":1699999940,"sid":"sid-1","nonce":"n-1","name":"Ada","nickname":"ada",)"
            R"("updated_at":1699913600,"email":"ada@acme.example","email_verified":true})");
}

TEST(CodeGrant, WithoutOpenidThereIsNoIdToken) {
  Provider provider;
  auto request = Provider::authorization();
  request.scope = {"profile"};
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code(request))));
  EXPECT_TRUE(body.contains("access_token"));
  EXPECT_FALSE(body.contains("id_token"));
}

// RFC 8707 §2.2; without the tenant's profile the parameter means nothing.
TEST(CodeGrant, ResourceMayOnlyNameTheApiOfTheCode) {
  struct Row {
    const char *profile, *granted, *audience, *resource;
    int status;
  };
  const Row rows[] = {{"compatibility", kApi, "", kApi, 200},
                      {"compatibility", kApi, kApi, kApi, 200},
                      {"compatibility", kApi, "", "https://other.example/", 400},
                      {"compatibility", kApi, "https://other.example/", kApi, 400},
                      {"compatibility", "", "", kApi, 400},
                      {"audience", kApi, "", "https://other.example/", 200},
                      {"audience", kApi, "https://other.example/", kApi, 200}};
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.profile) + " " + row.granted + " " + row.audience + " " + row.resource);
    Provider provider;
    provider.patch_tenant({{"resource_parameter_profile", row.profile}});
    auto request = Provider::authorization();
    request.audience = row.granted;
    Fields fields = Provider::redemption(provider.code(request));
    fields.emplace_back("resource", row.resource);
    if (*row.audience) fields.emplace_back("audience", row.audience);
    const auto response = provider.post_token(fields);
    EXPECT_EQ(response.status, row.status) << response.body;
    if (row.status == 400) EXPECT_EQ(error_of(response), "invalid_request");
  }
}

TEST(CodeGrant, AnApiGetsAJwt) {
  Provider provider;
  provider.patch_client("web", {{"jwt_configuration", {{"alg", "ES256"}}}});
  auto request = Provider::authorization();
  request.audience = kApi;
  request.scope = {"openid", "read:x"};
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code(request))));
  const std::string access_token = text_at(body, "access_token");
  const auto claims = claims_of(access_token);
  EXPECT_EQ(bj::serialize(claims.at("aud")), R"(["https://api.example.com/","https://id.example.com/userinfo"])");
  EXPECT_EQ(text_at(claims, "scope"), "openid read:x");
  EXPECT_EQ(text_at(claims, "azp"), "web");
  EXPECT_FALSE(claims.contains("gty"));
  EXPECT_EQ(provider.count("access_tokens"), 0) << "a JWT costs no row";
  EXPECT_EQ(text_at(header_of(text_at(body, "id_token")), "alg"), "ES256");
  EXPECT_EQ(provider.workers.jobs, 1);
  EXPECT_EQ(provider.get_userinfo(access_token).status, 200);
}

// One thing is wrong: refused, and the code is spent for the rightful owner as well.
struct Spoiled {
  const char* name;
  void (*spoil)(Provider&, Fields&);
};

void set(Fields& fields, std::string_view name, std::string value) {
  for (auto& [known, old] : fields)
    if (known == name) old = std::move(value);
}
void drop(Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
}
void patch_connection(Provider& provider, void (*change)(model::Connection&)) {
  provider.write([&](db::Transaction& tx) {
    store::ConnectionStore store(tx, kTenant);
    auto connection = store.find(ConnectionId("con_acme")).value();
    change(connection);
    store.update(connection, connection.version);
  });
}

const Spoiled kSpoiled[] = {
    {"T25 another client",
     [](Provider& p, Fields& f) {
       p.add_client(R"({"client_id":"web2","token_endpoint_auth_method":"client_secret_post",
                        "callbacks":["https://app.example.com/cb"],"grant_types":["authorization_code"]})");
       set(f, "client_id", "web2");
     }},
    {"T25 another redirect_uri", [](Provider&, Fields& f) { set(f, "redirect_uri", "https://app.example.com/cb2"); }},
    {"T25 redirect_uri in another case",
     [](Provider&, Fields& f) { set(f, "redirect_uri", "https://APP.example.com/cb"); }},
    {"T25 no redirect_uri", [](Provider&, Fields& f) { drop(f, "redirect_uri"); }},
    {"T25 another verifier", [](Provider&, Fields& f) { set(f, "code_verifier", std::string(43, 'v')); }},
    {"T31 no verifier", [](Provider&, Fields& f) { drop(f, "code_verifier"); }},
    {"T31 the challenge as verifier", [](Provider&, Fields& f) { set(f, "code_verifier", kChallenge); }},
    {"short verifier", [](Provider&, Fields& f) { set(f, "code_verifier", "abc"); }},
    {"another host", [](Provider& p, Fields&) { p.site->base_url = "https://custom.example.com"; }},
    {"expired", [](Provider& p, Fields&) { p.clock.advance(60s); }},
    {"T13 user blocked", [](Provider& p, Fields&) { p.change_user([](model::User& user) { user.blocked = true; }); }},
    {"T13 user deleted",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { store::UserStore(tx, kTenant).remove(UserId("oidc|acme|ada")); });
     }},
    {"user's tokens revoked",
     [](Provider& p, Fields&) {
       p.write([&](db::Transaction& tx) {
         store::UserStore(tx, kTenant).invalidate_tokens(UserId("oidc|acme|ada"), p.clock.now());
       });
     }},
    {"session ended",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { store::SessionStore(tx, kTenant).take(SessionId("sid-1")); });
     }},
    {"session shortened by the tenant's settings",
     [](Provider& p, Fields&) { p.patch_tenant({{"session_lifetime", 0.01}}); }},
    {"T4 connection disabled",
     [](Provider& p, Fields&) { patch_connection(p, [](model::Connection& c) { c.authentication_active = false; }); }},
    {"T4 connection deleted",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) { store::ConnectionStore(tx, kTenant).remove(ConnectionId("con_acme")); });
     }},
    {"T28 connection taken from the client",
     [](Provider& p, Fields&) {
       p.write([](db::Transaction& tx) {
         store::ConnectionStore(tx, kTenant).disable(ConnectionId("con_acme"), ClientId("web"));
       });
     }},
};

TEST(CodeGrant, T25T31RefusesACodeWithOneThingWrongAndBurnsIt) {
  for (const Spoiled& row : kSpoiled) {
    SCOPED_TRACE(row.name);
    Provider provider;
    const std::string code = provider.code();
    Fields fields = Provider::redemption(code);
    row.spoil(provider, fields);
    const auto response = provider.post_token(fields);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(error_of(response), "invalid_grant") << response.body;

    provider.site->base_url = "https://id.example.com";
    EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code))), "invalid_grant") << "the code is burnt";
    EXPECT_EQ(provider.count("access_tokens"), 0);
    EXPECT_EQ(provider.count("log_events", "type = 'seacft'"), 0);
    EXPECT_EQ(provider.count("authorization_codes", "used_at IS NULL"), 0);
  }
}

TEST(CodeGrant, TellsThatAUserIsBlocked) {
  Provider provider;
  const std::string code = provider.code();
  provider.change_user([](model::User& user) { user.blocked = true; });
  EXPECT_EQ(text_at(json_of(provider.post_token(Provider::redemption(code))), "error_description"), "user is blocked");
}

TEST(CodeGrant, T31AVerifierWithoutAChallengeIsRefused) {
  Provider provider;
  auto request = Provider::authorization();
  request.code_challenge = request.code_challenge_method = "";
  const std::string with_verifier = provider.code(request);
  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(with_verifier))), "invalid_grant");

  Fields fields = Provider::redemption(provider.code(request));
  drop(fields, "code_verifier");
  EXPECT_EQ(provider.post_token(fields).status, 200);
}

TEST(CodeGrant, ARedirectUriThatWasNotSentNeedNotBeRepeated) {
  Provider provider;
  auto request = Provider::authorization();
  request.redirect_uri_was_sent = false;
  Fields without = Provider::redemption(provider.code(request));
  drop(without, "redirect_uri");
  EXPECT_EQ(provider.post_token(without).status, 200);
  EXPECT_EQ(provider.post_token(Provider::redemption(provider.code(request))).status, 200);
  Fields other = Provider::redemption(provider.code(request));
  set(other, "redirect_uri", "https://evil.example/cb");
  EXPECT_EQ(error_of(provider.post_token(other)), "invalid_grant");
}

TEST(CodeGrant, ASecondUseRevokesWhatTheFirstGot) {
  for (const bool jwt : {false, true}) {
    SCOPED_TRACE(jwt);
    Provider provider;
    auto request = Provider::authorization();
    if (jwt) request.audience = kApi;
    const std::string code = provider.code(request);
    const auto body = json_of(provider.post_token(Provider::redemption(code)));
    const std::string access_token = text_at(body, "access_token");
    EXPECT_EQ(provider.get_userinfo(access_token).status, 200);

    EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code))), "invalid_grant");
    EXPECT_EQ(provider.get_userinfo(access_token).status, 401);
    EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code))), "invalid_grant");
  }
}

TEST(CodeGrant, T26OfManyParallelRedemptionsOneWins) {
  constexpr int kAttempts = 200;
  Provider provider;
  const std::string code = provider.code();
  const auto client = provider.client("web");
  int won = 0;
  int refused = 0;
  std::vector<Task<void>> attempts;
  const auto attempt = [&]() -> Task<void> {
    const Caller caller{provider.site, "192.0.2.7", "test"};
    const auto tokens =
        co_await provider.code_grant.redeem(caller, client, {code, "https://app.example.com/cb", kVerifier, {}, {}});
    ++(tokens ? won : refused);
  };
  for (int i = 0; i < kAttempts; ++i) attempts.push_back(attempt());
  run_together(std::move(attempts));
  EXPECT_EQ(won, 1);
  EXPECT_EQ(refused, kAttempts - 1);
  EXPECT_EQ(provider.count("grants", "revoked_at IS NULL"), 0) << "a replay revokes what the winner got";
}

TEST(CodeGrant, T27EveryPrefixAndEveryBitFlipIsAnotherCode) {
  Provider provider;
  const std::string code = provider.code();
  for (std::size_t length = 1; length < code.size(); ++length)
    EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code.substr(0, length)))), "invalid_grant") << length;
  for (std::size_t at = 0; at < code.size(); ++at)
    for (int bit = 0; bit < 7; ++bit) {
      std::string flipped = code;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      if (flipped[at] == '\0') continue;
      EXPECT_EQ(error_of(provider.post_token(Provider::redemption(flipped))), "invalid_grant") << at << ' ' << bit;
    }
  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code + "A"))), "invalid_grant");
  EXPECT_EQ(provider.post_token(Provider::redemption(code)).status, 200) << "the code itself was never touched";
}

TEST(CodeGrant, T17T24NoOtherTicketIsACode) {
  Provider provider;
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code())));
  for (const std::string& ticket : {text_at(body, "access_token"), text_at(body, "id_token"), std::string("the-cookie"),
                                    std::string(kVerifier), std::string("sid-1")})
    EXPECT_EQ(error_of(provider.post_token(Provider::redemption(ticket))), "invalid_grant") << ticket;
}

TEST(CodeGrant, AMissingCodeIsAnInvalidRequest) {
  Provider provider;
  Fields fields = Provider::redemption("");
  EXPECT_EQ(error_of(provider.post_token(fields)), "invalid_request");
}

TEST(CodeGrant, AnApiThatWentOrChangedSpendsTheCode) {
  Provider provider;
  auto request = Provider::authorization();
  request.audience = kApi;
  const std::string code = provider.code(request);
  provider.write([](db::Transaction& tx) {
    tx.execute(
        R"(UPDATE resource_servers SET doc = '{"identifier":"https://api.example.com/","signing_alg":"HS256"}')");
  });
  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code))), "server_error");
  const std::string second = provider.code(request);
  provider.write([](db::Transaction& tx) { tx.execute("DELETE FROM resource_servers"); });
  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(second))), "invalid_grant");
  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(code))), "invalid_grant");
}

TEST(CodeGrant, T28APermissionThatWasTakenAwayMeanwhileIsNotGiven) {
  Provider provider;
  const auto policy = [&](const char* user) {
    provider.add_api(R"({"identifier":"https://guarded.example/","signing_alg":"RS256","scopes":[{"value":"read:x"},)"
                     R"({"value":"write:x"}],"subject_type_authorization":{"user":{"policy":")" +
                     std::string(user) + R"("},"client":{"policy":"deny_all"}}})");
  };
  policy("require_client_grant");
  auto request = Provider::authorization();
  request.audience = "https://guarded.example/";
  request.scope = {"openid", "read:x", "write:x"};

  EXPECT_EQ(error_of(provider.post_token(Provider::redemption(provider.code(request)))), "invalid_grant");
  provider.add_client_grant("web", request.audience, {"read:x"}, "user");
  const auto narrowed = json_of(provider.post_token(Provider::redemption(provider.code(request))));
  EXPECT_EQ(text_at(claims_of(text_at(narrowed, "access_token")), "scope"), "openid read:x");
}

}  // namespace
}  // namespace symbolon::oidc
