#include "oidc/connection_keys_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oidc/provider.h"
#include "store/connection_store.h"
#include "store/signing_key_store.h"

// GET /oauth/connection/{name}/.well-known/jwks.json (login-runtime OP-12).
namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using model::KeyState;
using testing::ElementsAre;
using namespace std::chrono_literals;

class ConnectionKeysEndpointTest : public testing::Test {
 protected:
  http::Response get(const std::string& name) {
    ConnectionKeysEndpoint endpoint(*provider_.db, provider_.clock);
    auto request = provider_.request(http::Method::get, "/oauth/connection/" + name + "/.well-known/jwks.json");
    request.parameters["name"] = name;
    return run_task(endpoint.handle(std::move(request)));
  }
  std::vector<std::string> kids() {
    std::vector<std::string> found;
    for (const bj::value& key : json_of(get("acme")).at("keys").as_array())
      found.emplace_back(key.at("kid").as_string());
    return found;
  }
  void add(const std::string& kid, KeyState state) {
    provider_.write([&](db::Transaction& tx) {
      const auto connection = store::ConnectionStore(tx, kTenant).find_by_name("acme");
      model::SigningKey key;
      key.tenant = kTenant;
      key.owner = connection->id.str();
      key.kid = kid;
      key.algorithm = "RS256";
      key.state = state;
      key.private_key.bytes = "sealed";
      key.public_jwk = R"({"kty":"RSA","kid":")" + kid + R"("})";
      key.created_at = provider_.clock.now();
      if (state == KeyState::previous) key.current_until = provider_.clock.now();
      store::SigningKeyStore(tx, kTenant, key.owner).insert(key);
    });
  }

  Provider provider_;
};

TEST_F(ConnectionKeysEndpointTest, PublishesTheKeysOfTheConnection) {
  add("1-next", KeyState::next);
  add("2-current", KeyState::current);
  const auto response = get("acme");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=300");
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response.body.find("sealed"), std::string::npos);
  EXPECT_THAT(kids(), ElementsAre("1-next", "2-current"));
}

TEST_F(ConnectionKeysEndpointTest, AKeyThatWasReplacedStaysForFiveMinutes) {
  add("1-current", KeyState::current);
  add("2-previous", KeyState::previous);
  add("3-revoked", KeyState::revoked);
  EXPECT_THAT(kids(), ElementsAre("1-current", "2-previous"));
  provider_.clock.advance(5min - 1ms);
  EXPECT_THAT(kids(), ElementsAre("1-current", "2-previous"));
  provider_.clock.advance(1ms);
  EXPECT_THAT(kids(), ElementsAre("1-current"));
}

TEST_F(ConnectionKeysEndpointTest, AConnectionWithoutKeysHasAnEmptySet) { EXPECT_THAT(kids(), ElementsAre()); }

TEST_F(ConnectionKeysEndpointTest, ThereIsNothingAtOtherNames) {
  for (const char* name : {"unknown", "ACME", ""}) {
    const auto response = get(name);
    EXPECT_EQ(response.status, 404) << name;
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store") << name;
  }
}

}  // namespace
}  // namespace symbolon::oidc
