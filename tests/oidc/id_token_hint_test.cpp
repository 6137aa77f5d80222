#include "oidc/id_token_hint.h"

#include <gtest/gtest.h>

#include "oidc/provider.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using crypto::SignatureAlgorithm;

std::optional<std::string> read(Provider& provider, const std::string& hint, const char* client = "web") {
  return read_id_token_hint(hint, *run_task(provider.keys.get(kTenant)), *provider.site, ClientId(client));
}

TEST(IdTokenHint, NamesTheSubjectOfOurOwnTokenEvenWhenItHasExpired) {
  Provider provider;
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code())));
  const auto hint = text_at(body, "id_token");
  provider.clock.advance(std::chrono::hours(24 * 365));
  EXPECT_EQ(read(provider, hint), "oidc|acme|ada");
  EXPECT_EQ(read(provider, hint, "spa"), std::nullopt) << "another client's";
  provider.site->base_url = "https://custom.example.com";
  EXPECT_EQ(read(provider, hint), std::nullopt) << "another host's";
}

TEST(IdTokenHint, TellsClientAndSessionToALogout) {
  Provider provider;
  const auto body = json_of(provider.post_token(Provider::redemption(provider.code())));
  const auto hint =
      read_id_token_hint(text_at(body, "id_token"), *run_task(provider.keys.get(kTenant)), *provider.site);
  ASSERT_TRUE(hint);
  EXPECT_EQ(hint->client, ClientId("web"));
  EXPECT_EQ(hint->subject, UserId("oidc|acme|ada"));
  EXPECT_EQ(hint->session, SessionId("sid-1"));
}

TEST(IdTokenHint, SEC18NothingElseIsOne) {
  Provider provider;
  const auto keys = run_task(provider.keys.get(kTenant));
  const bj::object claims{{"iss", "https://id.example.com/"}, {"sub", "x"}, {"aud", "web"}};
  ASSERT_EQ(read(provider, keys->sign(SignatureAlgorithm::ES256, "JWT", claims)), "x");

  bj::object access = claims;
  access["azp"] = "web";
  bj::object access_of_rfc9068 = claims;
  access_of_rfc9068["client_id"] = "web";
  bj::object logout = claims;  // with the typ that older libraries want
  logout["events"] = {{"http://schemas.openid.net/event/backchannel-logout", bj::object()}};
  bj::object list = claims;
  list["aud"] = bj::array{"web"};
  bj::object nobody = claims;
  nobody.erase("sub");
  const std::string good = keys->sign(SignatureAlgorithm::ES256, "JWT", claims);
  for (const std::string& hint :
       {keys->sign(SignatureAlgorithm::ES256, "JWT", access), keys->sign(SignatureAlgorithm::ES256, "JWT", list),
        keys->sign(SignatureAlgorithm::ES256, "JWT", access_of_rfc9068),
        keys->sign(SignatureAlgorithm::ES256, "JWT", logout), keys->sign(SignatureAlgorithm::ES256, "JWT", nobody),
        keys->sign(SignatureAlgorithm::ES256, "logout+jwt", claims), good.substr(0, good.size() - 8),
        good.substr(0, good.rfind('.') + 1), std::string("nonsense"), std::string()})
    EXPECT_EQ(read(provider, hint), std::nullopt) << hint;
}

}  // namespace
}  // namespace symbolon::oidc
