#include "app/installation.h"

#include <gtest/gtest.h>

#include "net/run_here.h"
#include "oidc/signing_key_set.h"
#include "store/signing_key_store.h"
#include "store/tenant_store.h"
#include "support/temporary_folder.h"

namespace symbolon::app {
namespace {

std::string refusal(const Config& config) {
  try {
    const Installation installation(config);
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

TEST(Installation, MakesWhatIsMissingAndOpensItAgain) {
  const TemporaryFolder folder;
  Config config;
  config.data_dir = folder / "new";
  EXPECT_EQ(refusal(config), "");
  EXPECT_TRUE(std::filesystem::exists(config.data_dir / "master.key"));
  EXPECT_TRUE(std::filesystem::exists(config.data_dir / "symbolon.db"));
  EXPECT_EQ(refusal(config), "");
}

TEST(Installation, NoDatabaseIsOpenedWithoutTheKeyFileThatBelongsToIt) {
  const TemporaryFolder folder;
  for (const std::string& database : {std::string(), "sqlite:" + (folder / "elsewhere.db").string()}) {
    Config config;
    config.data_dir = folder / "data";
    config.database = database;
    ASSERT_EQ(refusal(config), "");
    std::filesystem::remove(config.data_dir / "master.key");
    EXPECT_TRUE(refusal(config).contains("put back the key file")) << database;
    EXPECT_FALSE(std::filesystem::exists(config.data_dir / "master.key")) << "made anew, which hides the loss";
    std::filesystem::remove(config.data_dir / "symbolon.db");
  }
}

void make_tenant_with_key(Installation& installation) {
  model::SigningKey key;
  key.tenant = TenantId("acme");
  key.kid = "k1";
  key.algorithm = "ES256";
  key.public_jwk = "{}";
  key.private_key.bytes = installation.box->seal(oidc::kSigningKeyPurpose,
                                                 oidc::signing_key_place(key.tenant, key.kid), "a key");
  net::run_here(installation.db->write([&](db::Transaction& tx) {
    store::SigningKeyStore(tx, key.tenant).insert(key);
    return store::TenantStore(tx).insert(store::tenant_from_document(key.tenant, "{}"));
  }));
}

TEST(Installation, NoDatabaseIsOpenedWithTheKeyFileOfAnother) {
  const TemporaryFolder folder;
  Config ours, other;
  ours.data_dir = folder / "ours";
  other.data_dir = folder / "other";
  {
    Installation installation(ours);
    make_tenant_with_key(installation);
    const Installation neighbour(other);
  }
  EXPECT_EQ(refusal(ours), "");
  std::filesystem::rename(other.data_dir / "master.key", ours.data_dir / "master.key");
  EXPECT_TRUE(refusal(ours).contains("does not open the secrets")) << refusal(ours);
}

}  // namespace
}  // namespace symbolon::app
