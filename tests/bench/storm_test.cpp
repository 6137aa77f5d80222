#include "login_storm/storm.h"

#include <gmock/gmock.h>

#include <atomic>
#include <optional>

#include "testing/fake_broker.h"

namespace symbolon::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Key;
using ::testing::StartsWith;

/// Lets a server choose its port before the handler, which has to know that port, exists.
class Relay final : public HttpHandler {
 public:
  Task<ServerResponse> handle(ServerRequest request) override { return target.load()->handle(std::move(request)); }
  std::atomic<HttpHandler*> target = nullptr;
};

/// A stub provider and a fake broker, each on a thread and a port of its own, and options that lead to them.
class Rig {
 public:
  explicit Rig(FakeBroker::Setup setup = {}) {
    setup.provider = origin_of(stub_thread_);
    stub_.emplace(StubConfig{.issuer = setup.provider}, Signer::generate(SigningAlgorithm::es256), clock_);
    broker_.emplace(broker_thread_.executor(), setup);
    broker_->set_origin(origin_of(broker_thread_));
    stub_relay_.target = &*stub_;
    broker_relay_.target = &*broker_;
    options.authorize_url = origin_of(broker_thread_) + "/authorize";
    options.token_url = origin_of(broker_thread_) + "/oauth/token";
    options.client = {.id = setup.client_id, .secret = setup.client_secret, .redirect_uri = "http://127.0.0.1:9/cb"};
    options.second_client = options.client;
    options.second_client.redirect_uri = "http://127.0.0.1:9/second?x=1";
    options.meters.stats_url = origin_of(broker_thread_) + "/counters";
    options.meters.stats_paths = {"store.commits"};
    options.load.concurrency = 4;
    options.load.warm_up = std::chrono::milliseconds(0);
    options.load.logins = 20;
  }
  ~Rig() {
    stub_thread_.stop();
    broker_thread_.stop();
  }
  Report run() { return Storm(options, *stub_, stub_thread_).run(); }
  void stop_broker() { broker_thread_.stop(); }
  unsigned long sign_ins() const { return broker_->sign_ins(); }

  Options options;

 private:
  static std::string origin_of(const ServerThread& thread) {
    return "http://127.0.0.1:" + std::to_string(thread.port());
  }

  SystemClock clock_;
  Relay stub_relay_, broker_relay_;
  ServerThread stub_thread_{"127.0.0.1", 0, stub_relay_};
  ServerThread broker_thread_{"127.0.0.1", 0, broker_relay_};
  std::optional<StubProvider> stub_;
  std::optional<FakeBroker> broker_;
};

void expect_all_succeed(const Report& report) {
  EXPECT_EQ(report.tally.succeeded(), 20U);
  EXPECT_THAT(report.tally.failures(), IsEmpty());
  EXPECT_THAT(report.notes, IsEmpty());
}

TEST(Storm, DrivesWholeLogins) {
  Rig rig;
  const Report report = rig.run();
  expect_all_succeed(report);
  EXPECT_EQ(rig.sign_ins(), 20U);
  EXPECT_EQ(report.stub_signatures, 20U);
  for (std::size_t step = 0; step < kSteps; ++step)
    EXPECT_EQ(report.tally.at(static_cast<Step>(step)).count(), 20U) << to_string(static_cast<Step>(step));
  EXPECT_LE(report.tally.at(Step::callback_alone).mean(), report.tally.at(Step::callback).mean());
  EXPECT_THAT(report.counters, ElementsAre(std::pair("store.commits", 40.0)));
}

TEST(Storm, TakesEveryDetour) {
  const struct {
    const char* name;
    FakeBroker::Setup setup;
    void (*turn)(Options&);
  } rows[] = {
      {"front channel", {.front_channel = true}, nullptr},
      {"consent page", {.quirk = Quirk::consent_page}, nullptr},
      {"relative redirects", {.quirk = Quirk::extra_redirects}, nullptr},
      {"connection closed after each answer", {.quirk = Quirk::closes}, nullptr},
      {"connection dropped after each answer", {.quirk = Quirk::drops}, nullptr},
      {"basic authentication", {}, [](Options& options) { options.client_auth = ClientAuth::basic; }},
      {"provider by socket", {}, [](Options& options) { options.browser_hops = true; }},
      {"front channel by socket", {.front_channel = true}, [](Options& options) { options.browser_hops = true; }},
      {"fresh connections", {}, [](Options& options) { options.load.fresh_connections = true; }},
      {"open loop", {}, [](Options& options) { options.load.rate = 2000; }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Rig rig(row.setup);
    if (row.turn != nullptr) row.turn(rig.options);
    expect_all_succeed(rig.run());
    EXPECT_EQ(rig.sign_ins(), 20U);
  }
}

TEST(Storm, CountsEveryFailureByItsKind) {
  const struct {
    Quirk quirk;
    const char* kind;
  } rows[] = {{Quirk::other_nonce, "token: id_token with another nonce"},
              {Quirk::no_id_token, "token: no id_token"},
              {Quirk::other_state, "callback: landed with another state"},
              {Quirk::denies, "callback: redirected with error=access_denied"},
              {Quirk::fails, "callback: HTTP 500 (Out of order)"},
              {Quirk::leaves, "authorize: left the broker"},
              {Quirk::hangs_up, "token: receive: "}};
  for (const auto& row : rows) {
    SCOPED_TRACE(row.kind);
    Rig rig({.quirk = row.quirk});
    const Report report = rig.run();
    EXPECT_EQ(report.tally.succeeded(), 0U);
    EXPECT_EQ(report.tally.failed(), 20U);
    EXPECT_THAT(report.tally.failures(), ElementsAre(Key(StartsWith(row.kind))));
    EXPECT_EQ(report.tally.at(Step::whole).count(), 0U);
  }
}

TEST(Storm, NoticesAWrongClientSecret) {
  Rig rig;
  rig.options.client.secret = "wrong";
  EXPECT_THAT(rig.run().tally.failures(), ElementsAre(Key("token: HTTP 401 (invalid_client)")));
}

TEST(Storm, ForgetsCookiesBetweenLogins) {
  Rig rig;
  rig.options.load.concurrency = 1;
  expect_all_succeed(rig.run());
  EXPECT_EQ(rig.sign_ins(), 20U);
}

TEST(Storm, SignsInOnceForSingleSignOn) {
  Rig rig;
  rig.options.flow = Flow::sso;
  const Report report = rig.run();
  expect_all_succeed(report);
  EXPECT_EQ(rig.sign_ins(), 4U);
  EXPECT_EQ(report.tally.at(Step::callback).count(), 0U);
  EXPECT_EQ(report.tally.at(Step::authorize).count(), 20U);
}

TEST(Storm, AsksOnlyTheTokenEndpointForClientCredentials) {
  Rig rig;
  rig.options.flow = Flow::client_credentials;
  const Report report = rig.run();
  expect_all_succeed(report);
  EXPECT_EQ(rig.sign_ins(), 0U);
  EXPECT_EQ(report.tally.at(Step::authorize).count(), 0U);
}

TEST(Storm, FollowsRotatedRefreshTokens) {
  Rig rig;
  rig.options.flow = Flow::refresh;
  expect_all_succeed(rig.run());
  EXPECT_EQ(rig.sign_ins(), 4U);
}

TEST(Storm, ReportsAPreparationThatFails) {
  Rig rig({.quirk = Quirk::fails});
  rig.options.flow = Flow::sso;
  const Report report = rig.run();
  EXPECT_EQ(report.tally.succeeded(), 0U);
  EXPECT_THAT(report.tally.failures(), ElementsAre(Key("prepare: callback: HTTP 500 (Out of order)")));
}

TEST(Storm, SaysWhatItCouldNotMeasure) {
  Rig rig;
  rig.options.meters.stats_paths = {"store.nothing"};
  const Report report = rig.run();
  EXPECT_EQ(report.tally.succeeded(), 20U);
  EXPECT_THAT(report.counters, IsEmpty());
  EXPECT_THAT(report.notes, Not(IsEmpty()));
}

TEST(Storm, EndsByTimeWithoutALimit) {
  Rig rig;
  rig.options.load.logins = 0;
  rig.options.load.rate = 0.001;  // the next start is far behind the end
  rig.options.load.duration = std::chrono::milliseconds(50);
  EXPECT_THAT(rig.run().tally.failures(), IsEmpty());
}

TEST(Storm, CountsRefusedConnections) {
  Rig rig;
  rig.stop_broker();
  rig.options.meters = {};
  rig.options.load.logins = 4;
  EXPECT_THAT(rig.run().tally.failures(), ElementsAre(Key("authorize: connect: Connection refused")));
}

}  // namespace
}  // namespace symbolon::bench
