#include "oidc/refresh_token_rules.h"
#include "oidc/refresh_tokens.h"
#include "store/grant_store.h"

// Rotation, reuse and the ends of a refresh token (login-runtime RT-3 to RT-7, RT-12).
namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

TEST(RefreshGrant, RotationGivesANewTokenEachTime) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string first = first_token(provider);
  const std::string second = refreshed_token(provider, first);
  EXPECT_NE(second, first);
  const std::string third = refreshed_token(provider, second);
  EXPECT_EQ(status_of(provider, third), 200);
}

// RT-4, RFC 9700 §4.14.2
TEST(RefreshGrant, T26ReuseTakesTheFamilyAndItsGrant) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string first = first_token(provider);
  const auto answer = json_of(provider.post_token(refreshing(first)));
  const std::string other_family = first_token(provider);
  expect_refused(provider.post_token(refreshing(first)));
  expect_refused(provider.post_token(refreshing(text_at(answer, "refresh_token"))));
  EXPECT_EQ(provider.get_userinfo(text_at(answer, "access_token")).status, 401);
  EXPECT_EQ(provider.count("log_events", "type = 'ferrt'"), 1);
  EXPECT_EQ(status_of(provider, other_family), 200) << "another sign-in is not touched";
}

TEST(RefreshGrant, WithinTheLeewayALostAnswerCanBeAskedForAgain) {
  Provider provider;
  provider.patch_client("web", rotating(10));
  const std::string first = first_token(provider);
  const std::string lost = refreshed_token(provider, first);
  provider.clock.advance(10s);
  const std::string second = refreshed_token(provider, first);
  EXPECT_NE(second, lost);
  provider.clock.advance(1min);
  const std::string third = refreshed_token(provider, second);
  EXPECT_EQ(provider.count("log_events", "type = 'ferrt'"), 0);
  provider.clock.advance(1min);
  expect_refused(provider.post_token(refreshing(lost)));
  expect_refused(provider.post_token(refreshing(third)));
}

TEST(RefreshGrant, BeyondTheLeewayOrTheParentReuseIsReuse) {
  for (const bool late : {true, false}) {
    SCOPED_TRACE(late);
    Provider provider;
    provider.patch_client("web", rotating(10));
    const std::string first = first_token(provider);
    std::string newest = refreshed_token(provider, first);
    if (late)
      provider.clock.advance(10'001ms);
    else
      newest = refreshed_token(provider, newest);  // first is now the second-previous
    expect_refused(provider.post_token(refreshing(first)));
    expect_refused(provider.post_token(refreshing(newest)));
  }
}

// RT-5. The test's database runs one unit at a time; tests/store races the same statement.
TEST(RefreshGrant, T26OfTwoHundredParallelUsesOneWins) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string token = first_token(provider);
  int wins = 0;
  std::vector<Task<void>> tasks;
  const auto client = provider.client("web");
  const Caller caller = Caller::of(provider.request(http::Method::post, "/oauth/token"));
  const auto attempt = [&]() -> Task<void> {
    RefreshRequest request{token, {}, {}, {}};
    const auto tokens = co_await provider.refresh_grant.refresh(caller, client, std::move(request));
    if (tokens) ++wins;
  };
  for (int i = 0; i < 200; ++i) tasks.push_back(attempt());
  run_together(std::move(tasks));
  EXPECT_EQ(wins, 1);
  EXPECT_EQ(provider.count("refresh_tokens"), 0) << "a real reuse ends the family";
}

TEST(RefreshGrant, TheAbsoluteEndStaysAndTheIdleEndMoves) {
  Provider provider;
  provider.patch_client("web", rotating());
  std::string token = first_token(provider);
  for (int i = 0; i < 2; ++i) {
    provider.clock.advance(14 * 24h);
    token = refreshed_token(provider, token);
  }
  provider.clock.advance(2 * 24h - 1s);
  token = refreshed_token(provider, token);
  provider.clock.advance(1s);
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, TheIdleEndComesWithoutUse) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string token = first_token(provider);
  provider.clock.advance(15 * 24h);
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, AShortenedIdleTimeActsAtOnce) {
  Provider provider;
  provider.patch_client("web", rotating());
  const std::string token = first_token(provider);
  bj::object policy = kRotating;
  policy["idle_token_lifetime"] = 3600;
  provider.patch_client("web", {{"refresh_token", policy}});
  provider.clock.advance(2h);
  expect_refused(provider.post_token(refreshing(token)));
}

TEST(RefreshGrant, TurningAMaximumOnConvertsAtTheNextUse) {
  Provider provider;
  const std::string token = first_token(provider);
  provider.clock.advance(400 * 24h);
  provider.patch_client("web", {{"refresh_token",
                                 {{"expiration_type", "expiring"},
                                  {"infinite_token_lifetime", false},
                                  {"token_lifetime", 3600},
                                  {"infinite_idle_token_lifetime", true}}}});
  EXPECT_EQ(status_of(provider, token), 200);
  provider.clock.advance(1h);
  expect_refused(provider.post_token(refreshing(token)));
}

// RT-6
TEST(RefreshGrant, SwitchingRotationOnConvertsAndOffRevokes) {
  Provider provider;
  const std::string forgotten = first_token(provider);
  const std::string token = first_token(provider);
  provider.patch_client("web", rotating());
  const std::string converted = refreshed_token(provider, token);
  expect_refused(provider.post_token(refreshing(token)));
  expect_refused(provider.post_token(refreshing(forgotten)));
  EXPECT_EQ(provider.count("refresh_tokens"), 1);
  const std::string rotated = refreshed_token(provider, converted);

  provider.patch_client("web", {{"refresh_token", {{"rotation_type", "non-rotating"}}}});
  expect_refused(provider.post_token(refreshing(rotated)));
  EXPECT_EQ(provider.count("refresh_tokens"), 0);
}

TEST(RefreshGrant, BeyondTwoHundredTheOldestGo) {
  Provider provider;
  const std::string oldest = first_token(provider);
  const auto client = provider.client("web");
  provider.write([&](db::Transaction& tx) {
    auto grant = model::Grant{};
    grant.tenant = kTenant;
    grant.id = GrantId("g");
    grant.client = client.id;
    grant.user = UserId("oidc|acme|ada");
    grant.scope = {"offline_access"};
    store::GrantStore(tx, kTenant).insert(grant);
    for (int i = 0; i < 200; ++i)
      insert_first_refresh_token(tx, draw_refresh_token(provider.random, kStart + 1s), client, grant, kStart + 1s);
  });
  EXPECT_EQ(provider.count("refresh_tokens"), 200);
  expect_refused(provider.post_token(refreshing(oldest)));
}

}  // namespace
}  // namespace symbolon::oidc
