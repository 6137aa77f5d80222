#include "app/link_tokens.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>

#include "crypto/random.h"
#include "db/database.h"
#include "store/tenant_store.h"
#include "support/fake_clock.h"
#include "support/inline_workers.h"
#include "support/run_task.h"

// Which ID tokens prove an account that is to be linked (management-api §4.2).
namespace symbolon::app {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

const TenantId kTenant{"default"};

// One set of keys for all tests: RSA keys take their time.
class LinkTokensTest : public testing::Test {
 protected:
  struct Scene {
    Scene() {
      run_task(database->write([&](db::Transaction& tx) {
        store::TenantStore(tx).insert(store::tenant_from_document(kTenant, "{}"));
      }));
    }
    FakeClock clock;
    crypto::SystemRandom random;
    InlineWorkers workers;
    crypto::SecretBox box{crypto::Keyring({{"00000001", Secret(std::string(32, 'k'))}}), random};
    std::unique_ptr<db::Database> database = db::open_database("sqlite::memory:");
    oidc::SigningKeys keys{*database, workers, box, clock, random};
    VerifiedLinkTokens tokens{keys, clock};
  };
  static Scene& scene() {
    static Scene scene;
    return scene;
  }

  static bj::object claims() {
    const auto now = to_epoch_seconds(scene().clock.now());
    return {{"iss", "https://id.example.com/"}, {"aud", "app"}, {"sub", "oidc|corp|jane"}, {"iat", now},
            {"exp", now + 60}};
  }
  static std::string token(const bj::object& claims, std::string_view typ = "JWT") {
    return run_task(scene().keys.get(kTenant))->sign(crypto::SignatureAlgorithm::RS256, typ, claims);
  }
  static std::optional<management::ProvenAccount> read(const std::string& token) {
    const http::Site site{kTenant, "https://id.example.com", "id.example.com", true};
    return run_task(scene().tokens.read(site, token));
  }
};

TEST_F(LinkTokensTest, AnIdTokenOfOursProvesItsSubject) {
  const auto read_back = read(token(claims()));
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->user, UserId("oidc|corp|jane"));
  EXPECT_EQ(read_back->issued_at, scene().clock.now());
}

TEST_F(LinkTokensTest, AnythingElseProvesNothing) {
  const struct {
    const char* name;
    std::function<void(bj::object&)> spoil;
  } kRows[] = {
      {"expired this second", [](bj::object& one) { one["exp"] = to_epoch_seconds(scene().clock.now()); }},
      {"without an end", [](bj::object& one) { one.erase("exp"); }},
      {"without a beginning", [](bj::object& one) { one.erase("iat"); }},
      {"end of the wrong type", [](bj::object& one) { one["exp"] = "tomorrow"; }},
      {"for nobody", [](bj::object& one) { one.erase("aud"); }},
      {"about nobody", [](bj::object& one) { one.erase("sub"); }},
      {"of another host", [](bj::object& one) { one["iss"] = "https://other.example.com/"; }},
      {"an access token", [](bj::object& one) { one["azp"] = "app"; }},
      {"a logout token", [](bj::object& one) { one["events"] = bj::object(); }},
  };
  for (const auto& row : kRows) {
    bj::object spoilt = claims();
    row.spoil(spoilt);
    EXPECT_FALSE(read(token(spoilt))) << row.name;
  }
  EXPECT_FALSE(read(token(claims(), "at+jwt")));
  std::string forged = token(claims());
  forged[forged.rfind('.') + 5] ^= 1;
  EXPECT_FALSE(read(forged));
  for (const char* text : {"", "x", "a.b.c"}) EXPECT_FALSE(read(text)) << text;
}

}  // namespace
}  // namespace symbolon::app
