#include <gtest/gtest.h>

#include "base/encoding.h"
#include "flows/world.h"
#include "http/form.h"
#include "http/url.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr const char* kBye = "https://app.example/bye";
constexpr const char* kListener = "https://app.example/backchannel-logout";

json::object claims_of(const std::string& token) {
  const auto first = token.find('.');
  return json::parse(*base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1))).as_object();
}

std::string hidden(const http::Response& page, const std::string& name) {
  const std::string start = "name=\"" + name + "\" value=\"";
  const auto at = page.body.find(start);
  if (at == std::string::npos) return {};
  const auto from = at + start.size();
  return page.body.substr(from, page.body.find('"', from) - from);
}

class Logout : public World, public testing::Test {
 protected:
  Logout() {
    change_client(client_id,
                  {{"allowed_logout_urls", {kBye}}, {"oidc_logout", {{"backchannel_logout_urls", {kListener}}}}});
    provider.on(kListener, 200, "");
  }
  /// Signs in and returns the ID token.
  std::string sign_in() {
    const auto tokens = redeem(parameters(arrive(depart("acme"), "acme")).at("code"));
    EXPECT_EQ(tokens.status, 200) << tokens.body;
    return std::string(json::parse(tokens.body).at("id_token").as_string());
  }
  bool is_signed_in() { return depart("acme", {{"prompt", "none"}}).contains("code"); }
  http::Response leave(const Fields& query, const std::string& path = "/oidc/logout", const Fields& headers = {}) {
    return get(path + "?" + http::encode_form(query), headers);
  }
  std::size_t deliver() {
    const auto items = run_task(endpoints->logout_delivery.take_due());
    for (const auto& item : items) run_task(endpoints->logout_delivery.deliver(item));
    return items.size();
  }
  static std::string location(const http::Response& response) { return std::string(response.headers.get("Location")); }
};

// §6.1
TEST_F(Logout, V2EndsTheSessionAndTellsTheApplication) {
  const std::string sid = std::string(claims_of(sign_in()).at("sid").as_string());
  const auto response = leave({{"client_id", client_id}, {"returnTo", std::string(kBye) + "?x=1"}}, "/v2/logout");
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(location(response), std::string(kBye) + "?x=1");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_FALSE(cookies.contains("__Host-bs"));
  EXPECT_FALSE(is_signed_in());
  EXPECT_EQ(deliver(), 1u);
  const auto form = http::Form::parse(provider.last().body).value();
  EXPECT_EQ(claims_of(form.get("logout_token")).at("sid"), json::value(sid));
}

TEST_F(Logout, V2WithoutAnAddress) {
  sign_in();
  EXPECT_EQ(location(leave({{"client_id", client_id}}, "/v2/logout")), kBye);
  EXPECT_EQ(location(leave({}, "/v2/logout")), "https://id.example/u/logged-out");
  const auto page = get("/u/logged-out");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.body.contains("You are signed out"));
  EXPECT_EQ(leave({{"client_id", "nobody"}}, "/v2/logout").status, 400);
}

// LO-5
TEST_F(Logout, T21AnUnregisteredAddressEndsNothingAndLeadsNowhere) {
  const std::string hint = sign_in();
  for (const auto& response :
       {leave({{"client_id", client_id}, {"returnTo", "https://evil.example/"}}, "/v2/logout"),
        leave({{"returnTo", kBye}}, "/v2/logout"),
        leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", "https://evil.example/"}}),
        leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", std::string(kBye) + "?x=1"}})}) {
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(location(response), "");
  }
  EXPECT_TRUE(is_signed_in());
  const auto page = leave({{"returnTo", "https://evil.example/"}}, "/v2/logout");
  EXPECT_TRUE(page.body.contains("The returnTo URL is not allowed"));
  const auto out = post("/u/logout", {{"token", hidden(page, "token")}, {"decision", "yes"}});
  EXPECT_EQ(location(out), "https://id.example/u/logged-out");
  EXPECT_FALSE(is_signed_in());
}

// LO-6
TEST_F(Logout, ARefusalIsOnRecordForTheSignedInOnlyAndOnceAMinute) {
  const auto recorded = [&] {
    return run_task(memory->read([](db::Transaction& tx) {
      return tx.query_one("SELECT COUNT(*) FROM log_events WHERE type = 'flo'")->integer(0);
    }));
  };
  const Fields legacy{{"client_id", client_id}, {"returnTo", "https://evil.example/"}};
  const Fields standard{{"client_id", client_id}, {"post_logout_redirect_uri", "https://evil.example/"}};
  leave(legacy, "/v2/logout");
  leave(standard);
  EXPECT_EQ(recorded(), 0);
  sign_in();
  leave(legacy, "/v2/logout");
  leave(standard);
  EXPECT_EQ(recorded(), 1);
  clock.advance(61s);
  leave(standard);
  EXPECT_EQ(recorded(), 2);
  clock.advance(61s);
  leave({{"client_id", "nobody"}});
  EXPECT_EQ(recorded(), 3);
  EXPECT_TRUE(is_signed_in());
}

// login-runtime §11: an event is found by the names of application, connection and person as well as by their ids.
TEST_F(Logout, EveryEventOfASessionHasNames) {
  sign_in();
  EXPECT_TRUE(is_signed_in());
  EXPECT_FALSE(depart("front", {{"prompt", "none"}}).contains("code"));
  leave({{"client_id", client_id}, {"returnTo", "https://evil.example/"}}, "/v2/logout");
  leave({{"client_id", client_id}, {"returnTo", kBye}, {"federated", "1"}}, "/v2/logout");
  EXPECT_EQ(deliver(), 1u);
  for (const char* type : {"ssa", "fsa", "flo", "slo", "federated_logout_failed"})
    EXPECT_EQ(count("log_events WHERE client_name = 'app' AND connection = 'acme' AND strategy = 'oidc' AND user_name ="
                    " 'ada@idp.example' AND type = '" + std::string(type) + "'"),
              1)
        << type;
  EXPECT_EQ(count("log_events WHERE client_name = 'app' AND user_name = 'ada@idp.example' AND type ="
                  " 'oidc_backchannel_logout_succeeded'"),
            1);
}

TEST_F(Logout, ARefusalNamesTheRuleThatWasBroken) {
  const std::string hint = sign_in();
  const struct {
    const char* path;
    Fields query;
    const char* rule;
  } kRows[] = {
      {"/v2/logout", {{"client_id", "nobody"}}, "LO-2"},
      {"/v2/logout", {{"client_id", client_id}, {"returnTo", "https://evil.example/"}}, "LO-5"},
      {"/oidc/logout", {{"client_id", client_id}, {"post_logout_redirect_uri", "https://evil.example/"}}, "LO-5"},
      {"/oidc/logout", {{"client_id", client_id}, {"client_id", client_id}}, "LO-10"},
      {"/oidc/logout", {{"client_id", client_id}, {"state", std::string(5000, 's')}}, "LO-10"},
      {"/oidc/logout", {{"id_token_hint", "no token"}}, "LO-11"},
      {"/oidc/logout", {{"id_token_hint", hint}, {"client_id", other_id}}, "LO-12"},
      {"/oidc/logout", {{"id_token_hint", hint}, {"logout_hint", "another"}}, "LO-12"},
      {"/oidc/logout", {{"client_id", "nobody"}}, "LO-12"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.path + http::encode_form(row.query).substr(0, 100));
    clock.advance(61s);
    EXPECT_EQ(leave(row.query, row.path).status, 400);
    const std::string details = run_task(memory->read([](db::Transaction& tx) {
      return tx.query_one("SELECT details FROM log_events WHERE type = 'flo' ORDER BY log_id DESC LIMIT 1")->text(0);
    }));
    EXPECT_EQ(json::parse(details).at("rule"), json::value(row.rule));
  }
}

TEST_F(Logout, AnImageOrFrameOfAnotherSiteEndsNothing) {
  sign_in();
  for (const char* destination : {"image", "iframe", "empty", "script"}) {
    const auto response = leave({}, "/v2/logout", {{"Sec-Fetch-Dest", destination}});
    EXPECT_EQ(response.status, 204) << destination;
  }
  EXPECT_TRUE(is_signed_in());
  EXPECT_EQ(leave({}, "/v2/logout", {{"Sec-Fetch-Dest", "document"}}).status, 302);
  EXPECT_FALSE(is_signed_in());
}

// §6.2
TEST_F(Logout, AGenuineHintNeedsNoQuestion) {
  const std::string hint = sign_in();
  clock.advance(48h);
  const auto response = leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", kBye}, {"state", "a b&c"}});
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(location(response), std::string(kBye) + "?state=a%20b%26c");
  EXPECT_FALSE(is_signed_in());
}

TEST_F(Logout, APostedRequestIsAnsweredWithSeeOther) {
  const std::string hint = sign_in();
  const auto response = post("/oidc/v1/end_session", {{"id_token_hint", hint}, {"post_logout_redirect_uri", kBye}});
  EXPECT_EQ(response.status, 303);
  EXPECT_EQ(location(response), kBye);
  EXPECT_FALSE(is_signed_in());
}

// LO-17
TEST_F(Logout, WithoutAHintThePersonIsAsked) {
  sign_in();
  const auto page = leave({{"client_id", client_id}, {"post_logout_redirect_uri", kBye}, {"state", "s"}});
  ASSERT_EQ(page.status, 200);
  EXPECT_TRUE(page.headers.get("Content-Security-Policy").contains("form-action 'self' https://app.example"));
  const Fields answer{
      {"client_id", client_id}, {"post_logout_redirect_uri", kBye}, {"state", "s"}, {"token", hidden(page, "token")}};
  const auto with = [&](const char* decision) {
    Fields fields = answer;
    fields.emplace_back("decision", decision);
    return fields;
  };
  const auto no = post("/u/logout", with("no"));
  EXPECT_TRUE(no.body.contains("You are still signed in"));
  EXPECT_TRUE(is_signed_in());

  Fields changed = with("yes");
  changed[2].second = "another state";
  EXPECT_EQ(post("/u/logout", changed).status, 403) << "the token binds everything that was asked about";
  Fields forged = with("yes");
  forged[3].second = "AAAA";
  EXPECT_EQ(post("/u/logout", forged).status, 403);
  EXPECT_EQ(post("/u/logout", with("yes"), {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_TRUE(is_signed_in());

  const auto yes = post("/u/logout", with("yes"));
  EXPECT_EQ(yes.status, 303);
  EXPECT_EQ(location(yes), std::string(kBye) + "?state=s");
  EXPECT_FALSE(is_signed_in());
}

TEST_F(Logout, AHintOfAnotherSessionAsksToo) {
  const std::string old_hint = sign_in();
  cookies.clear();
  const std::string hint = sign_in();
  EXPECT_EQ(leave({{"id_token_hint", old_hint}, {"post_logout_redirect_uri", kBye}}).status, 200);
  EXPECT_EQ(leave({{"logout_hint", "another"}}).status, 200);
  EXPECT_EQ(leave({{"logout_hint", std::string(claims_of(hint).at("sid").as_string())}}).status, 302);
}

// LO-18
TEST_F(Logout, WithoutACookieTheHintEndsItsOwnSession) {
  const std::string hint = sign_in();
  const auto browser = cookies;
  cookies.clear();
  EXPECT_EQ(location(leave({{"client_id", client_id}, {"post_logout_redirect_uri", kBye}})), kBye);
  cookies = browser;
  EXPECT_TRUE(is_signed_in()) << "nobody proved anything";
  cookies.clear();
  EXPECT_EQ(location(leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", kBye}})), kBye);
  cookies = browser;
  EXPECT_FALSE(is_signed_in());
}

TEST_F(Logout, TheProvidersTokenGoesOnlyThroughThePersonsBrowser) {
  change_connection("acme", [](model::Connection& connection) {
    connection.upstream.end_session_endpoint = "https://idp.example/logout";
  });
  const std::string hint = sign_in();
  cookies.clear();
  const auto out = leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", kBye}, {"federated", ""}});
  ASSERT_TRUE(location(out).starts_with("https://idp.example/logout?")) << location(out);
  EXPECT_FALSE(parameters(out).contains("id_token_hint"));
}

TEST_F(Logout, T47ARequestWithoutTheCookieDoesNotTakeItAway) {
  sign_in();
  const auto browser = cookies;
  for (const char* path : {"/v2/logout", "/oidc/logout"}) {
    cookies.clear();
    EXPECT_FALSE(leave({}, path).headers.has("Set-Cookie")) << path;
  }
  cookies = browser;
  EXPECT_TRUE(is_signed_in());
}

// LO-11, LO-12, LO-19: one thing is wrong.
TEST_F(Logout, ARequestThatContradictsItselfEndsNothing) {
  const std::string hint = sign_in();
  std::string modified = hint;
  modified[modified.size() / 2] = modified[modified.size() / 2] == 'A' ? 'B' : 'A';
  const Fields rows[] = {
      {{"id_token_hint", modified}},
      {{"id_token_hint", "no token"}},
      {{"id_token_hint", id_token("n", "upstream-acme")}},
      {{"id_token_hint", hint}, {"client_id", other_id}},
      {{"id_token_hint", hint}, {"logout_hint", "another"}},
      {{"client_id", "nobody"}},
      {{"client_id", client_id}, {"client_id", client_id}},
  };
  for (const Fields& row : rows) {
    const auto response = leave(row);
    EXPECT_EQ(response.status, 400) << http::encode_form(row);
    EXPECT_EQ(location(response), "");
  }
  EXPECT_EQ(leave({{"post_logout_redirect_uri", kBye}}).status, 400) << "registered for the client only";
  EXPECT_TRUE(is_signed_in());
}

// §6.4
TEST_F(Logout, FederatedGoesByTheProviderAndComesBackOnce) {
  change_connection("acme", [](model::Connection& connection) {
    connection.upstream.end_session_endpoint = "https://idp.example/logout";
  });
  const std::string hint = sign_in();
  const auto out =
      leave({{"id_token_hint", hint}, {"post_logout_redirect_uri", kBye}, {"state", "s"}, {"federated", ""}});
  ASSERT_TRUE(location(out).starts_with("https://idp.example/logout?")) << location(out);
  const auto sent = parameters(out);
  EXPECT_EQ(sent.at("client_id"), "upstream-acme");
  EXPECT_EQ(sent.at("post_logout_redirect_uri"), "https://id.example/logout/callback");
  EXPECT_EQ(claims_of(sent.at("id_token_hint")).at("sub"), json::value("ada"));
  EXPECT_FALSE(is_signed_in()) << "ours ends first";

  const std::string back = "/logout/callback?state=" + sent.at("state");
  EXPECT_EQ(location(get(back)), std::string(kBye) + "?state=s");
  EXPECT_EQ(location(get(back)), "https://id.example/u/logged-out");
  EXPECT_EQ(location(get("/logout/callback")), "https://id.example/u/logged-out");
}

// LO-43
TEST_F(Logout, FederatedWithoutAPlaceToGoSkipsTheProvider) {
  sign_in();
  const auto out = leave({{"client_id", client_id}, {"returnTo", kBye}, {"federated", "1"}}, "/v2/logout");
  EXPECT_EQ(location(out), kBye);
  EXPECT_FALSE(is_signed_in());
  EXPECT_EQ(run_task(memory->read([](db::Transaction& tx) {
              return tx.query_one("SELECT count(*) FROM log_events WHERE type = 'federated_logout_failed'")->integer(0);
            })),
            1);
}

// §6.6
class ProviderLogout : public Logout {
 protected:
  std::string logout_token(json::object changes = {}) {
    TokenBuilder token(provider_key);
    const std::int64_t now = to_epoch_seconds(clock.now());
    token.claims = {{"iss", "https://idp.example"},
                    {"aud", "upstream-acme"},
                    {"iat", now},
                    {"exp", now + 120},
                    {"jti", random_token(random, 8)},
                    {"sub", subject},
                    {"events", {{"http://schemas.openid.net/event/backchannel-logout", json::object()}}}};
    for (const auto& [name, value] : changes) token.claims[name] = value;
    return token.compact();
  }
  http::Response tell(const std::string& token, const std::string& connection = "acme") {
    return post("/oauth/backchannel-logout/connection/" + connection, {{"logout_token", token}});
  }
};

TEST_F(ProviderLogout, EndsThePersonsSessionsAndTellsTheApplications) {
  sign_in();
  const auto response = tell(logout_token());
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_FALSE(is_signed_in());
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(count("log_events WHERE type = 'slo' AND connection = 'acme' AND user_name = 'ada@idp.example'"), 1);
}

TEST_F(ProviderLogout, AnotherPersonStays) {
  sign_in();
  EXPECT_EQ(tell(logout_token({{"sub", "bob"}})).status, 200) << "as if somebody had been there";
  EXPECT_EQ(tell(logout_token({{"sid", "unknown"}})).status, 200) << "sid decides";
  EXPECT_TRUE(is_signed_in());
}

TEST_F(ProviderLogout, SEC46ATokenIsTakenOnce) {
  const std::string token = logout_token();
  EXPECT_EQ(tell(token).status, 200);
  sign_in();
  EXPECT_EQ(tell(token).status, 400);
  EXPECT_TRUE(is_signed_in());
}

// SEC-51, BC-24
TEST_F(ProviderLogout, EveryRefusalLooksAlike) {
  sign_in();
  const auto refused = tell("garbage");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"error":"invalid_request","error_description":"invalid logout token"})");
  for (const json::object& change : {json::object{{"aud", "upstream-front"}}, json::object{{"nonce", "n"}},
                                     json::object{{"iss", "https://x.example"}}}) {
    const auto response = tell(logout_token(change));
    EXPECT_EQ(response.status, refused.status);
    EXPECT_EQ(response.body, refused.body);
  }
  EXPECT_EQ(tell(id_token("n", "upstream-acme")).status, 400);
  EXPECT_EQ(tell(logout_token(), "nowhere").status, 404);
  EXPECT_TRUE(is_signed_in());
}

TEST_F(ProviderLogout, OfflineTokensStayUnlessTheConnectionSaysOtherwise) {
  change_client(client_id, {{"grant_types", {"authorization_code", "refresh_token"}}});
  for (const bool revokes : {false, true}) {
    SCOPED_TRACE(revokes);
    change_connection("acme", [&](model::Connection& c) { c.upstream.revoke_refresh_tokens_on_idp_logout = revokes; });
    const auto answer = parameters(arrive(depart("acme", {{"scope", "openid offline_access"}}), "acme"));
    const std::string token(json::parse(redeem(answer.at("code")).body).at("refresh_token").as_string());
    EXPECT_EQ(tell(logout_token()).status, 200);
    const auto refreshed = post("/oauth/token", {{"grant_type", "refresh_token"},
                                                 {"refresh_token", token},
                                                 {"client_id", client_id},
                                                 {"client_secret", client_secret}});
    EXPECT_EQ(refreshed.status, revokes ? 400 : 200);
  }
}

// AZ-30
TEST_F(Logout, ASessionThatIsReplacedIsToldAsRevoked) {
  change_client(client_id,
                {{"oidc_logout",
                  {{"backchannel_logout_urls", {kListener}}, {"backchannel_logout_initiators", {{"mode", "all"}}}}}});
  sign_in();
  subject = "bob";
  arrive(depart("acme", {{"prompt", "login"}}), "acme");
  EXPECT_EQ(deliver(), 1u);
  EXPECT_EQ(count("sessions"), 1);
}

}  // namespace
}  // namespace symbolon::flows
