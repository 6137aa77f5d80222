#include "oidc/token_endpoint.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "jose/sign.h"
#include "oidc/provider.h"
#include "store/client_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

std::string description_of(const http::Response& response) { return text_at(json_of(response), "error_description"); }

http::Response post_raw(Provider& provider, std::string content_type, std::string body) {
  http::Request request = provider.request(http::Method::post, "/oauth/token");
  request.headers.set("Content-Type", std::move(content_type));
  request.body = std::move(body);
  return run_task(provider.token_endpoint.handle(std::move(request)));
}

TEST(TokenEndpoint, TakesJsonWithStringValues) {
  Provider provider;
  bj::object body;
  for (const auto& [name, value] : Provider::redemption(provider.code())) body[name] = value;
  body["unknown"] = nullptr;
  EXPECT_EQ(post_raw(provider, "application/json; charset=utf-8", bj::serialize(body)).status, 200);
}

TEST(TokenEndpoint, RefusesOtherBodies) {
  Provider provider;
  const std::tuple<const char*, std::string, int> kRows[] = {
      {"text/plain", "grant_type=authorization_code", 415},
      {"", "grant_type=authorization_code", 415},
      {"multipart/form-data; boundary=x", "--x", 415},
      {"application/json", "[]", 400},
      {"application/json", "{\"grant_type\":1}", 400},
      {"application/json", "{\"client_id\":\"web\",\"client_id\":\"spa\"}", 400},
      {"application/json", "{\"client_secret\":\"a\\u0000b\"}", 400},
      {"application/json", "{", 400},
      {"application/x-www-form-urlencoded", "client_id=web&client_id=web", 400},
      {"application/x-www-form-urlencoded", "client_id=%zz", 400},
      {"application/x-www-form-urlencoded", "x=" + std::string(64 * 1024, 'x'), 413},
  };
  for (const auto& [type, body, status] : kRows) {
    const auto response = post_raw(provider, type, body);
    EXPECT_EQ(response.status, status) << type << ' ' << body.substr(0, 40);
    EXPECT_EQ(error_of(response), "invalid_request");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  }
}

TEST(TokenEndpoint, GrantTypes) {
  Provider provider;
  Fields fields = Provider::redemption("x");
  const std::tuple<const char*, int, const char*> kRows[] = {
      {"", 400, "invalid_request"},
      {"password", 400, "unsupported_grant_type"},
      {"AUTHORIZATION_CODE", 400, "unsupported_grant_type"},
      {"http://auth0.com/oauth/grant-type/password-realm", 400, "unsupported_grant_type"},
  };
  for (const auto& [grant, status, error] : kRows) {
    fields[0].second = grant;
    const auto response = provider.post_token(fields);
    EXPECT_EQ(response.status, status) << grant;
    EXPECT_EQ(error_of(response), error) << grant;
  }
}

// login-runtime §11; a row costs disk, so only those who have proved who they are may cause one.
TEST(TokenEndpoint, RefusalsOfConfidentialClientsAreEvents) {
  const struct {
    const char* name;
    Fields fields;
    const char* where;
  } kRows[] = {
      {"code", Provider::redemption("x"), "type = 'feacft' AND client_id = 'web'"},
      {"refresh token",
       {{"grant_type", "refresh_token"}, {"refresh_token", "x"}, {"client_id", "web"}, {"client_secret", kSecret}},
       "type = 'fertft' AND client_id = 'web'"},
      {"client credentials",
       {{"grant_type", "client_credentials"}, {"audience", "urn:x"}, {"client_id", "web"}, {"client_secret", kSecret}},
       "type = 'feccft' AND client_id = 'web'"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    Provider provider;
    EXPECT_GE(provider.post_token(row.fields).status, 400);
    EXPECT_EQ(provider.count("log_events", row.where), 1);
    EXPECT_EQ(provider.count("log_events"), 1);
  }
}

TEST(TokenEndpoint, RefusalsOfStrangersWriteNoRow) {
  Provider provider;
  const Fields kRows[] = {
      {{"grant_type", "authorization_code"}, {"code", "x"}, {"client_id", "spa"}},
      {{"grant_type", "authorization_code"}, {"code", "x"}, {"client_id", "web"}, {"client_secret", "wrong"}},
      {{"grant_type", "authorization_code"}, {"code", "x"}, {"client_id", "nobody"}},
      {{"grant_type", "telepathy"}, {"client_id", "web"}, {"client_secret", kSecret}},
  };
  for (const Fields& fields : kRows) EXPECT_GE(provider.post_token(fields).status, 400);
  EXPECT_EQ(provider.count("log_events"), 0);
}

TEST(TokenEndpoint, AGrantThatTheClientMayNotUse) {
  Provider provider;
  const std::string code = provider.code();
  provider.patch_client("web", {{"grant_types", bj::array{"client_credentials"}}});
  const auto response = provider.post_token(Provider::redemption(code));
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(error_of(response), "unauthorized_client");
  EXPECT_EQ(description_of(response), "Grant type 'authorization_code' not allowed for the client.");
}

// Who may ask at all. Each row is a whole set of credentials; `want` is the error, or empty when it gets past them to
// the code, which is unknown.
struct Attempt {
  const char* name;
  Fields body;
  Fields headers;
  const char* want;
};

const char* kPast = "invalid_grant";

const std::vector<Attempt>& attempts() {
  static const std::string kBasicWeb = basic("web", kSecret);
  static const std::vector<Attempt> kAttempts{
      {"right secret in the body", {{"client_id", "web"}, {"client_secret", kSecret}}, {}, kPast},
      {"right secret as Basic, raw", {}, {{"Authorization", basic("basic", kSecret)}}, kPast},
      {"right secret as Basic, encoded", {}, {{"Authorization", basic("basic", "s3cret%2Bwith%2541signs")}}, kPast},
      {"scheme in another case", {}, {{"Authorization", "bASIC" + basic("basic", kSecret).substr(5)}}, kPast},
      {"Basic with its id repeated", {{"client_id", "basic"}}, {{"Authorization", basic("basic", kSecret)}}, kPast},
      {"public client", {{"client_id", "spa"}}, {}, kPast},

      {"T33 nothing", {}, {}, "invalid_client"},
      {"T33 unknown client", {{"client_id", "nobody"}, {"client_secret", kSecret}}, {}, "invalid_client"},
      {"T33 unknown public client", {{"client_id", "nobody"}}, {}, "invalid_client"},
      {"T33 wrong secret", {{"client_id", "web"}, {"client_secret", "wrong"}}, {}, "invalid_client"},
      {"T33 another client's secret", {{"client_id", "basic2"}, {"client_secret", kSecret}}, {}, "invalid_client"},
      {"T33 confidential client without a secret", {{"client_id", "web"}}, {}, "invalid_client"},
      {"T32 empty secret", {{"client_id", "web"}, {"client_secret", ""}}, {}, "invalid_client"},
      {"T32 blank secret", {{"client_id", "web"}, {"client_secret", " \t\r\n"}}, {}, "invalid_client"},
      {"T32 empty Basic secret", {}, {{"Authorization", basic("basic", "")}}, "invalid_client"},
      {"T32 blank Basic secret", {}, {{"Authorization", basic("basic", "%20")}}, "invalid_client"},
      {"T32 Basic secret with NUL", {}, {{"Authorization", basic("basic", std::string("\0", 1))}}, "invalid_client"},
      {"T32 NUL after the secret",
       {},
       {{"Authorization", basic("basic", kSecret + std::string("\0x", 2))}},
       "invalid_client"},
      {"prefix of the secret", {{"client_id", "web"}, {"client_secret", "s3cret"}}, {}, "invalid_client"},
      {"secret with a blank",
       {{"client_id", "web"}, {"client_secret", std::string(kSecret) + " "}},
       {},
       "invalid_client"},
      {"malformed Basic", {}, {{"Authorization", "Basic %%%"}}, "invalid_client"},
      {"Basic without a colon", {}, {{"Authorization", "Basic d2Vi"}}, "invalid_client"},
      {"Basic for a client of the body", {}, {{"Authorization", kBasicWeb}}, "invalid_client"},
      {"body for a client of Basic", {{"client_id", "basic"}, {"client_secret", kSecret}}, {}, "invalid_client"},
      {"a secret from a public client", {{"client_id", "spa"}, {"client_secret", kSecret}}, {}, "invalid_client"},
      {"ids that differ", {{"client_id", "web"}}, {{"Authorization", basic("basic", kSecret)}}, "invalid_client"},
      {"two mechanisms",
       {{"client_id", "web"}, {"client_secret", kSecret}},
       {{"Authorization", kBasicWeb}},
       "invalid_request"},
      {"secret and assertion",
       {{"client_id", "web"}, {"client_secret", kSecret}, {"client_assertion", "e30.e30.x"}},
       {},
       "invalid_request"},
      {"the hash as the secret", {{"client_id", "empty"}}, {}, "invalid_client"},
      {"a client that has no secret", {{"client_id", "empty"}, {"client_secret", "nobody"}}, {}, "invalid_client"},
      {"the global client", {{"client_id", "global"}}, {}, "invalid_client"},
  };
  return kAttempts;
}

TEST(TokenEndpoint, T32T33ClientsProveWhoTheyAre) {
  Provider provider;
  provider.add_client(R"({"client_id":"basic2","token_endpoint_auth_method":"client_secret_post",
                          "grant_types":["authorization_code"]})",
                      "another secret");
  provider.add_client(R"({"client_id":"empty","token_endpoint_auth_method":"client_secret_post",
                          "grant_types":["authorization_code"]})",
                      "");
  provider.add_client(R"({"client_id":"global","global":true,"token_endpoint_auth_method":"none",
                          "grant_types":["authorization_code"]})",
                      "");
  for (const Attempt& row : attempts()) {
    SCOPED_TRACE(row.name);
    Fields body = row.body;
    body.emplace_back("grant_type", "authorization_code");
    body.emplace_back("code", "unknown");
    const auto events = provider.count("log_events");
    const auto response = provider.post_token(body, row.headers);
    EXPECT_EQ(error_of(response), row.want) << response.body;
    if (std::string(row.want) == "invalid_client") {
      EXPECT_EQ(response.status, 401);
      EXPECT_EQ(description_of(response), "client authentication failed");
      EXPECT_EQ(response.headers.has("WWW-Authenticate"), !row.headers.empty());
      EXPECT_EQ(provider.count("log_events"), events) << "strangers write no rows";
    }
  }
}

TEST(TokenEndpoint, AClientThatNeverChoseMaySendItsSecretEitherWay) {
  Provider provider;
  provider.add_client(R"({"client_id":"either","app_type":"regular_web","grant_types":["authorization_code"]})");
  const Fields grant{{"grant_type", "authorization_code"}, {"code", "unknown"}};
  Fields post = grant;
  post.insert(post.end(), {{"client_id", "either"}, {"client_secret", kSecret}});
  EXPECT_EQ(error_of(provider.post_token(post)), "invalid_grant");
  EXPECT_EQ(error_of(provider.post_token(grant, {{"Authorization", basic("either", kSecret)}})), "invalid_grant");
}

TEST(TokenEndpoint, AFailedAuthenticationLeavesTheCodeAlone) {
  Provider provider;
  const std::string code = provider.code();
  Fields fields = Provider::redemption(code);
  fields.back().second = "wrong";
  EXPECT_EQ(provider.post_token(fields).status, 401);
  EXPECT_EQ(provider.post_token(Provider::redemption(code)).status, 200);
}

class AssertionClient {
 public:
  explicit AssertionClient(Provider& provider) : provider_(provider) {
    provider.add_client(R"({"client_id":"jwt","grant_types":["authorization_code"],
        "client_authentication_methods":{"private_key_jwt":{"credentials":[{"id":"cred_1"}]}}})");
    provider.write([&](db::Transaction& tx) {
      store::ClientStore(tx, kTenant)
          .insert_credential(
              {"cred_1", ClientId("jwt"), R"({"kid":"k-1","alg":"ES256"})", key_.public_key().spki_pem(), kStart});
    });
  }
  std::string assertion(const std::string& jti) const {
    const std::int64_t now = to_epoch_seconds(provider_.clock.now());
    return jose::sign_jwt(
        key_, crypto::SignatureAlgorithm::ES256, "k-1", "JWT",
        {{"iss", "jwt"}, {"sub", "jwt"}, {"aud", "https://id.example.com/"}, {"exp", now + 60}, {"jti", jti}});
  }
  http::Response present(const std::string& assertion, const Fields& extra = {}) {
    Fields fields{{"grant_type", "authorization_code"},
                  {"code", "unknown"},
                  {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                  {"client_assertion", assertion}};
    fields.insert(fields.end(), extra.begin(), extra.end());
    return provider_.post_token(fields);
  }

 private:
  Provider& provider_;
  crypto::PrivateKey key_ = crypto::PrivateKey::generate(crypto::KeyType::ec_p256);
};

TEST(TokenEndpoint, T29AnAssertionProvesTheClientOnce) {
  Provider provider;
  AssertionClient client(provider);
  const std::string assertion = client.assertion("j-1");
  EXPECT_EQ(error_of(client.present(assertion)), "invalid_grant");
  EXPECT_EQ(error_of(client.present(assertion)), "invalid_client");
  EXPECT_EQ(error_of(client.present(client.assertion("j-1"))), "invalid_client") << "another token, the same jti";
  EXPECT_EQ(error_of(client.present(client.assertion("j-2"))), "invalid_grant");

  // A second server on the same database knows it as well.
  ClientAuthentication elsewhere(*provider.db, provider.workers, provider.clock);
  http::Request request = provider.request(http::Method::post, "/oauth/token");
  http::Form form;
  form.add("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  form.add("client_assertion", assertion);
  const auto second = run_task(elsewhere.authenticate(request, form));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().detail, "assertion used twice");
}

TEST(TokenEndpoint, AnAssertionThatIsNotWhatItSays) {
  Provider provider;
  AssertionClient client(provider);
  const std::string good = client.assertion("j-1");
  EXPECT_EQ(error_of(client.present(good, {{"client_id", "web"}})), "invalid_client");
  EXPECT_EQ(error_of(client.present(good.substr(0, good.size() - 4))), "invalid_client");
  EXPECT_EQ(error_of(client.present("nonsense")), "invalid_client");
  EXPECT_EQ(error_of(provider.post_token({{"grant_type", "authorization_code"}, {"client_assertion", good}})),
            "invalid_client");
  EXPECT_EQ(error_of(provider.post_token(
                {{"grant_type", "authorization_code"}, {"client_id", "jwt"}, {"client_secret", kSecret}})),
            "invalid_client")
      << "a client with a key has no secret to lose";
  EXPECT_EQ(provider.count("used_tickets"), 0) << "only what was proved is burnt";
  EXPECT_EQ(error_of(client.present(good, {{"client_id", "jwt"}})), "invalid_grant");
}

TEST(TokenEndpoint, PagesOfTheClientMayReadTheAnswer) {
  Provider provider;
  auto authorization = Provider::authorization("spa");
  const auto redeem = [&](const char* origin) {
    return provider.post_token({{"grant_type", "authorization_code"},
                                {"code", provider.code(authorization)},
                                {"redirect_uri", "https://spa.example.com/"},
                                {"code_verifier", kVerifier},
                                {"client_id", "spa"}},
                               {{"Origin", origin}});
  };
  const auto own = redeem("https://spa.example.com");
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(own.headers.get("Access-Control-Allow-Origin"), "https://spa.example.com");
  EXPECT_EQ(own.headers.get("Vary"), "Origin");
  EXPECT_FALSE(redeem("https://app.example.com").headers.has("Access-Control-Allow-Origin"))
      << "registered, but with another client";

  const auto refused = provider.post_token({{"grant_type", "authorization_code"}, {"code", "x"}, {"client_id", "spa"}},
                                           {{"Origin", "https://spa.example.com"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.headers.get("Access-Control-Allow-Origin"), "https://spa.example.com");

  const auto stranger = [&](const char* origin) {
    return provider.post_token({{"grant_type", "authorization_code"}, {"client_id", "nobody"}}, {{"Origin", origin}});
  };
  EXPECT_EQ(stranger("https://spa.example.com").headers.get("Access-Control-Allow-Origin"), "https://spa.example.com");
  EXPECT_FALSE(stranger("https://evil.example").headers.has("Access-Control-Allow-Origin"));

  const auto unreadable =
      provider.post_token({{"client_id", "spa"}, {"client_id", "spa"}}, {{"Origin", "https://spa.example.com"}});
  EXPECT_EQ(unreadable.status, 400);
  EXPECT_EQ(unreadable.headers.get("Access-Control-Allow-Origin"), "https://spa.example.com");
}

TEST(TokenEndpoint, WhoFailsTooOftenWaits) {
  Provider provider;
  const auto attempt = [&](const char* client, const char* secret, const char* address) {
    http::Request request = provider.request(http::Method::post, "/oauth/token");
    request.client_address = address;
    http::Form form;
    form.add("client_id", client);
    form.add("client_secret", secret);
    const auto proved = run_task(provider.clients.authenticate(request, form));
    return proved ? std::string("proved") : std::string(to_string(proved.error().code));
  };
  for (int i = 0; i < 20; ++i) EXPECT_EQ(attempt("web", "wrong", "192.0.2.1"), "invalid_client");
  EXPECT_EQ(attempt("web", "wrong", "192.0.2.1"), "too_many_requests");
  EXPECT_EQ(attempt("web", kSecret, "192.0.2.1"), "too_many_requests") << "or a guess could be told from the rest";
  EXPECT_EQ(attempt("web", kSecret, "192.0.2.2"), "proved") << "the client elsewhere is not shut out";
  EXPECT_EQ(attempt("basic", "wrong", "192.0.2.1"), "invalid_client") << "nor are its neighbours";

  for (int i = 0; i < 20; ++i) provider.post_token({{"client_id", "web"}, {"client_secret", "wrong"}});
  const auto refused = provider.post_token({{"client_id", "web"}, {"client_secret", kSecret}});
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(error_of(refused), "too_many_requests");
  EXPECT_EQ(refused.headers.get("Retry-After"), "2");
  EXPECT_EQ(refused.headers.get("X-RateLimit-Limit"), "20");
  EXPECT_EQ(refused.headers.get("X-RateLimit-Remaining"), "0");
}

// Failures are remembered by address and name: names as long as a body would fill the memory for good.
TEST(TokenEndpoint, RemembersNoFailureUnderANameThatNoClientCanHave) {
  Provider provider;
  for (const bool basic : {false, true}) {
    for (int i = 0; i < 25; ++i) {
      const std::string name(basic ? 90'000 : 129, 'x');
      Fields headers, fields{{"grant_type", "client_credentials"}};
      if (basic) headers.emplace_back("Authorization", "Basic " + base64_encode(name + ":wrong"));
      if (!basic) fields.insert(fields.end(), {{"client_id", name}, {"client_secret", "wrong"}});
      const auto refused = provider.post_token(fields, headers);
      EXPECT_EQ(refused.status, 401) << "is counted, so it is kept: " << i;
      EXPECT_EQ(error_of(refused), "invalid_client");
    }
  }
}

TEST(TokenEndpoint, NoAnswerShowsADetail) {
  Provider provider;
  for (const auto& fields : {Provider::redemption("unknown"), Provider::redemption(provider.code() + "x")})
    EXPECT_EQ(provider.post_token(fields).body,
              R"({"error":"invalid_grant","error_description":"Invalid authorization code"})");
}

}  // namespace
}  // namespace symbolon::oidc
