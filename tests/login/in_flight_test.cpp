#include "login/in_flight.h"

#include <gtest/gtest.h>

#include <map>

#include "login/remembered_client.h"
#include "support/counter_random.h"

namespace symbolon::login {
namespace {

using namespace std::chrono_literals;

constexpr Instant kNow{std::chrono::milliseconds(1'800'000'000'000)};

// A browser's cookie jar, as far as these cookies go.
class Jar {
 public:
  explicit Jar(bool secure = true) {
    http::Site site{TenantId("default"), secure ? "https://id.example" : "http://localhost:3000", "", secure};
    site_ = std::make_shared<const http::Site>(site);
  }

  http::Request request() const {
    http::Request made;
    made.site = site_;
    std::string header;
    for (const auto& [name, value] : cookies) header += (header.empty() ? "" : "; ") + name + "=" + value;
    made.headers.set("Cookie", header);
    return made;
  }

  void take(const http::Response& response) {
    for (const std::string_view line : response.headers.get_all("Set-Cookie")) {
      const std::string text(line);
      const auto equals = text.find('=');
      const auto end = text.find(';');
      const std::string name = text.substr(0, equals);
      if (text.contains("Max-Age=0"))
        cookies.erase(name);
      else
        cookies[name] = text.substr(equals + 1, end - equals - 1);
    }
  }

  const http::Site& site() const { return *site_; }
  std::map<std::string, std::string> cookies;

 private:
  std::shared_ptr<const http::Site> site_;
};

class InFlight : public testing::Test {
 protected:
  tickets::LoginTicket ticket(const Jar& jar, const std::string& state, Instant created = kNow) {
    tickets::LoginTicket made;
    made.state = state;
    made.tenant = jar.site().tenant;
    made.base_url = jar.site().base_url;
    made.created_at = created;
    made.expires_at = created + 1h;
    return made;
  }

  std::expected<void, TooLong> keep(Jar& jar, const tickets::LoginTicket& ticket) {
    http::Response response;
    auto kept = in_flight::keep(response, jar.request(), box, ticket, kNow);
    jar.take(response);
    return kept;
  }

  CounterRandom random;
  crypto::SecretBox box{crypto::Keyring::generate(random), random};
};

TEST_F(InFlight, ALoginIsFoundByItsStateInTheSameBrowserOnly) {
  Jar jar, other;
  ASSERT_TRUE(keep(jar, ticket(jar, "one")));
  EXPECT_TRUE(in_flight::find(jar.request(), box, "one", kNow));
  EXPECT_FALSE(in_flight::find(jar.request(), box, "two", kNow));
  EXPECT_FALSE(in_flight::find(other.request(), box, "one", kNow));
}

TEST_F(InFlight, CookiesAreHostBoundOverHttpsAndPlainOnLoopback) {
  Jar secure(true), plain(false);
  ASSERT_TRUE(keep(secure, ticket(secure, "one")));
  ASSERT_TRUE(keep(plain, ticket(plain, "one")));
  EXPECT_TRUE(secure.cookies.contains("__Host-login-one"));
  EXPECT_TRUE(plain.cookies.contains("login-one"));
}

TEST_F(InFlight, T45AValueUnderAnotherStatesNameDoesNotOpen) {
  Jar jar;
  ASSERT_TRUE(keep(jar, ticket(jar, "one")));
  jar.cookies["__Host-login-two"] = jar.cookies["__Host-login-one"];
  EXPECT_FALSE(in_flight::find(jar.request(), box, "two", kNow));
}

TEST_F(InFlight, T50AnExpiredLoginIsGone) {
  Jar jar;
  ASSERT_TRUE(keep(jar, ticket(jar, "one")));
  EXPECT_TRUE(in_flight::find(jar.request(), box, "one", kNow + 59min));
  EXPECT_FALSE(in_flight::find(jar.request(), box, "one", kNow + 1h));
}

TEST_F(InFlight, ALargeLoginIsSplitAndPutTogether) {
  Jar jar;
  auto large = ticket(jar, "large");
  large.request.state = std::string(4096, 's');
  ASSERT_TRUE(keep(jar, large));
  EXPECT_GT(jar.cookies.size(), 1U);
  for (const auto& [name, value] : jar.cookies) EXPECT_LT(name.size() + value.size(), 4096U);
  const auto found = in_flight::find(jar.request(), box, "large", kNow);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->request.state, large.request.state);

  jar.cookies.erase("__Host-login-large.1");
  EXPECT_FALSE(in_flight::find(jar.request(), box, "large", kNow));
}

TEST_F(InFlight, ARequestThatDoesNotFitNamesTheParameter) {
  Jar jar;
  auto huge = ticket(jar, "huge");
  huge.request.login_hint = std::string(10000, 'h');
  const auto kept = keep(jar, huge);
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().parameter, "login_hint");
  EXPECT_TRUE(jar.cookies.empty());
}

TEST_F(InFlight, TheNinthLoginDropsTheOldest) {
  Jar jar;
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(keep(jar, ticket(jar, "s" + std::to_string(i), kNow - 10min + i * 1s)));
  EXPECT_EQ(jar.cookies.size(), 8U);
  ASSERT_TRUE(keep(jar, ticket(jar, "ninth")));
  EXPECT_EQ(jar.cookies.size(), 8U);
  EXPECT_FALSE(in_flight::find(jar.request(), box, "s0", kNow));
  EXPECT_TRUE(in_flight::find(jar.request(), box, "s1", kNow));
  EXPECT_TRUE(in_flight::find(jar.request(), box, "ninth", kNow));
}

TEST_F(InFlight, WhatCannotBeOpenedGoesBeforeARealLogin) {
  Jar jar;
  jar.cookies["__Host-login-planted"] = "bm90aGluZw";
  for (int i = 0; i < 7; ++i) ASSERT_TRUE(keep(jar, ticket(jar, "s" + std::to_string(i))));
  ASSERT_TRUE(keep(jar, ticket(jar, "next")));
  EXPECT_FALSE(jar.cookies.contains("__Host-login-planted"));
  EXPECT_TRUE(in_flight::find(jar.request(), box, "s0", kNow));
}

TEST_F(InFlight, ASmallerValueUnderTheSameNameLeavesNoOldPartBehind) {
  Jar jar;
  auto login = ticket(jar, "one");
  login.request.state = std::string(4096, 's');
  ASSERT_TRUE(keep(jar, login));
  ASSERT_GT(jar.cookies.size(), 1U);
  login.request.state = "short";
  ASSERT_TRUE(keep(jar, login));
  EXPECT_EQ(jar.cookies.size(), 1U);
  const auto found = in_flight::find(jar.request(), box, "one", kNow);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->request.state, "short");
}

// Request headers of browsers with many abandoned sign-ins must stay below what proxies take.
TEST_F(InFlight, OnlyTheSmallCookieOfTheApplicationOutlivesALogin) {
  Jar jar;
  auto large = ticket(jar, "large");
  large.request.client = ClientId("AbCdEfGhIjKlMnOpQrStUvWxYz012345");
  large.request.state = std::string(4096, 's');
  http::Response response;
  ASSERT_TRUE(in_flight::keep(response, jar.request(), box, large, kNow));
  std::size_t lasting = 0;
  for (const std::string_view line : response.headers.get_all("Set-Cookie")) {
    if (line.contains("Max-Age=3600")) continue;
    EXPECT_TRUE(line.starts_with("__Host-was-large=") && line.contains("Max-Age=46800")) << line;
    EXPECT_LT(line.find(';'), 256U);
    ++lasting;
  }
  EXPECT_EQ(lasting, 1U);

  jar.take(response);
  std::erase_if(jar.cookies, [](const auto& one) { return one.first.starts_with("__Host-login-"); });
  EXPECT_FALSE(in_flight::find(jar.request(), box, "large", kNow));
  const auto remembered = [&](const Jar& in, const std::string& state, std::chrono::minutes later) {
    return remembered_client::find(in.request(), box, state, kNow + later);
  };
  EXPECT_EQ(remembered(jar, "large", 13h - 1min), large.request.client);
  EXPECT_TRUE(remembered(jar, "large", 13h).empty());
  EXPECT_TRUE(remembered(jar, "other", 1min).empty());
  EXPECT_TRUE(remembered(Jar(), "large", 1min).empty());
  jar.cookies["__Host-was-other"] = jar.cookies["__Host-was-large"];
  EXPECT_TRUE(remembered(jar, "other", 1min).empty()) << "bound to its sign-in";
}

TEST_F(InFlight, TheSeventhRememberedApplicationDropsTheOldest) {
  Jar jar;
  for (int i = 0; i < 7; ++i) {
    http::Response response;
    remembered_client::keep(response, jar.request(), box, "s" + std::to_string(i), ClientId("app"), kNow + i * 1s);
    jar.take(response);
  }
  EXPECT_EQ(jar.cookies.size(), remembered_client::kMaxRemembered);
  EXPECT_FALSE(jar.cookies.contains("__Host-was-s0"));
}

TEST_F(InFlight, ForgettingRemovesEveryPart) {
  Jar jar;
  auto large = ticket(jar, "large");
  large.request.client = ClientId("app");
  large.request.state = std::string(4096, 's');
  ASSERT_TRUE(keep(jar, large));
  http::Response response;
  in_flight::forget(response, jar.request(), "large");
  jar.take(response);
  EXPECT_TRUE(jar.cookies.empty());
}

}  // namespace
}  // namespace symbolon::login
