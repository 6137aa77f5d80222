#include "app/installation.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace symbolon::app
