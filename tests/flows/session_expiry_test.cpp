#include <gtest/gtest.h>

#include "base/encoding.h"
#include "flows/world.h"
#include "store/session_store.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

// A provider that says when its session ends (login-runtime §5.4).
class SessionExpiry : public World, public testing::TestWithParam<const char*> {
 protected:
  SessionExpiry() {
    change_connection(GetParam(), [](auto& connection) { connection.upstream.session_expiry_supported = true; });
  }

  std::int64_t now() const { return to_epoch_seconds(clock.now()); }
  static std::int64_t claim(const http::Response& tokens) {
    const std::string token(json::parse(tokens.body).at("id_token").get_string());
    const auto first = token.find('.');
    const json::value claims =
        json::parse(*base64url_decode(token.substr(first + 1, token.rfind('.') - first - 1)));
    return claims.at("session_expiry").to_number<std::int64_t>();
  }
  std::vector<model::Session> sessions() {
    return run_task(memory->read([](db::Transaction& tx) {
      return store::SessionStore(tx, TenantId("default")).list_by_user(UserId("oidc|" + std::string(GetParam()) + "|ada"));
    }));
  }
};

TEST_P(SessionExpiry, SE31CapsTheSessionToTheSecond) {
  const std::int64_t end = now() + 3600;
  more_claims["session_expiry"] = end;
  const auto answer = parameters(arrive(depart(GetParam()), GetParam()));
  EXPECT_EQ(claim(redeem(answer.at("code"))), end);
  ASSERT_EQ(sessions().size(), 1u);
  EXPECT_EQ(to_epoch_seconds(sessions().front().expires_at), end);
  EXPECT_LE(to_epoch_seconds(sessions().front().idle_expires_at), end);

  clock.advance(std::chrono::seconds(3599));
  const auto silent = depart(GetParam(), {{"prompt", "none"}});
  ASSERT_TRUE(silent.contains("code"));
  EXPECT_EQ(claim(redeem(silent.at("code"))), end) << "use does not move it";
  clock.advance(std::chrono::seconds(1));
  EXPECT_EQ(depart(GetParam(), {{"prompt", "none"}}).at("error"), "login_required");
  EXPECT_TRUE(depart(GetParam()).contains("redirect_uri")) << "at the provider again";
}

TEST_P(SessionExpiry, ALaterOneThanOursChangesNothing) {
  more_claims["session_expiry"] = now() + 400LL * 24 * 3600;
  arrive(depart(GetParam()), GetParam());
  ASSERT_EQ(sessions().size(), 1u);
  EXPECT_EQ(to_epoch_seconds(sessions().front().expires_at), now() + 168 * 3600);
}

INSTANTIATE_TEST_SUITE_P(BothChannels, SessionExpiry, testing::Values("acme", "front"));

}  // namespace
}  // namespace symbolon::flows
