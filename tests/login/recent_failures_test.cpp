#include "login/recent_failures.h"

#include <gtest/gtest.h>

#include "login/failure.h"
#include "support/counter_random.h"
#include "support/fake_clock.h"

namespace symbolon::login {
namespace {

const TenantId kTenant("default"), kOther("other");

class RecentFailuresTest : public testing::Test {
 protected:
  void add(const std::string& reference, const std::string& client = "app", const std::string& rule = "E1",
           const TenantId& tenant = kTenant) {
    model::LogEvent event;
    event.date = clock.now();
    event.client = ClientId(client);
    event.reference = reference;
    kept.add(tenant, rule, std::move(event));
  }
  bool finds(const std::string& reference, const TenantId& tenant = kTenant) {
    return kept.find(tenant, reference).has_value();
  }

  FakeClock clock;
  CounterRandom random;
  RecentFailures kept{clock, random};
};

TEST_F(RecentFailuresTest, AreFoundByReferenceWithinTheirTenantForADay) {
  add("A");
  EXPECT_TRUE(finds("A"));
  EXPECT_FALSE(finds("B"));
  EXPECT_FALSE(finds("A", kOther));
  clock.advance(RecentFailures::kLifetime - std::chrono::seconds(1));
  EXPECT_TRUE(finds("A"));
  clock.advance(std::chrono::seconds(1));
  EXPECT_FALSE(finds("A"));
}

TEST_F(RecentFailuresTest, AFloodPushesOutOnlyItsOwnKind) {
  add("other client", "other");
  add("other rule", "app", "E2");
  add("other tenant", "app", "E1", kOther);
  for (std::size_t i = 0; i < 10 * RecentFailures::kMaxKept; ++i) add(std::to_string(i));
  EXPECT_TRUE(finds("other client"));
  EXPECT_TRUE(finds("other rule"));
  EXPECT_TRUE(finds("other tenant", kOther));
  const std::size_t last = 10 * RecentFailures::kMaxKept - 1;
  EXPECT_TRUE(finds(std::to_string(last)));
  EXPECT_TRUE(finds(std::to_string(last + 1 - RecentFailures::kMaxOfAKind)));
  EXPECT_FALSE(finds(std::to_string(last - RecentFailures::kMaxOfAKind)));
}

TEST_F(RecentFailuresTest, NoMoreAreKeptThanTheLimitAndTheOldestGoFirst) {
  for (std::size_t i = 0; i <= RecentFailures::kMaxKept; ++i) add(std::to_string(i), "client " + std::to_string(i));
  EXPECT_FALSE(finds("0"));
  EXPECT_TRUE(finds("1"));
  EXPECT_TRUE(finds(std::to_string(RecentFailures::kMaxKept)));
}

TEST_F(RecentFailuresTest, AFullTenantLosesItsOwnAndNotThoseOfASmallerOne) {
  add("small", "app", "E1", kOther);
  for (std::size_t i = 0; i < 2 * RecentFailures::kMaxKept; ++i) add(std::to_string(i), "client " + std::to_string(i));
  EXPECT_TRUE(finds("small", kOther));
  EXPECT_FALSE(finds(std::to_string(RecentFailures::kMaxKept)));
  EXPECT_TRUE(finds(std::to_string(RecentFailures::kMaxKept + 1)));
}

TEST_F(RecentFailuresTest, WhatCameFromOutsideIsCut) {
  http::Request request;
  http::Site site{kTenant, "https://id.example", "id.example", true};
  request.site = std::make_shared<const http::Site>(site);
  FailedLogin failed;
  failed.error.rule = "E7";
  failed.error.received = failed.connection = std::string(1'000'000, 'x');
  const std::string reference = kept.note(request, failed);
  const auto event = kept.find(kTenant, reference);
  ASSERT_TRUE(event);
  EXPECT_LT(event->details.size() + event->connection.size(), 5000u);
}

}  // namespace
}  // namespace symbolon::login
