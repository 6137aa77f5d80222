#include "login_storm/usage.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace symbolon::bench {
namespace {

class UsageTest : public ::testing::Test {
 protected:
  UsageTest() { std::filesystem::create_directory(proc_ / "7"); }
  void write(const char* name, const std::string& text) const { std::ofstream(proc_.path() / "7" / name) << text; }

  TemporaryFolder proc_;
};

TEST_F(UsageTest, ReadsTimesAndMemory) {
  write("stat", "7 (a b) (c) S 1 7 7 0 -1 4194304 100 0 0 0 150 50 99 99 20 0 3 0 12345 1 1\n");
  write("status", "Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t3\n");
  const auto usage = read_usage(7, proc_.path());
  ASSERT_TRUE(usage);
  EXPECT_EQ(usage->cpu, std::chrono::nanoseconds(200 * (1'000'000'000 / sysconf(_SC_CLK_TCK))));
  EXPECT_EQ(usage->rss_bytes, 1024U * 1024);
  EXPECT_EQ(usage->peak_bytes, 2048U * 1024);
}

TEST_F(UsageTest, SaysThatThereIsNoSuchProcess) {
  const auto usage = read_usage(8, proc_.path());
  ASSERT_FALSE(usage);
  EXPECT_EQ(usage.error(), "no process with id 8");
}

TEST_F(UsageTest, RefusesAShortLine) {
  write("stat", "7 (x) S 1 7");
  EXPECT_FALSE(read_usage(7, proc_.path()));
}

TEST(Usage, ReadsThisProcess) {
  const auto usage = read_usage(getpid());
  ASSERT_TRUE(usage);
  EXPECT_GT(usage->rss_bytes, 0U);
  EXPECT_GE(usage->peak_bytes, usage->rss_bytes);
}

}  // namespace
}  // namespace symbolon::bench
