#include "app/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace symbolon::app {
namespace {

ConfigSources usable() {
  ConfigSources sources;
  sources.flags["public_url"] = "https://id.example";
  return sources;
}

std::string all(const std::vector<std::string>& problems) {
  std::string text;
  for (const std::string& problem : problems) text += problem + "\n";
  return text;
}

TEST(Config, AUsableOneHasNoProblems) {
  const auto loaded = load_config(usable());
  EXPECT_EQ(all(loaded.problems), "");
  EXPECT_EQ(loaded.config.listen, "127.0.0.1:3000");
  EXPECT_EQ(loaded.config.database_location(), "sqlite:symbolon-data/symbolon.db");
}

TEST(Config, FlagsWinOverEnvironmentOverFile) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "s.toml").string();
  std::ofstream(file) << "public_url = \"https://file.example\"\nthreads = 1\nlog_level = \"error\"\n"
                         "allowed_networks = [\"10.0.0.0/8\", \"fd00::/8\"]\n";
  ConfigSources sources{.file = file,
                        .environment = {{"threads", "2"}, {"log_level", "debug"}},
                        .flags = {{"log_level", "warning"}}};
  const auto loaded = load_config(sources);
  EXPECT_EQ(all(loaded.problems), "");
  EXPECT_EQ(loaded.config.public_url, "https://file.example");
  EXPECT_EQ(loaded.config.threads, 2);
  EXPECT_EQ(loaded.config.log_level, "warning");
  EXPECT_EQ(loaded.config.allowed_networks.size(), 2U);
}

TEST(Config, EveryMistakeIsToldAtOnceAndByName) {
  ConfigSources sources;
  sources.flags = {{"listen", "nowhere"},         {"public_url", "http://id.example"}, {"threads", "many"},
                   {"trusted_proxies", "10.0/8"}, {"log_level", "loud"},               {"colour", "red"},
                   {"tls_cert", "/does/not/exist"}, {"dns_server", "ns.example"}};
  const std::string problems = all(load_config(sources).problems);
  for (const char* name : {"listen:", "public_url:", "threads:", "trusted_proxies:", "log_level:", "colour:", "dns_server:",
                           "tls_cert, tls_key:", "/does/not/exist"})
    EXPECT_TRUE(problems.contains(name)) << name << " in\n" << problems;
}

struct Spoiled {
  const char* value;
  bool usable;
};

TEST(Config, ThePublicUrlIsABareOrigin) {
  for (const Spoiled& row : {Spoiled{"https://id.example", true}, Spoiled{"https://id.example:8443/", true},
                             Spoiled{"http://localhost:3000", true}, Spoiled{"http://127.0.0.1:3000", true},
                             Spoiled{"http://id.example", false}, Spoiled{"https://id.example/path", false},
                             Spoiled{"https://id.example?x=1", false}, Spoiled{"id.example", false},
                             Spoiled{"ftp://id.example", false}, Spoiled{"", false}}) {
    ConfigSources sources;
    sources.flags["public_url"] = row.value;
    EXPECT_EQ(load_config(sources).problems.empty(), row.usable) << row.value;
  }
}

TEST(Config, DevStaysOnThisMachine) {
  ConfigSources sources;
  sources.flags = {{"dev", "true"}, {"listen", "127.0.0.1:4000"}};
  const auto loaded = load_config(sources);
  EXPECT_EQ(all(loaded.problems), "");
  EXPECT_EQ(loaded.config.public_url, "https://localhost:4000");
  EXPECT_TRUE(loaded.config.insecure_upstreams);
  EXPECT_EQ(loaded.config.log_format, "readable");

  sources.flags["listen"] = "0.0.0.0:4000";
  EXPECT_TRUE(all(load_config(sources).problems).contains("dev refuses a public listen address"));
}

TEST(Config, TheExampleFileIsReadBackAsDefaults) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "example.toml").string();
  std::string text = example_config();
  std::ofstream(file) << text;
  auto sources = usable();
  sources.file = file;
  EXPECT_EQ(all(load_config(sources).problems), "");
  for (const SettingDescription& setting : describe_settings())
    EXPECT_TRUE(text.contains("# " + setting.name + " = ")) << setting.name;
}

TEST(Config, ABrokenFileIsToldWithItsLine) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "broken.toml").string();
  std::ofstream(file) << "threads = 1\nlisten = \n";
  auto sources = usable();
  sources.file = file;
  EXPECT_TRUE(all(load_config(sources).problems).contains("line 2"));
}

}  // namespace
}  // namespace symbolon::app
