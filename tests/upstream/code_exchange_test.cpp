#include "upstream/code_exchange.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "jose/verify.h"
#include "upstream/login_at_provider.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;

http::Form body_of(const http::OutboundRequest& request) { return *http::Form::parse(request.body); }

std::string header(const http::OutboundRequest& request, std::string_view name) {
  std::string found;
  for (const auto& [field, value] : request.headers)
    if (field == name) found += (found.empty() ? "" : " AND ") + value;
  return found;
}

http::OutboundRequest token_request(LoginAtProvider& login) {
  const auto proof = login.prove();
  EXPECT_TRUE(proof.has_value()) << (proof ? "" : proof.error().received);
  return login.client.requests().at(0);
}

UpstreamError refused(LoginAtProvider& login) {
  login.own_token_answer = true;
  const auto proof = login.prove();
  EXPECT_FALSE(proof.has_value());
  return proof ? UpstreamError() : proof.error();
}

TEST(CodeExchange, SendsTheCodeOnce) {
  LoginAtProvider login(back_channel());
  const auto request = token_request(login);
  EXPECT_EQ(request.method, http::Method::post);
  EXPECT_EQ(request.url, kTokenUrl);
  EXPECT_EQ(request.max_redirects, 0);
  EXPECT_EQ(request.max_body_bytes, 256u * 1024);
  EXPECT_EQ(header(request, "Accept"), "application/json");
  EXPECT_EQ(header(request, "Content-Type"), "application/x-www-form-urlencoded");
  const http::Form form = body_of(request);
  EXPECT_EQ(form.get("grant_type"), "authorization_code");
  EXPECT_EQ(form.get("code"), kCodeCanary);
  EXPECT_EQ(form.get("redirect_uri"), "https://login.example/login/callback");
  EXPECT_EQ(form.get("code_verifier"), kVerifierCanary);
  EXPECT_EQ(login.client.count(kTokenUrl), 1);
}

TEST(CodeExchange, SendsNoVerifierWithoutPkce) {
  LoginAtProvider login(back_channel("{}", R"({"code_challenge_methods_supported":null})"));
  login.expectation.verifier.clear();
  login.expectation.challenge_method.clear();
  EXPECT_FALSE(body_of(token_request(login)).mentions("code_verifier"));
}

TEST(CodeExchange, ProvesItselfByEachMethod) {
  {
    LoginAtProvider login(back_channel());
    const auto request = token_request(login);
    EXPECT_EQ(body_of(request).get("client_id"), "client-1");
    EXPECT_EQ(body_of(request).get("client_secret"), kSecretCanary);
    EXPECT_EQ(header(request, "Authorization"), "");
  }
  {
    LoginAtProvider login(back_channel(R"({"token_endpoint_auth_method":"client_secret_basic"})"));
    const auto request = token_request(login);
    EXPECT_FALSE(body_of(request).mentions("client_secret"));
    EXPECT_EQ(header(request, "Authorization"),
              "Basic " + base64_encode(http::percent_encode("client-1") + ":" + http::percent_encode(kSecretCanary)));
  }
  {
    LoginAtProvider login(back_channel(R"({"token_endpoint_auth_method":"none"})"));
    const auto request = token_request(login);
    EXPECT_EQ(body_of(request).get("client_id"), "client-1");
    EXPECT_FALSE(body_of(request).mentions("client_secret"));
    EXPECT_EQ(header(request, "Authorization"), "");
  }
}

TEST(CodeExchange, ProvesItselfByAnAssertion) {
  for (const bool issuer : {false, true}) {
    LoginAtProvider login(back_channel(
        std::string(R"({"token_endpoint_auth_method":"private_key_jwt","token_endpoint_jwtca_aud_format":")") +
        (issuer ? "issuer" : "token_endpoint") + "\"}"));
    const http::Form form = body_of(token_request(login));
    EXPECT_EQ(form.get("client_id"), "client-1");
    EXPECT_EQ(form.get("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    EXPECT_FALSE(form.mentions("client_secret"));
    const auto jws = jose::Jws::parse(form.get("client_assertion"));
    ASSERT_TRUE(jws.has_value());
    EXPECT_TRUE(jose::verify(*jws, OneAssertionKey::test_key().key.public_key(), {crypto::SignatureAlgorithm::ES256})
                    .has_value());
    EXPECT_EQ(jws->key_id(), "our-kid");
    EXPECT_EQ(jws->type(), "JWT");
    const auto claims = *jws->payload();
    EXPECT_EQ(claims.at("iss"), "client-1");
    EXPECT_EQ(claims.at("sub"), "client-1");
    EXPECT_EQ(claims.at("aud"), issuer ? "https://idp.example" : kTokenUrl);
    EXPECT_EQ(claims.at("iat"), kLoginTime);
    EXPECT_EQ(claims.at("exp"), kLoginTime + 60);
    EXPECT_EQ(claims.at("jti").as_string().size(), 22u);
  }
}

TEST(CodeExchange, SendsNothingWithoutItsCredential) {
  {
    LoginAtProvider login(back_channel());
    login.connection.client_secret.bytes = login.box.seal("connection-secret", "default|another", kSecretCanary);
    const UpstreamError error = refused(login);
    EXPECT_EQ(error.downstream.description, "connection misconfigured");
    EXPECT_EQ(error.received, "it does not open");
    EXPECT_TRUE(login.client.requests().empty());
  }
  {
    LoginAtProvider login(back_channel());
    login.connection.client_secret.bytes.clear();
    EXPECT_EQ(refused(login).received, "none is stored");
    EXPECT_TRUE(login.client.requests().empty());
  }
  {
    LoginAtProvider login(back_channel(R"({"token_endpoint_auth_method":"private_key_jwt"})"));
    login.assertion_keys.broken = true;
    EXPECT_EQ(refused(login).received, "no key in the database");
    EXPECT_TRUE(login.client.requests().empty());
  }
}

TEST(CodeExchange, TriesAgainOnlyWhenTheRequestNeverLeft) {
  using http::FetchFailure;
  struct Row {
    FetchFailure why;
    bool sent_nothing;
    int calls;
  } const rows[] = {{FetchFailure::connect, true, 2},  {FetchFailure::connect, false, 1},
                    {FetchFailure::timeout, false, 1}, {FetchFailure::timeout, true, 1},
                    {FetchFailure::tls, true, 1},      {FetchFailure::protocol, false, 1}};
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(to_string(row.why)));
    LoginAtProvider login(back_channel());
    login.client.on(kTokenUrl, row.why, row.sent_nothing);
    const UpstreamError error = refused(login);
    EXPECT_EQ(login.client.count(kTokenUrl), row.calls);
    EXPECT_EQ(error.exchanges.size(), static_cast<std::size_t>(row.calls));
    EXPECT_EQ(error.downstream.description, "The identity provider Acme Inc could not be reached");
  }
}

TEST(CodeExchange, MapsTheTokenEndpointsErrors) {
  struct Row {
    int status;
    const char* body;
    OAuthCode code;
    const char* description;
    const char* hint;
  } const rows[] = {
      {400, R"({"error":"invalid_grant"})", OAuthCode::access_denied, "The identity provider refused the sign-in",
       "try again"},
      {400, R"({"error":"invalid_grant","error_description":"code_verifier is missing"})", OAuthCode::access_denied,
       "The identity provider refused the sign-in", "S256"},
      {401, R"({"error":"invalid_client"})", OAuthCode::server_error, "connection misconfigured",
       "client_secret_basic"},
      {401, "nope", OAuthCode::server_error, "connection misconfigured", "client_secret_basic"},
      {400, R"({"error":"invalid_scope"})", OAuthCode::server_error, "connection misconfigured", "scopes"},
      {200, R"({"error":"something"})", OAuthCode::server_error, "connection misconfigured", ""},
      {404, "<html>", OAuthCode::server_error, "connection misconfigured", ""},
      {201, R"({"id_token":"x"})", OAuthCode::server_error, "connection misconfigured", ""},
      {302, "", OAuthCode::server_error, "connection misconfigured", ""},
      {503, "", OAuthCode::server_error, "The identity provider Acme Inc could not be reached", ""},
      {500, R"({"error":"server_error"})", OAuthCode::server_error,
       "The identity provider Acme Inc could not be reached", ""},
      {503, R"({"error":"temporarily_unavailable"})", OAuthCode::temporarily_unavailable,
       "The identity provider Acme Inc could not be reached", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::to_string(row.status) + row.body);
    LoginAtProvider login(back_channel());
    login.client.on(kTokenUrl, row.status, row.body);
    const UpstreamError error = refused(login);
    EXPECT_EQ(error.step, "token_request");
    EXPECT_EQ(error.rule, "RP-64");
    EXPECT_EQ(error.downstream.code, row.code);
    EXPECT_EQ(error.downstream.description, row.description);
    EXPECT_TRUE(error.hint.contains(row.hint)) << error.hint;
    EXPECT_TRUE(error.received.starts_with("HTTP " + std::to_string(row.status)));
    EXPECT_EQ(login.client.count(kTokenUrl), 1);
  }
}

TEST(CodeExchange, RefusesAnswersThatAreNoAnswer) {
  const std::string large = R"({"id_token":")" + std::string(256 * 1024, 'x') + "\"}";
  struct Row {
    const char* name;
    std::string body;
    const char* rule;
  } const rows[] = {
      {"no id_token", R"({"access_token":"x","token_type":"Bearer"})", "RP-63"},
      {"id_token of another type", R"({"id_token":7})", "RP-63"},
      {"no JSON", "id_token=x", "RP-63"},
      {"an array", "[]", "RP-63"},
      {"twice", R"({"id_token":"a","id_token":"b"})", "RP-63"},
      {"too large", large, "RP-60"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoginAtProvider login(back_channel());
    login.client.on(kTokenUrl, 200, row.body);
    const UpstreamError error = refused(login);
    EXPECT_EQ(error.rule, row.rule);
    EXPECT_EQ(error.downstream.code, OAuthCode::server_error);
  }
}

TEST(CodeExchange, TakesAnyCaseOfBearerAndLeavesOtherTokensUnused) {
  for (const auto& [type, kept] :
       {std::pair{"bearer", true}, {"BEARER", true}, {"", true}, {"DPoP", false}, {"mac", false}}) {
    SCOPED_TRACE(type);
    LoginAtProvider login(back_channel());
    auto answer = login.token_answer();
    answer["token_type"] = type;
    login.own_token_answer = true;
    login.client.on(kTokenUrl, 200, boost::json::serialize(answer));
    const auto proof = login.prove();
    ASSERT_TRUE(proof.has_value());
    EXPECT_EQ(!proof->access_token.empty(), kept);
  }
}

TEST(CodeExchange, FallsBackToBasicForOauth2AndRemembersIt) {
  for (const auto& [status, body] :
       {std::pair{401, R"({"error":"invalid_client"})"}, {401, "no"}, {400, R"({"error":"invalid_client"})"}}) {
    SCOPED_TRACE(std::to_string(status) + body);
    LoginAtProvider login(oauth2_connection());
    login.own_token_answer = true;
    login.client.on(kTokenUrl, [&, code = status, text = body](const http::OutboundRequest& request) {
      return header(request, "Authorization").empty()
                 ? FakeHttpClient::response(code, text)
                 : FakeHttpClient::response(200, boost::json::serialize(login.token_answer()));
    });
    ASSERT_TRUE(login.prove().has_value());
    EXPECT_EQ(login.client.count(kTokenUrl), 2);
    EXPECT_EQ(body_of(login.client.requests()[0]).get("client_secret"), kSecretCanary);
    EXPECT_FALSE(body_of(login.client.requests()[1]).mentions("client_secret"));
    ASSERT_TRUE(login.prove().has_value());
    EXPECT_EQ(login.client.count(kTokenUrl), 3);
  }
}

TEST(CodeExchange, FallsBackOnlyOnceAndOnlyWhenTheMethodIsOpen) {
  {
    LoginAtProvider login(oauth2_connection());
    login.client.on(kTokenUrl, 401, R"({"error":"invalid_client"})");
    EXPECT_EQ(refused(login).rule, "RP-64");
    EXPECT_EQ(login.client.count(kTokenUrl), 2);
  }
  {
    LoginAtProvider login(oauth2_connection());
    login.client.on(kTokenUrl, 400, R"({"error":"invalid_grant"})");
    EXPECT_EQ(refused(login).downstream.code, OAuthCode::access_denied);
    EXPECT_EQ(login.client.count(kTokenUrl), 1);
  }
  {
    LoginAtProvider login(oauth2_connection(R"({"token_endpoint_auth_method":"client_secret_post"})"));
    login.client.on(kTokenUrl, 401, R"({"error":"invalid_client"})");
    refused(login);
    EXPECT_EQ(login.client.count(kTokenUrl), 1);
  }
}

TEST(CodeExchange, TakesFormEncodedAnswersForOauth2Only) {
  LoginAtProvider login(oauth2_connection());
  login.own_token_answer = true;
  login.client.on(kTokenUrl, 200, "access_token=abc%2Bdef&scope=user&token_type=bearer",
                  "application/x-www-form-urlencoded");
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value()) << proof.error().received;
  EXPECT_EQ(proof->access_token, "abc+def");
  EXPECT_EQ(proof->scope_granted, "user");

  LoginAtProvider failing(oauth2_connection());
  failing.client.on(kTokenUrl, 200, "error=bad_verification_code&error_description=no", "text/plain");
  EXPECT_EQ(refused(failing).received, "HTTP 200, bad_verification_code (no)");
}

TEST(CodeExchange, SendsTheConnectionsOwnHeaders) {
  LoginAtProvider login(oauth2_connection(R"({"customHeaders":{"X-Api":"7","authorization":"Basic canary"},
    "token_endpoint_auth_method":"client_secret_basic"})"));
  const auto request = token_request(login);
  EXPECT_EQ(header(request, "X-Api"), "7");
  EXPECT_EQ(header(request, "Authorization"), "");
  EXPECT_EQ(header(request, "authorization"), "Basic canary");
}

}  // namespace
}  // namespace symbolon::upstream
