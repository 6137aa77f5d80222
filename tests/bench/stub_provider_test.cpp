#include "login_storm/stub_provider.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "login_storm/html_form.h"
#include "login_storm/tokens.h"
#include "support/run_task.h"

namespace symbolon::bench {
namespace {

using ::testing::StartsWith;

class HeldClock final : public Clock {
 public:
  Instant now() const override { return from_epoch_seconds(1'800'000'000); }
};

class StubProviderTest : public ::testing::Test {
 protected:
  ServerResponse ask(ServerRequest request) { return run_task(stub_.handle(std::move(request))); }
  ServerResponse redeem(const Parameters& form, const std::string& authorization = "") {
    return ask({.method = "POST",
                .target = "/token",
                .authorization = authorization,
                .cookie = {},
                .body = encode_form(form)});
  }
  std::string code_for(const Parameters& request) {
    const ServerResponse response = stub_.authorize(request, 3);
    EXPECT_EQ(response.status, 302U);
    landing_ = value_of(response.headers, "Location");
    return value_of(parse_form(query_of(landing_)), "code");
  }
  static boost::json::object claims_of(const std::string& jws) {
    const std::string payload = jws.substr(jws.find('.') + 1, jws.rfind('.') - jws.find('.') - 1);
    return boost::json::parse(base64url_decode(payload).value_or("null")).as_object();
  }

  static Parameters code_request() {
    return {{"client_id", "storm"},
            {"response_type", "code"},
            {"redirect_uri", "http://b/cb"},
            {"state", "s&t"},
            {"nonce", "n.1"},
            {"code_challenge", pkce_challenge("verifier")},
            {"code_challenge_method", "S256"}};
  }
  static Parameters redemption(const std::string& code) {
    return {{"grant_type", "authorization_code"},
            {"code", code},
            {"client_id", "storm"},
            {"client_secret", "storm-secret"},
            {"code_verifier", "verifier"}};
  }

  HeldClock clock_;
  StubProvider stub_{{.issuer = "http://127.0.0.1:9", .people = 2}, Signer::generate(SigningAlgorithm::es256), clock_};
  std::string landing_;
};

Parameters without(Parameters parameters, const std::string& name) {
  std::erase_if(parameters, [&](const auto& pair) { return pair.first == name; });
  return parameters;
}

Parameters with(Parameters parameters, const std::string& name, const std::string& value) {
  parameters = without(std::move(parameters), name);
  parameters.emplace_back(name, value);
  return parameters;
}

TEST_F(StubProviderTest, DescribesItself) {
  const ServerResponse response = ask({.method = "GET", .target = "/.well-known/openid-configuration"});
  const auto document = boost::json::parse(response.body);
  EXPECT_EQ(document.at("issuer").as_string(), "http://127.0.0.1:9");
  EXPECT_EQ(document.at("authorization_endpoint").as_string(), "http://127.0.0.1:9/authorize");
  EXPECT_EQ(document.at("id_token_signing_alg_values_supported"), boost::json::array{"ES256"});
  EXPECT_EQ(document.at("subject_types_supported"), boost::json::array{"public"});
  EXPECT_EQ(boost::json::parse(ask({.method = "GET", .target = "/jwks"}).body).at("keys").as_array().size(), 1U);
  EXPECT_EQ(ask({.method = "GET", .target = "/other"}).status, 404U);
}

TEST_F(StubProviderTest, SignsSomebodyInByCode) {
  const std::string code = code_for(code_request());
  EXPECT_THAT(landing_, StartsWith("http://b/cb?"));
  EXPECT_EQ(value_of(parse_form(query_of(landing_)), "state"), "s&t");
  EXPECT_EQ(value_of(parse_form(query_of(landing_)), "iss"), "http://127.0.0.1:9");

  const ServerResponse response = redeem(redemption(code));
  ASSERT_EQ(response.status, 200U);
  const auto tokens = boost::json::parse(response.body);
  const auto claims = claims_of(std::string(tokens.at("id_token").as_string()));
  EXPECT_EQ(claims.at("sub").as_string(), "p0");
  EXPECT_EQ(claims.at("aud").as_string(), "storm");
  EXPECT_EQ(claims.at("nonce").as_string(), "n.1");
  EXPECT_EQ(claims.at("iat").as_int64(), 1'800'000'000);
  EXPECT_EQ(claims.at("exp").as_int64(), 1'800'000'600);
  const std::string access_token(tokens.at("access_token").as_string());
  EXPECT_EQ(claims.at("at_hash").as_string(), base64url_encode(sha256(access_token).substr(0, 16)));
  EXPECT_GT(stub_.token_time(3).count(), 0);
  EXPECT_EQ(stub_.token_time(4).count(), 0);
  EXPECT_EQ(stub_.tokens_signed(), 1U);

  const ServerResponse userinfo =
      ask({.method = "GET", .target = "/userinfo", .authorization = "Bearer " + access_token});
  EXPECT_EQ(boost::json::parse(userinfo.body).at("sub").as_string(), "p0");
  EXPECT_EQ(ask({.method = "GET", .target = "/userinfo"}).status, 401U);
  EXPECT_EQ(ask({.method = "GET", .target = "/userinfo", .authorization = "Bearer x"}).status, 401U);
}

TEST_F(StubProviderTest, TakesTurnsAmongItsPeople) {
  for (const char* subject : {"p0", "p1", "p0"}) {
    const auto tokens = boost::json::parse(redeem(redemption(code_for(code_request()))).body);
    EXPECT_EQ(claims_of(std::string(tokens.at("id_token").as_string())).at("sub").as_string(), subject);
  }
}

TEST_F(StubProviderTest, AcceptsBasicAuthentication) {
  const Parameters form = without(without(redemption(code_for(code_request())), "client_id"), "client_secret");
  EXPECT_EQ(redeem(form, "Basic " + base64_encode("storm:storm%2Dsecret")).status, 200U);
  for (const char* pair : {"storm:wrong", "storm", "", ":"})
    EXPECT_EQ(redeem(form, "Basic " + base64_encode(pair)).status, 401U) << pair;
  EXPECT_EQ(redeem(form, "Basic !").status, 401U);
}

TEST_F(StubProviderTest, RefusesARedemptionWithOneThingWrong) {
  const Parameters good = redemption(code_for(code_request()));
  ASSERT_EQ(redeem(good).status, 200U);
  const struct {
    const char* name;
    Parameters form;
    unsigned status;
  } rows[] = {{"other secret", with(good, "client_secret", "x"), 401},
              {"other client", with(good, "client_id", "x"), 401},
              {"other grant type", with(good, "grant_type", "password"), 400},
              {"foreign code", with(good, "code", "x"), 400},
              {"no code", without(good, "code"), 400},
              {"unknown traveller", with(good, "code", "4096" + value_of(good, "code").substr(1)), 400},
              {"other verifier", with(good, "code_verifier", "x"), 400},
              {"no verifier", without(good, "code_verifier"), 400}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(redeem(row.form).status, row.status);
  }
}

TEST_F(StubProviderTest, RefusesAVerifierWhereNoChallengeWas) {
  const std::string code = code_for(without(without(code_request(), "code_challenge"), "code_challenge_method"));
  EXPECT_EQ(redeem(redemption(code)).status, 400U);
  EXPECT_EQ(redeem(without(redemption(code), "code_verifier")).status, 200U);
}

TEST_F(StubProviderTest, RefusesAnAuthorizationRequestWithOneThingWrong) {
  for (const auto& request :
       {with(code_request(), "client_id", "x"), without(code_request(), "redirect_uri"),
        with(code_request(), "response_type", "token"), with(code_request(), "code_challenge_method", "plain"),
        with(code_request(), "response_type", "id_token")}) {
    SCOPED_TRACE(encode_form(request));
    EXPECT_EQ(stub_.authorize(request, 0).status, 400U);
  }
}

TEST_F(StubProviderTest, PostsAnIdTokenInTheFrontChannel) {
  const Parameters request{{"client_id", "storm"},
                           {"response_type", "id_token"},
                           {"response_mode", "form_post"},
                           {"redirect_uri", "http://b/cb?x=\"1\""},
                           {"state", "<s>"},
                           {"nonce", "n"}};
  const ServerResponse response = ask({.method = "GET", .target = "/authorize?" + encode_form(request)});
  const auto form = find_form(response.body);
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->post);
  EXPECT_EQ(form->action, "http://b/cb?x=\"1\"");
  EXPECT_EQ(value_of(form->fields, "state"), "<s>");
  EXPECT_EQ(claims_of(value_of(form->fields, "id_token")).at("nonce").as_string(), "n");
  EXPECT_EQ(stub_.authorize(without(request, "nonce"), 0).status, 400U);
}

}  // namespace
}  // namespace symbolon::bench
