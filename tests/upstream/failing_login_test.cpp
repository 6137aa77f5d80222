// Every way in which a login can break down, and what must never be told of it.
#include <gtest/gtest.h>

#include "base/text.h"
#include "upstream/login_at_provider.h"

namespace symbolon::upstream {
namespace {

using model::OAuthCode;

constexpr const char* kReadsUserinfo =
    R"({"attribute_map":{"mapping_mode":"use_map","attributes":{"name":"${context.userinfo.phone}"}}})";

struct Flow {
  const char* name;
  model::Connection (*connection)();
  int calls;
};

constexpr Flow kFlows[] = {
    {"front channel", [] { return front_channel(); }, 1},
    {"back channel", [] { return back_channel(kReadsUserinfo); }, 3},
    {"back channel, basic", [] { return back_channel(R"({"token_endpoint_auth_method":"client_secret_basic"})"); }, 2},
    {"back channel, assertion", [] { return back_channel(R"({"token_endpoint_auth_method":"private_key_jwt"})"); }, 2},
    {"oauth2",
     [] { return oauth2_connection(R"({"pkce_enabled":true,"customHeaders":{"X-Key":"canary-header-value"}})"); }, 2},
};

TEST(FailingLogin, FailsWhateverCallFails) {
  using http::FetchFailure;
  for (const Flow& flow : kFlows) {
    {
      LoginAtProvider login(flow.connection());
      ASSERT_TRUE(login.prove().has_value());
      ASSERT_EQ(static_cast<int>(login.client.requests().size()), flow.calls) << flow.name;
    }
    for (int n = 1; n <= flow.calls; ++n) {
      for (const FetchFailure why :
           {FetchFailure::dns, FetchFailure::connect, FetchFailure::tls, FetchFailure::timeout}) {
        SCOPED_TRACE(std::string(flow.name) + ", call " + std::to_string(n) + ", " + std::string(to_string(why)));
        LoginAtProvider login(flow.connection());
        login.client.fail_call(n, why);
        const auto proof = login.prove();
        ASSERT_FALSE(proof.has_value());
        EXPECT_EQ(proof.error().downstream.code, OAuthCode::temporarily_unavailable);
        EXPECT_EQ(proof.error().downstream.description, "The identity provider Acme Inc could not be reached");
        EXPECT_EQ(static_cast<int>(login.client.requests().size()), n);
        ASSERT_EQ(static_cast<int>(proof.error().exchanges.size()), n);
        EXPECT_EQ(proof.error().exchanges.back().status, 0);
      }
      for (const FetchFailure why : {FetchFailure::too_large, FetchFailure::protocol, FetchFailure::redirect_refused,
                                     FetchFailure::address_not_allowed, FetchFailure::bad_url}) {
        LoginAtProvider login(flow.connection());
        login.client.fail_call(n, why);
        const auto proof = login.prove();
        ASSERT_FALSE(proof.has_value());
        EXPECT_EQ(proof.error().downstream.code, OAuthCode::server_error);
      }
    }
  }
}

// Everything in an explanation that anybody may ever read.
std::string all_text_of(const UpstreamError& error) {
  std::string out = error.step + error.rule + error.check + error.expected + error.received + error.hint +
                    error.downstream.description + error.downstream.detail;
  for (const Exchange& exchange : error.exchanges)
    out += exchange.purpose + exchange.method + exchange.url + exchange.excerpt;
  return out;
}

// What a provider might throw back at us, in every dress.
std::string echo(const http::OutboundRequest& request, const std::string& id_token) {
  std::string headers;
  for (const auto& [name, value] : request.headers) headers += name + ": " + value + "\n";
  boost::json::object as_json{
      {"you_sent", request.body}, {"headers", headers}, {"id_token", id_token}, {"note", id_token}};
  const auto form = http::Form::parse_lenient(request.body);
  for (const auto& [name, value] : form->all()) as_json["echo_" + name] = "<" + value + ">";
  return boost::json::serialize(as_json);
}

TEST(FailingLogin, TellsNoSecretWhateverHappens) {
  using Script = void (*)(LoginAtProvider&, const std::string& url);
  const std::pair<const char*, Script> scripts[] = {
      {"echo in an error",
       [](LoginAtProvider& l, const std::string& url) {
         l.client.on(url, [&l](const auto& r) { return FakeHttpClient::response(400, echo(r, l.token.compact())); });
       }},
      {"echo in a success",
       [](LoginAtProvider& l, const std::string& url) {
         l.client.on(url, [&l](const auto& r) { return FakeHttpClient::response(200, echo(r, l.token.compact())); });
       }},
      {"echo as text",
       [](LoginAtProvider& l, const std::string& url) {
         l.client.on(url, [&l](const auto& r) {
           return FakeHttpClient::response(500, "<p>" + r.body + " " + l.token.compact(), "text/html");
         });
       }},
      {"echo in the description",
       [](LoginAtProvider& l, const std::string& url) {
         l.client.on(url, [](const auto& r) {
           boost::json::object error{{"error", "invalid_grant"}, {"error_description", "bad " + r.body}};
           const auto form = http::Form::parse_lenient(r.body);
           for (const auto& [name, value] : form->all())
             error["error_description"] = std::string(error["error_description"].as_string()) + " " + value;
           return FakeHttpClient::response(400, boost::json::serialize(error));
         });
       }},
      {"tokens in an error",
       [](LoginAtProvider& l, const std::string& url) {
         l.client.on(url, [&l](const auto&) {
           auto body = l.token_answer();
           body["error"] = "oops";
           body["nested"] = boost::json::object{{"refresh_token", "canary-refresh"},
                                                {"passwords", boost::json::array{"canary-password"}}};
           return FakeHttpClient::response(200, boost::json::serialize(body));
         });
       }},
      {"timeout", [](LoginAtProvider& l, const std::string& url) { l.client.on(url, http::FetchFailure::timeout); }},
  };
  for (const Flow& flow : kFlows) {
    for (const auto& [name, script] : scripts) {
      for (const char* url : {kTokenUrl, kJwksUrl, kUserinfoUrl, kUserUrl}) {
        SCOPED_TRACE(std::string(flow.name) + ", " + name + " of " + url);
        LoginAtProvider login(flow.connection());
        login.own_token_answer = url == std::string(kTokenUrl);
        script(login, url);
        const auto proof = login.prove();
        if (proof) continue;  // this flow never calls that endpoint
        const std::string text = to_lower_ascii(all_text_of(proof.error()));
        EXPECT_FALSE(text.contains("canary")) << text;
        EXPECT_FALSE(text.contains(to_lower_ascii(login.token.compact()))) << text;
        EXPECT_FALSE(text.contains(to_lower_ascii(base64_encode("client-1:")).substr(0, 11))) << text;
        EXPECT_FALSE(text.contains("eyj")) << text;
        for (const Exchange& exchange : proof.error().exchanges) EXPECT_LE(exchange.excerpt.size(), kMaxExcerptBytes);
      }
    }
  }
}

TEST(FailingLogin, TellsNoSecretOfTheResponseEither) {
  struct Row {
    const char* name;
    void (*change)(LoginAtProvider&);
  } const rows[] = {
      {"error that repeats the code",
       [](LoginAtProvider& l) {
         l.response.add("error", "access_denied");
         l.response.add("error_description", kCodeCanary);
       }},
      {"error that names a token",
       [](LoginAtProvider& l) {
         l.response.add("error", "x");
         l.response.add("error_description", "token=canary-value");
       }},
      {"issuer that is the code", [](LoginAtProvider& l) { l.response.add("iss", kCodeCanary); }},
      {"wrong nonce", [](LoginAtProvider& l) { l.token.claims["nonce"] = "other-canary-nonce"; }},
      {"claims that repeat secrets",
       [](LoginAtProvider& l) { l.token.claims["iss"] = std::string("https://x/") + kAccessCanary + kVerifierCanary; }},
      {"kid that repeats secrets", [](LoginAtProvider& l) { l.token.header["kid"] = kAccessCanary; }},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    LoginAtProvider login(back_channel());
    row.change(login);
    const auto proof = login.prove();
    ASSERT_FALSE(proof.has_value());
    EXPECT_FALSE(all_text_of(proof.error()).contains("canary")) << all_text_of(proof.error());
  }
}

TEST(FailingLogin, ShowsWhatTheProviderSaid) {
  LoginAtProvider login(back_channel());
  login.own_token_answer = true;
  login.client.on(kTokenUrl, 400, R"({"error":"invalid_grant","error_description":"Code expired","trace_id":"t-1"})");
  const auto proof = login.prove();
  ASSERT_FALSE(proof.has_value());
  EXPECT_EQ(proof.error().exchanges.at(0).excerpt,
            R"({"error":"invalid_grant","error_description":"Code expired","trace_id":"t-1"})");
  EXPECT_EQ(proof.error().received, "HTTP 400, invalid_grant (Code expired)");
  EXPECT_EQ(proof.error().downstream.detail,
            "RP-64: the token endpoint accepts the code; received HTTP 400, invalid_grant (Code expired)");
}

}  // namespace
}  // namespace symbolon::upstream
