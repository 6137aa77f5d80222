#include "upstream/jwks_cache.h"

#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <thread>

#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/run_task.h"
#include "support/token_builder.h"

namespace symbolon::upstream {
namespace {

using namespace std::chrono_literals;
using Keys = std::shared_ptr<const jose::KeySet>;

constexpr const char* kUri = "https://idp.example/jwks";

const std::string& first_keys() {
  static const TestKey key = TestKey::make("first");
  static const std::string text = key_set_of({&key});
  return text;
}
const std::string& second_keys() {
  static const TestKey key = TestKey::make("second");
  static const std::string text = key_set_of({&key});
  return text;
}

KeySource source(std::string connection = "con_a", std::string uri = kUri) {
  return {TenantId("default"), ConnectionId(std::move(connection)), std::move(uri), {}};
}

class JwksCacheTest : public testing::Test {
 protected:
  JwksCacheTest() { client_.on(kUri, 200, first_keys()); }

  JwksCache::Result keys(KeySource from = source()) { return run_task(cache_.keys(std::move(from))); }
  JwksCache::Result miss(Keys seen, BroughtBy by = BroughtBy::provider) {
    return run_task(cache_.keys_after_unknown_kid(source(), std::move(seen), by));
  }
  JwksCache::Result bad_signature(Keys seen) {
    return run_task(cache_.keys_after_bad_signature(source(), std::move(seen)));
  }
  int fetches() { return static_cast<int>(client_.requests().size()); }
  static std::string kid(const JwksCache::Result& result) {
    return result ? result->keys->keys().at(0).kid.value_or("") : "failed: " + result.error().detail;
  }
  void answer_with(std::string cache_control) {
    client_.on(kUri, [=](const auto&) {
      auto answer = FakeHttpClient::response(200, first_keys());
      answer.headers.set("Cache-Control", cache_control);
      return answer;
    });
  }

  FakeClock clock_;
  FakeHttpClient client_;
  JwksCache cache_{client_, clock_};
};

TEST_F(JwksCacheTest, FetchesOnceAndRemembersForTenMinutes) {
  const auto first = keys();
  EXPECT_EQ(kid(first), "first");
  ASSERT_TRUE(first->exchange);
  EXPECT_EQ(first->exchange->purpose, "keys");
  EXPECT_EQ(first->exchange->status, 200);
  EXPECT_EQ(first->exchange->elapsed, 7ms);
  EXPECT_EQ(client_.last().max_redirects, 0);
  EXPECT_EQ(client_.last().max_body_bytes, 512u * 1024);

  clock_.advance(10min - 1ms);
  const auto again = keys();
  EXPECT_EQ(again->keys, first->keys);
  EXPECT_FALSE(again->exchange);
  EXPECT_EQ(fetches(), 1);
  clock_.advance(1ms);
  EXPECT_EQ(kid(keys()), "first");
  EXPECT_EQ(fetches(), 2);
}

TEST_F(JwksCacheTest, FollowsTheProvidersCacheTimeWithinBounds) {
  struct Row {
    const char* header;
    std::chrono::milliseconds fresh;
  } const rows[] = {{"max-age=1800", 30min},
                    {"public, Max-Age=1800, must-revalidate", 30min},
                    {"max-age=1", 5min},
                    {"max-age=86400", 60min},
                    {"max-age=99999999999999999999999", 60min},
                    {"no-store", 5min},
                    {"no-cache", 5min},
                    {"max-age=x", 10min},
                    {"private", 10min}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.header);
    answer_with(row.header);
    JwksCache cache(client_, clock_);
    const int before = fetches();
    run_task(cache.keys(source()));
    clock_.advance(row.fresh - 1ms);
    run_task(cache.keys(source()));
    EXPECT_EQ(fetches(), before + 1);
    clock_.advance(1ms);
    run_task(cache.keys(source()));
    EXPECT_EQ(fetches(), before + 2);
  }
}

TEST_F(JwksCacheTest, ServesOldKeysForADayWhileTheProviderIsAway) {
  const auto first = keys();
  client_.on(kUri, http::FetchFailure::timeout);
  clock_.advance(10min);
  const auto stale = keys();
  EXPECT_EQ(stale->keys, first->keys);
  EXPECT_EQ(stale->problem, "timeout");
  EXPECT_TRUE(stale->exchange);
  EXPECT_EQ(fetches(), 2);

  // Left alone for a while, so that not every login waits for the timeout.
  clock_.advance(29s);
  EXPECT_EQ(keys()->problem, "timeout");
  EXPECT_EQ(fetches(), 2);
  clock_.advance(1s);
  EXPECT_TRUE(keys().has_value());
  EXPECT_EQ(fetches(), 3);

  clock_.advance(24h - 10min - 30s);
  EXPECT_TRUE(keys().has_value());
  clock_.advance(1ms);
  const auto gone = keys();
  ASSERT_FALSE(gone.has_value());
  EXPECT_EQ(gone.error().detail, "timeout");
  EXPECT_TRUE(gone.error().fetch);
}

TEST_F(JwksCacheTest, KeepsGoodKeysWhenTheAnswerIsUseless) {
  keys();
  for (const auto& [status, body] : {std::pair<int, std::string>{500, first_keys()},
                                     {200, "<html>"},
                                     {200, R"({"keys":[]})"},
                                     {200, "[]"},
                                     {200, R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})"}}) {
    SCOPED_TRACE(body);
    client_.on(kUri, status, body);
    clock_.advance(11min);
    const auto result = keys();
    EXPECT_EQ(kid(result), "first");
    EXPECT_FALSE(result->problem.empty());
  }
}

TEST_F(JwksCacheTest, FailsWithoutAnyKeys) {
  client_.on(kUri, 404, "nothing here");
  const auto result = keys();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().detail, "HTTP 404");
  EXPECT_FALSE(result.error().fetch);
  EXPECT_EQ(result.error().exchange->excerpt, "nothing here");
  client_.on(kUri, 200, first_keys());
  EXPECT_EQ(kid(keys()), "first");
}

TEST_F(JwksCacheTest, AsksAgainForAnUnknownKey) {
  const auto first = keys();
  client_.on(kUri, 200, second_keys());
  const auto newer = miss(first->keys);
  EXPECT_EQ(kid(newer), "second");
  EXPECT_EQ(fetches(), 2);
  // Who still holds the old set gets what is known by now.
  EXPECT_EQ(miss(first->keys)->keys, newer->keys);
  EXPECT_EQ(fetches(), 2);
}

// SEC-21, T21 of the specification: guessing key ids costs the provider next to nothing.
TEST_F(JwksCacheTest, LimitsRefetchesForUnknownKeys) {
  Keys seen = keys()->keys;
  int before = fetches();
  for (int i = 0; i < 1000; ++i) seen = miss(seen)->keys;
  EXPECT_EQ(fetches() - before, 1);
  clock_.advance(30s - 1ms);
  EXPECT_EQ(miss(seen)->problem, "the provider was asked for new keys a short while ago");
  EXPECT_EQ(fetches() - before, 1);
  clock_.advance(1ms);
  seen = miss(seen)->keys;
  EXPECT_EQ(fetches() - before, 2);
}

TEST_F(JwksCacheTest, LimitsRefetchesForUnknownKeysByTheHour) {
  answer_with("max-age=3600");  // so that no other reason to fetch comes up
  Keys seen = keys()->keys;
  const int before = fetches();
  for (int second = 0; second < 3599; second += 4) {
    seen = miss(seen)->keys;
    clock_.advance(4s);
  }
  EXPECT_EQ(fetches() - before, 10);
}

// Anybody can post a token with a made-up key id, but not into the provider's own answers.
TEST_F(JwksCacheTest, WhatStrangersBringUsesUpNothingOfTheProviders) {
  answer_with("max-age=3600");
  Keys seen = keys()->keys;
  for (int i = 0; i < 12; ++i) {
    seen = miss(seen, BroughtBy::stranger)->keys;
    clock_.advance(30s);
  }
  EXPECT_EQ(fetches(), 11) << "ten in an hour";
  client_.on(kUri, 200, second_keys());
  EXPECT_EQ(kid(miss(seen, BroughtBy::stranger)), "first");
  EXPECT_EQ(kid(miss(seen)), "second") << "the provider has changed its keys";
}

TEST_F(JwksCacheTest, ForgetsMissesAfterAnHour) {
  Keys seen = keys()->keys;
  for (int i = 0; i < 10; ++i) {
    seen = miss(seen)->keys;
    clock_.advance(30s);
  }
  const int before = fetches();
  seen = miss(seen)->keys;
  EXPECT_EQ(fetches(), before);
  clock_.advance(1h);
  seen = keys()->keys;
  const int later = fetches();
  miss(seen);
  EXPECT_EQ(fetches(), later + 1);
}

TEST_F(JwksCacheTest, CountsAFailedRefetchToo) {
  const Keys seen = keys()->keys;
  client_.on(kUri, http::FetchFailure::connect);
  EXPECT_EQ(miss(seen)->problem, "connect");
  EXPECT_EQ(miss(seen)->keys, seen);
  EXPECT_EQ(fetches(), 2);
}

TEST_F(JwksCacheTest, AsksAgainAfterABadSignatureOnlyWhenTheKeysAreOld) {
  answer_with("max-age=3600");
  Keys seen = keys()->keys;
  clock_.advance(10min);
  EXPECT_EQ(bad_signature(seen)->keys, seen);
  EXPECT_EQ(fetches(), 1);
  clock_.advance(1ms);
  client_.on(kUri, http::FetchFailure::timeout);
  EXPECT_EQ(bad_signature(seen)->keys, seen);
  EXPECT_EQ(fetches(), 2);
  clock_.advance(5min - 1ms);
  EXPECT_EQ(bad_signature(seen)->keys, seen);
  EXPECT_EQ(fetches(), 2);
  clock_.advance(1ms);
  client_.on(kUri, 200, second_keys());
  EXPECT_EQ(kid(bad_signature(seen)), "second");
  EXPECT_EQ(fetches(), 3);
}

// SEC-19: one connection's keys are nothing to another one, even at the same address.
TEST_F(JwksCacheTest, SharesNothingBetweenSources) {
  KeySource other_egress = source();
  other_egress.egress.allowed_networks = {"10.0.0.0/8"};
  KeySource other_tenant = source();
  other_tenant.tenant = TenantId("other");
  KeySource other_trust = source();
  other_trust.egress.ca_pem = "-----BEGIN CERTIFICATE-----";
  const auto first = keys();
  for (const KeySource& from : {source("con_b"), other_egress, other_tenant, other_trust})
    EXPECT_NE(keys(from)->keys, first->keys);
  EXPECT_EQ(fetches(), 5);
  EXPECT_EQ(client_.requests()[2].egress, other_egress.egress);
}

TEST_F(JwksCacheTest, ForgetsTheLeastRecentlyUsedSource) {
  JwksCache small(client_, clock_, 2);
  run_task(small.keys(source("a")));
  run_task(small.keys(source("b")));
  run_task(small.keys(source("a")));
  run_task(small.keys(source("c")));
  EXPECT_EQ(small.size(), 2u);
  const int before = fetches();
  run_task(small.keys(source("a")));
  EXPECT_EQ(fetches(), before);
  run_task(small.keys(source("b")));
  EXPECT_EQ(fetches(), before + 1);
}

Task<void> collect(JwksCache& cache, std::vector<Keys>& out) {
  auto result = co_await cache.keys(source());
  if (result) out.push_back(result->keys);
}

TEST_F(JwksCacheTest, SendsOneRequestForAllWhoWait) {
  std::vector<Keys> got;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 50; ++i) tasks.push_back(collect(cache_, got));
  Gate gate;
  client_.hold_at(gate);
  boost::asio::io_context io;
  for (auto& task : tasks) boost::asio::co_spawn(io, std::move(task), boost::asio::detached);
  io.poll();
  EXPECT_TRUE(got.empty());
  EXPECT_EQ(fetches(), 1);
  gate.open();
  io.run();
  ASSERT_EQ(got.size(), 50u);
  EXPECT_TRUE(std::ranges::all_of(got, [&](const Keys& one) { return one == got.front(); }));
  EXPECT_EQ(fetches(), 1);
}

Task<void> note(JwksCache& cache, std::atomic<int>& done, std::thread::id home, std::atomic<bool>& strayed) {
  auto result = co_await cache.keys(source());
  if (std::this_thread::get_id() != home) strayed = true;
  if (result) ++done;
}

TEST_F(JwksCacheTest, WorksAcrossThreadsAndResumesEverybodyAtHome) {
  Gate gate;
  client_.hold_at(gate);
  std::atomic<int> done = 0;
  std::atomic<bool> strayed = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      boost::asio::io_context io;
      for (int k = 0; k < 25; ++k)
        boost::asio::co_spawn(io, note(cache_, done, std::this_thread::get_id(), strayed), boost::asio::detached);
      io.run();
    });
  gate.wait_for_arrivals(1);
  gate.open();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(done, 100);
  EXPECT_FALSE(strayed);
  EXPECT_EQ(fetches(), 1);
}

/// Never answers the first call; its coroutine ends only with its io_context.
class StuckOnce final : public http::Client {
 public:
  Task<std::expected<http::OutboundResponse, http::FetchError>> send(http::OutboundRequest) override {
    if (++calls > 1) co_return FakeHttpClient::response(200, first_keys());
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    boost::asio::steady_timer::time_point::max());
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return FakeHttpClient::failure(http::FetchFailure::timeout);
  }
  int calls = 0;
};

TEST_F(JwksCacheTest, GoesOnWhenTheOneWhoWentIsGone) {
  StuckOnce client;
  JwksCache cache(client, clock_);
  std::vector<Keys> got;
  boost::asio::io_context io;
  {
    boost::asio::io_context short_lived;
    boost::asio::co_spawn(short_lived, collect(cache, got), boost::asio::detached);
    short_lived.poll();
    boost::asio::co_spawn(io, collect(cache, got), boost::asio::detached);
    io.poll();
    EXPECT_EQ(client.calls, 1);
  }
  io.run();
  EXPECT_EQ(got.size(), 1u);
  EXPECT_EQ(client.calls, 2);
}

}  // namespace
}  // namespace symbolon::upstream
