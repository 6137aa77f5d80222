#include "upstream/relying_party.h"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>

#include "upstream/login_at_provider.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;

UpstreamError failure_of(LoginAtProvider& login) {
  auto proof = login.prove();
  EXPECT_FALSE(proof.has_value());
  return proof ? UpstreamError() : proof.error();
}

TEST(RelyingParty, ProvesAPersonThroughTheBackChannel) {
  LoginAtProvider login(back_channel());
  login.token.claims["acr"] = "gold";
  login.token.claims["amr"] = boost::json::array{"pwd"};
  login.token.claims["sid"] = "s-1";
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value()) << proof.error().received;
  EXPECT_EQ(proof->issuer, "https://idp.example");
  EXPECT_EQ(proof->subject, "sub-1");
  EXPECT_EQ(object_of(proof->claims), login.token.claims);
  EXPECT_EQ(object_of(proof->id_token_header), login.token.header);
  EXPECT_EQ(proof->access_token, kAccessCanary);
  EXPECT_EQ(proof->scope_granted, "openid");
  EXPECT_EQ(proof->acr, "gold");
  EXPECT_EQ(proof->amr, std::vector<std::string>{"pwd"});
  EXPECT_EQ(proof->upstream_sid, "s-1");
  EXPECT_EQ(proof->userinfo, "");
  EXPECT_EQ(proof->replay_key, "");
  EXPECT_TRUE(proof->warnings.empty());
  ASSERT_EQ(proof->exchanges.size(), 2u);
  EXPECT_EQ(proof->exchanges[0].purpose, "token");
  EXPECT_EQ(proof->exchanges[0].method, "POST");
  EXPECT_EQ(proof->exchanges[0].url, kTokenUrl);
  EXPECT_EQ(proof->exchanges[0].status, 200);
  EXPECT_EQ(proof->exchanges[1].purpose, "keys");
  EXPECT_EQ(login.client.count(kUserinfoUrl), 0);
}

TEST(RelyingParty, ProvesAPersonThroughTheFrontChannelWithoutATokenRequest) {
  LoginAtProvider login(front_channel());
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value()) << proof.error().received;
  EXPECT_EQ(proof->subject, "sub-1");
  EXPECT_EQ(proof->access_token, "");
  EXPECT_TRUE(proof->replay_key.starts_with("https://idp.example\ntoken:"));
  EXPECT_EQ(proof->replay_expires_at, from_epoch_seconds(kLoginTime + 360));
  EXPECT_EQ(login.client.requests().size(), 1u);
  EXPECT_EQ(login.client.count(kJwksUrl), 1);
}

TEST(RelyingParty, IgnoresCodeAndAccessTokenBesideAFrontChannelToken) {
  LoginAtProvider login(front_channel());
  login.response.add("code", kCodeCanary);
  login.response.add("access_token", kAccessCanary);
  login.token.claims["c_hash"] = "not checked";
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->access_token, "");
  EXPECT_EQ(login.client.count(kTokenUrl), 0);
}

// T51: an answer of another provider ends the login before any code is sent.
TEST(RelyingParty, T51AbortsAMixUpBeforeTheTokenRequest) {
  struct Row {
    const char* name;
    const char* iss;  // null: not sent
    bool announced;
  } const rows[] = {
      {"wrong", "https://evil.example", false}, {"wrong, announced", "https://evil.example", true},
      {"slash", "https://idp.example/", false}, {"missing, announced", nullptr, true},
      {"empty, announced", "", true},
  };
  for (const Row& row : rows) {
    for (const bool front : {false, true}) {
      // An ID token in the response stands in for the parameter (RFC 9207 §4).
      if (front && (!row.iss || !*row.iss)) continue;
      SCOPED_TRACE(std::string(row.name) + (front ? " front" : " back"));
      const char* metadata = row.announced ? R"({"authorization_response_iss_parameter_supported":true})" : "{}";
      LoginAtProvider login(front ? front_channel("{}", metadata) : back_channel("{}", metadata));
      if (row.iss) login.response.add("iss", row.iss);
      const UpstreamError error = failure_of(login);
      EXPECT_EQ(error.rule, "RP-50");
      EXPECT_EQ(error.step, "authorization_response");
      EXPECT_EQ(error.expected, "https://idp.example");
      EXPECT_EQ(error.downstream.code, OAuthCode::access_denied);
      EXPECT_TRUE(login.client.requests().empty());
    }
  }
}

TEST(RelyingParty, T51TakesTheTokensWordForTheIssuerInTheFrontChannel) {
  const char* announced = R"({"authorization_response_iss_parameter_supported":true})";
  EXPECT_TRUE(LoginAtProvider(front_channel("{}", announced)).prove().has_value());

  LoginAtProvider without_token(front_channel("{}", announced));
  without_token.response = {};
  without_token.response.add("error", "access_denied");
  EXPECT_EQ(failure_of(without_token).rule, "RP-50");
}

TEST(RelyingParty, T51ChecksTheIssuerOfAnErrorToo) {
  LoginAtProvider login(back_channel());
  login.response.add("iss", "https://evil.example");
  login.response.add("error", "access_denied");
  EXPECT_EQ(failure_of(login).rule, "RP-50");
}

TEST(RelyingParty, T51RefusesTwoIssuers) {
  LoginAtProvider login(back_channel());
  login.response.add("iss", "https://idp.example");
  login.response.add("iss", "https://evil.example");
  EXPECT_EQ(failure_of(login).rule, "RP-50");
  EXPECT_TRUE(login.client.requests().empty());
}

TEST(RelyingParty, AcceptsTheRightIssuerInTheResponse) {
  LoginAtProvider login(back_channel("{}", R"({"authorization_response_iss_parameter_supported":true})"));
  login.response.add("iss", "https://idp.example");
  EXPECT_TRUE(login.prove().has_value());

  const std::string issuer = "https://login.microsoftonline.com/0a1b2c3d-0000-4000-8000-00000000000f/v2.0";
  LoginAtProvider templated(back_channel("{}", R"({"issuer":"https://login.microsoftonline.com/{tenantid}/v2.0"})"));
  templated.token.claims["iss"] = issuer;
  templated.token.claims["tid"] = "0a1b2c3d-0000-4000-8000-00000000000f";
  templated.response.add("iss", issuer);
  EXPECT_TRUE(templated.prove().has_value());
}

TEST(RelyingParty, TakesTheIdTokensIssuerForTheOneInTheResponse) {
  LoginAtProvider login(front_channel("{}", R"({"authorization_response_iss_parameter_supported":true})"));
  EXPECT_TRUE(login.prove().has_value());

  LoginAtProvider failing(front_channel("{}", R"({"authorization_response_iss_parameter_supported":true})"));
  failing.response.add("error", "access_denied");
  EXPECT_EQ(failure_of(failing).rule, "RP-50");
}

TEST(RelyingParty, WantsTheArtefactOfItsChannel) {
  struct Row {
    const char* name;
    bool front;
    void (*change)(LoginAtProvider&);
  } const rows[] = {
      {"no code", false,
       [](LoginAtProvider& l) {
         l.response = {};
         l.response.add("state", "S");
         l.response.add("id_token", "x.y.z");
       }},
      {"no id_token", true,
       [](LoginAtProvider& l) {
         l.without_artefact = true;
         l.response.add("code", kCodeCanary);
       }},
      {"id_token in the query", true, [](LoginAtProvider& l) { l.posted = false; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoginAtProvider login(row.front ? front_channel() : back_channel());
    row.change(login);
    const UpstreamError error = failure_of(login);
    EXPECT_EQ(error.downstream.code, OAuthCode::server_error);
    EXPECT_EQ(error.downstream.description, "unexpected response");
    EXPECT_TRUE(login.client.requests().empty());
    EXPECT_FALSE(error.hint.empty());
  }
}

TEST(RelyingParty, TakesACodeByPostToo) {
  LoginAtProvider login(back_channel());
  login.posted = true;
  EXPECT_TRUE(login.prove().has_value());
}

TEST(RelyingParty, RefusesAConnectionThatMissesEndpoints) {
  auto connection = back_channel();
  connection.upstream.missing = {"token_endpoint"};
  LoginAtProvider login(std::move(connection));
  const UpstreamError error = failure_of(login);
  EXPECT_EQ(error.downstream.description, "connection acme is missing token_endpoint");
  EXPECT_TRUE(login.client.requests().empty());
}

TEST(RelyingParty, TranslatesTheProvidersErrors) {
  struct Row {
    const char* error;
    OAuthCode code;
    const char* description;
  } const rows[] = {
      {"access_denied", OAuthCode::access_denied, "The person said no"},
      {"user_cancelled_login", OAuthCode::access_denied, "The person said no"},
      {"consent_required", OAuthCode::access_denied, "The person said no"},
      {"login_required", OAuthCode::access_denied, "The identity provider refused the sign-in"},
      {"interaction_required", OAuthCode::access_denied, "The identity provider refused the sign-in"},
      {"temporarily_unavailable", OAuthCode::temporarily_unavailable,
       "The identity provider Acme Inc could not be reached"},
      {"server_error", OAuthCode::server_error, "The identity provider Acme Inc could not be reached"},
      {"invalid_request", OAuthCode::server_error, "connection misconfigured"},
      {"unauthorized_client", OAuthCode::server_error, "connection misconfigured"},
      {"unsupported_response_type", OAuthCode::server_error, "connection misconfigured"},
      {"invalid_scope", OAuthCode::server_error, "connection misconfigured"},
      {"invalid_client", OAuthCode::server_error, "connection misconfigured"},
      {"AADSTS50105", OAuthCode::access_denied, "The identity provider refused the sign-in"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.error);
    LoginAtProvider login(back_channel());
    login.response.add("error", row.error);
    login.response.add("error_description", "The person <b>said</b>\r\n no\"");
    const UpstreamError error = failure_of(login);
    EXPECT_EQ(error.downstream.code, row.code);
    EXPECT_EQ(error.downstream.description, row.description);
    EXPECT_TRUE(error.received.starts_with(std::string(row.error) + " (The person"));
    EXPECT_TRUE(login.client.requests().empty());
  }
}

TEST(RelyingParty, CutsTheProvidersDescription) {
  LoginAtProvider login(back_channel());
  login.response.add("error", "access_denied");
  login.response.add("error_description", std::string(5000, 'x'));
  EXPECT_EQ(failure_of(login).downstream.description, std::string(200, 'x'));
}

TEST(RelyingParty, NamesAConnectionWithAForeignNameInAscii) {
  auto connection = front_channel();
  connection.display_name = "Société \"X\"";
  LoginAtProvider login(std::move(connection));
  login.token.claims["aud"] = "other";
  EXPECT_EQ(failure_of(login).downstream.description, "Invalid ID token from acme");
}

TEST(RelyingParty, RefetchesKeysOnceForAnUnknownKid) {
  LoginAtProvider login(back_channel());
  static const TestKey old_key = TestKey::make("old");
  login.client.on(kJwksUrl, 200, key_set_of({&old_key}));
  EXPECT_EQ(failure_of(login).rule, "V3");
  EXPECT_EQ(login.client.count(kJwksUrl), 2);

  login.clock.advance(std::chrono::seconds(30));
  login.token.claims["iat"] = kLoginTime + 25;
  login.client.on(kJwksUrl, 200, key_set_of({&provider_key()}));
  const auto proof = login.prove();
  ASSERT_TRUE(proof.has_value()) << proof.error().received;
  EXPECT_EQ(login.client.count(kJwksUrl), 3);
}

TEST(RelyingParty, RefetchesKeysForABadSignatureWhenTheyAreOld) {
  LoginAtProvider login(back_channel());
  static const TestKey reused = TestKey::make("k1");
  login.client.on(kJwksUrl, [&](const auto&) {
    auto answer = FakeHttpClient::response(200, key_set_of({&reused}));
    answer.headers.set("Cache-Control", "max-age=3600");
    return answer;
  });
  EXPECT_EQ(failure_of(login).rule, "V3");
  EXPECT_EQ(login.client.count(kJwksUrl), 1);
  login.clock.advance(std::chrono::minutes(11));
  login.token.claims["exp"] = kLoginTime + 3000;
  login.client.on(kJwksUrl, 200, key_set_of({&provider_key()}));
  EXPECT_TRUE(login.prove().has_value());
  EXPECT_EQ(login.client.count(kJwksUrl), 2);
}

TEST(RelyingParty, SaysThatTheProvidersKeysCannotBeHad) {
  LoginAtProvider login(front_channel());
  login.client.on(kJwksUrl, http::FetchFailure::dns);
  UpstreamError error = failure_of(login);
  EXPECT_EQ(error.rule, "V3");
  EXPECT_EQ(error.downstream.code, OAuthCode::temporarily_unavailable);
  EXPECT_EQ(error.downstream.description, "The identity provider Acme Inc could not be reached");
  ASSERT_EQ(error.exchanges.size(), 1u);

  LoginAtProvider useless(front_channel());
  useless.client.on(kJwksUrl, 200, "{}");
  error = failure_of(useless);
  EXPECT_EQ(error.received, "key set has no array of keys");
  EXPECT_EQ(error.exchanges.at(0).excerpt, "{}");
}

TEST(RelyingParty, TellsOfWeakOptionsAndWhatItDidInstead) {
  const auto warnings_of = [](const char* options, const char* metadata, std::string method) {
    LoginAtProvider login(back_channel(options, metadata));
    login.expectation.challenge_method = std::move(method);
    const auto proof = login.prove();
    EXPECT_TRUE(proof.has_value());
    return proof ? proof->warnings : std::vector<std::string>();
  };
  const auto kept = warnings_of(R"({"connection_settings":{"pkce":"disabled"}})", "{}", "S256");
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_TRUE(kept[0].contains("was used"));
  const auto off =
      warnings_of(R"({"connection_settings":{"pkce":"disabled"}})", R"({"code_challenge_methods_supported":null})", "");
  ASSERT_EQ(off.size(), 1u);
  const auto nonce = warnings_of(R"({"send_back_channel_nonce":false})", "{}", "S256");
  ASSERT_EQ(nonce.size(), 1u);
  EXPECT_TRUE(nonce[0].contains("send_back_channel_nonce"));
  const auto plain = warnings_of(R"({"connection_settings":{"pkce":"S256"}})",
                                 R"({"code_challenge_methods_supported":["plain"]})", "S256");
  ASSERT_EQ(plain.size(), 1u);
}

TEST(RelyingParty, MeasuresTheProvidersClock) {
  for (const auto& [date, text] : {std::pair{"Fri, 15 Jan 2027 08:00:40 GMT", "40 s ahead of"},
                                   {"Fri, 15 Jan 2027 07:59:00 GMT", "60 s behind"},
                                   {"Fri, 15 Jan 2027 08:00:29 GMT", ""},
                                   {"yesterday", ""}}) {
    SCOPED_TRACE(date);
    LoginAtProvider login(back_channel());
    login.own_token_answer = true;
    login.client.on(kTokenUrl, [&, at = std::string(date)](const auto&) {
      auto answer = FakeHttpClient::response(200, boost::json::serialize(login.token_answer()));
      answer.headers.set("Date", at);
      return answer;
    });
    const auto proof = login.prove();
    ASSERT_TRUE(proof.has_value());
    ASSERT_EQ(proof->warnings.size(), *text ? 1u : 0u);
    if (*text) EXPECT_TRUE(proof->warnings[0].contains(text)) << proof->warnings[0];
  }
}

TEST(RelyingParty, SendsEveryCallUnderTheConnectionsEgressPolicy) {
  LoginAtProvider login(back_channel(
      R"({"egress":{"allowed_networks":["10.1.0.0/16"],"proxy":"http://proxy.example:3128","ca_pem":"-----BEGIN CERTIFICATE-----\nx"},
          "attribute_map":{"mapping_mode":"use_map","attributes":{"p":"${context.userinfo.phone}"}}})"));
  ASSERT_TRUE(login.prove().has_value());
  ASSERT_EQ(login.client.requests().size(), 3u);
  for (const auto& request : login.client.requests()) {
    EXPECT_EQ(request.egress.allowed_networks, std::vector<std::string>{"10.1.0.0/16"});
    EXPECT_EQ(request.egress.proxy, "http://proxy.example:3128");
    EXPECT_EQ(request.max_redirects, 0);
  }
}

TEST(EgressFor, AddsToTheServersPolicyAndNeverTakesAway) {
  http::EgressPolicy server{.allowed_networks = {"192.168.0.0/16"},
                            .allow_http = true,
                            .allow_private = false,
                            .ca_pem = "A",
                            .proxy = "http://p"};
  model::UpstreamSettings settings;
  EXPECT_EQ(egress_for(server, settings), server);
  settings.allowed_networks = {"10.0.0.0/8"};
  settings.ca_pem = "B";
  settings.proxy = "http://q";
  const auto egress = egress_for(server, settings);
  EXPECT_EQ(egress.allowed_networks, (std::vector<std::string>{"192.168.0.0/16", "10.0.0.0/8"}));
  EXPECT_EQ(egress.ca_pem, "A\nB");
  EXPECT_EQ(egress.proxy, "http://q");
  EXPECT_TRUE(egress.allow_http);
  EXPECT_FALSE(egress.allow_private);
}

TEST(RelyingParty, ServesManyLoginsOverRotatingKeysWithoutAFailure) {
  LoginAtProvider login(back_channel());
  static const TestKey old_key = TestKey::make("old");
  login.client.on(kJwksUrl, 200, key_set_of({&old_key}));
  login.client.on(kTokenUrl, 200, boost::json::serialize(login.token_answer()));
  run_task(login.keys.keys({TenantId("default"), login.connection.id, kJwksUrl, {}}));
  login.client.on(kJwksUrl, 200, key_set_of({&old_key, &provider_key()}));

  const auto connection = std::make_shared<const model::Connection>(login.connection);
  boost::asio::io_context io;
  std::vector<std::future<std::expected<ProvenIdentity, UpstreamError>>> results;
  for (int i = 0; i < 200; ++i)
    results.push_back(
        boost::asio::co_spawn(io, login.party.prove(connection, login.site, login.response, false, login.expectation),
                              boost::asio::use_future));
  io.run();
  for (auto& result : results) EXPECT_TRUE(result.get().has_value());
  EXPECT_EQ(login.client.count(kJwksUrl), 2);
}

}  // namespace
}  // namespace symbolon::upstream
