#include <gtest/gtest.h>

#include "base/encoding.h"
#include "flows/world.h"
#include "store/connection_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

json::object claims_of(const http::Response& tokens) {
  const std::string token(json::parse(tokens.body).at("id_token").get_string());
  const auto first = token.find('.');
  return json::parse(*base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1))).as_object();
}

class Login : public World, public testing::TestWithParam<const char*> {};

TEST_P(Login, EndsInTokensForThePersonThatTheProviderProved) {
  const auto departure = depart(GetParam());
  ASSERT_TRUE(departure.contains("state"));
  const auto answer = parameters(arrive(departure, GetParam()));
  EXPECT_EQ(answer.at("state"), "app-state");
  EXPECT_EQ(answer.at("iss"), "https://id.example/");
  const auto tokens = redeem(answer.at("code"));
  ASSERT_EQ(tokens.status, 200) << tokens.body;
  const auto claims = claims_of(tokens);
  EXPECT_EQ(claims.at("sub"), json::value("oidc|" + std::string(GetParam()) + "|ada"));
  EXPECT_EQ(claims.at("nonce"), "app-nonce");
  EXPECT_EQ(claims.at("email"), "ada@idp.example");
}

TEST_P(Login, NothingIsWrittenBeforeTheProviderAnswers) {
  for (int i = 0; i < 20; ++i) depart(GetParam());
  for (const char* table : {"users", "sessions", "grants", "authorization_codes", "used_tickets", "log_events"})
    EXPECT_EQ(count(table), 0) << table;
}

TEST_P(Login, T45TheSameAnswerIsTakenOnceAndFromItsOwnBrowserOnly) {
  const auto departure = depart(GetParam());
  const auto victim = cookies;
  cookies.clear();
  EXPECT_EQ(arrive(departure, GetParam()).headers.get("Location"), "");
  EXPECT_EQ(count("sessions"), 0);

  cookies = victim;
  EXPECT_TRUE(parameters(arrive(departure, GetParam())).contains("code"));
  cookies = victim;  // an attacker who kept the cookie has the burnt state against them
  EXPECT_FALSE(parameters(arrive(departure, GetParam())).contains("code"));
  EXPECT_EQ(count("sessions"), 1);
}

TEST_P(Login, ANewKeyOfTheProviderIsOnRecordOnce) {
  arrive(depart(GetParam()), GetParam());
  EXPECT_EQ(count("log_events WHERE type = 'idp_keys_refreshed'"), 0);
  provider_key = TestKey::make("p2");
  provider.on("https://idp.example/keys", 200, key_set_of({&provider_key}));
  clock.advance(std::chrono::minutes(1));
  for (int i = 0; i < 2; ++i) {
    cookies.clear();
    EXPECT_TRUE(parameters(arrive(depart(GetParam()), GetParam())).contains("code"));
    EXPECT_EQ(count("log_events WHERE type = 'idp_keys_refreshed' AND connection = '" + std::string(GetParam()) + "'"), 1);
  }
}

TEST_P(Login, ASecondApplicationNeedsNoTripToTheProvider) {
  arrive(depart(GetParam()), GetParam());
  const std::size_t calls = provider.requests().size();
  const auto answer = depart(GetParam(), {{"client_id", other_id}});
  EXPECT_TRUE(answer.contains("code"));
  EXPECT_EQ(provider.requests().size(), calls);
  EXPECT_EQ(count("sessions"), 1);
}

TEST_P(Login, PromptNoneNeverLeavesTheServer) {
  EXPECT_EQ(depart(GetParam(), {{"prompt", "none"}}).at("error"), "login_required");
  arrive(depart(GetParam()), GetParam());
  EXPECT_TRUE(depart(GetParam(), {{"prompt", "none"}}).contains("code"));
  clock.advance(std::chrono::hours(73));  // past the idle lifetime
  EXPECT_EQ(depart(GetParam(), {{"prompt", "none"}}).at("error"), "login_required");
}

TEST_P(Login, T44ANewSignInChangesTheCookieAndKeepsTheSessionId) {
  const auto first = redeem(parameters(arrive(depart(GetParam()), GetParam())).at("code"));
  const std::string cookie = cookies.at("__Host-bs");
  const auto second = redeem(parameters(arrive(depart(GetParam(), {{"prompt", "login"}}), GetParam())).at("code"));
  EXPECT_NE(cookies.at("__Host-bs"), cookie);
  EXPECT_EQ(claims_of(first).at("sid"), claims_of(second).at("sid"));
}

TEST_P(Login, AnotherPersonGetsAnotherSessionAndEndsTheFirst) {
  const auto first = redeem(parameters(arrive(depart(GetParam()), GetParam())).at("code"));
  subject = "bob";
  const auto second = redeem(parameters(arrive(depart(GetParam(), {{"prompt", "login"}}), GetParam())).at("code"));
  EXPECT_NE(claims_of(first).at("sid"), claims_of(second).at("sid"));
  EXPECT_EQ(count("sessions"), 1);
}

// T4: whatever is taken away on the way, the next step refuses.
TEST_P(Login, T4ADisabledConnectionStopsARunningLogin) {
  const auto execute = [&](const char* sql) {
    run_task(memory->write([&](db::Transaction& tx) { tx.execute(sql); }));
  };
  for (const char* change : {"UPDATE connections SET authentication_active = 0", "DELETE FROM connection_clients",
                             "DELETE FROM connections", "DELETE FROM clients"}) {
    SCOPED_TRACE(change);
    World fresh;
    const auto departure = fresh.depart(GetParam());
    run_task(fresh.memory->write([&](db::Transaction& tx) { tx.execute(change); }));
    EXPECT_FALSE(World::parameters(fresh.arrive(departure, GetParam())).contains("code"));
    EXPECT_EQ(fresh.count("sessions"), 0);
    EXPECT_EQ(fresh.count("users"), 0);
  }
  const auto code = parameters(arrive(depart(GetParam()), GetParam())).at("code");
  execute("UPDATE connections SET authentication_active = 0");
  EXPECT_EQ(redeem(code).status, 400);
  EXPECT_EQ(depart(GetParam(), {{"prompt", "none"}}).contains("code"), false);
}

TEST_P(Login, ABlockedPersonGetsNothing) {
  const auto code = parameters(arrive(depart(GetParam()), GetParam())).at("code");
  run_task(memory->write([](db::Transaction& tx) { tx.execute("UPDATE users SET blocked = 1"); }));
  EXPECT_EQ(redeem(code).status, 400);
  EXPECT_FALSE(depart(GetParam(), {{"prompt", "none"}}).contains("code"));
  const auto answer = parameters(arrive(depart(GetParam()), GetParam()));
  EXPECT_EQ(answer.at("error"), "access_denied");
  EXPECT_TRUE(answer.at("error_description").contains("user is blocked"));
}

TEST_P(Login, SEC11AnEndpointThatChangedMeanwhileGetsNoCode) {
  const auto departure = depart(GetParam());
  run_task(memory->write([](db::Transaction& tx) {
    tx.execute("UPDATE connections SET settings = REPLACE(settings, 'idp.example', 'evil.example')");
  }));
  const auto answer = parameters(arrive(departure, GetParam()));
  EXPECT_FALSE(answer.contains("code"));
  EXPECT_EQ(provider.count("https://evil.example/token") + provider.count("https://idp.example/token"), 0);
}

// Breaks the n-th unit of work of a whole login, for every n: no code and no token ever leaves a step that broke.
TEST_P(Login, ABrokenDatabaseGivesNothingAwayAtAnyStep) {
  int steps = 0;
  for (int n = 1; n < 40; ++n) {
    World world;
    world.db.break_at(n);
    std::string code;
    http::Response tokens;
    bool threw = false;
    try {
      const auto departure = world.depart(GetParam());
      if (departure.contains("nonce")) {
        const auto answer = World::parameters(world.arrive(departure, GetParam()));
        if (answer.contains("code")) code = answer.at("code");
      }
      if (!code.empty()) tokens = world.redeem(code);
    } catch (const db::DatabaseError&) {
      threw = true;
    }
    if (!world.db.broke()) {
      steps = n;
      EXPECT_EQ(tokens.status, 200);
      break;
    }
    EXPECT_TRUE(threw || code.empty() || tokens.status != 200) << n;
    EXPECT_FALSE(tokens.body.contains("access_token")) << n;
    if (code.empty()) EXPECT_EQ(world.count("authorization_codes"), world.count("sessions")) << n;
  }
  EXPECT_GT(steps, 3) << "the login was never broken";
}

// The same for calls to the provider: the application is told, and nobody is signed in.
TEST_P(Login, AProviderThatFailsAtAnyCallSignsNobodyIn) {
  for (int n = 1; n < 10; ++n) {
    World world;
    const auto departure = world.depart(GetParam());
    world.provider.fail_call(n, http::FetchFailure::timeout);
    const auto answer = World::parameters(world.arrive(departure, GetParam()));
    if (answer.contains("code")) {
      EXPECT_GT(n, 1) << "no call was made at all";
      return;
    }
    EXPECT_TRUE(answer.contains("error")) << n;
    EXPECT_EQ(world.count("sessions"), 0) << n;
  }
  FAIL() << "the login never succeeded";
}

// A connection that is deleted and made anew under its name: whoever is still waiting to be removed is in nobody's way.
TEST_P(Login, APersonOfADeletedConnectionLeavesTheIdToTheNextOne) {
  const std::string name = GetParam();
  arrive(depart(name), name);
  cookies.clear();
  const auto renew = [&](bool keeps_users) {
    run_task(memory->write([&](db::Transaction& tx) {
      store::ConnectionStore connections(tx, TenantId("default"));
      const ConnectionId id = connections.find_by_name(name)->id;
      keeps_users ? connections.remove_keeping_users(id) : connections.remove(id);
    }));
    add_connection(name, name == "front" ? model::Channel::front_channel : model::Channel::back_channel);
  };
  const auto sub_of_login = [&] {
    return std::string(claims_of(redeem(parameters(arrive(depart(name), name)).at("code"))).at("sub").as_string());
  };
  renew(false);
  ASSERT_EQ(count("users"), 1) << "not removed yet";
  EXPECT_EQ(sub_of_login(), "oidc|" + name + "|ada");
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("sessions"), 1) << "of the new person only";

  cookies.clear();
  renew(true);
  EXPECT_TRUE(sub_of_login().starts_with("oidc|" + name + "|ada|con_")) << "who stays keeps the id";
  EXPECT_EQ(count("users"), 2);
}

TEST_P(Login, CostsTwoCommitsAndOneSignature) {
  redeem(parameters(arrive(depart(GetParam()), GetParam())).at("code"));  // keys are made, caches are warm
  cookies.clear();
  const auto before = db.statistics().units_written;
  const int jobs = workers.jobs;
  redeem(parameters(arrive(depart(GetParam()), GetParam())).at("code"));
  EXPECT_EQ(db.statistics().units_written - before, 2);
  EXPECT_EQ(workers.jobs - jobs, 1);
}

class FailedSignIns : public World, public testing::Test {
 protected:
  void fail_from(const std::string& address) {
    http::Request request;
    request.method = http::Method::get;
    request.path = "/login/callback";
    request.query = http::encode_form({{"state", depart("acme").at("state")}, {"error", "access_denied"}});
    request.client_address = address;
    EXPECT_EQ(parameters(send(std::move(request))).at("error"), "access_denied");
    cookies.clear();
  }
};

// A sign-in is had for the asking, so its explanations must not fill the disk.
TEST_F(FailedSignIns, AreStoredInMeasureForEachAddress) {
  const auto before = count("log_events");
  for (int i = 0; i < 70; ++i) fail_from("2001:db8::" + std::to_string(i + 1));
  EXPECT_EQ(count("log_events") - before, 60);
  fail_from("198.51.100.9");
  EXPECT_EQ(count("log_events") - before, 61);
  clock.advance(std::chrono::seconds(10));
  for (int i = 0; i < 5; ++i) fail_from("2001:db8::1");
  EXPECT_EQ(count("log_events") - before, 63);
}

INSTANTIATE_TEST_SUITE_P(Channels, Login, testing::Values("acme", "front"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace symbolon::flows
