#include "crypto/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <latch>
#include <set>
#include <thread>

#include "crypto/equal.h"
#include "crypto/random.h"
#include "support/temporary_folder.h"

namespace symbolon::crypto {
namespace {

using testing::HasSubstr;

void write(const std::filesystem::path& file, const std::string& text, mode_t mode = 0600) {
  std::ofstream(file) << text;
  ::chmod(file.c_str(), mode);
}

std::string why(const std::filesystem::path& file) {
  try {
    load_key_file(file);
  } catch (const KeyFileError& error) {
    return error.what();
  }
  return {};
}

constexpr const char* kLine = "00c0ffee AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n";

TEST(KeyFile, IsMadeOnceAndReadBack) {
  TemporaryFolder folder;
  SystemRandom random;
  const Keyring made = load_or_create_key_file(folder / "master.key", random);
  const Keyring again = load_or_create_key_file(folder / "master.key", random);
  ASSERT_EQ(again.keys().size(), 1U);
  EXPECT_EQ(again.current().id, made.current().id);
  EXPECT_TRUE(constant_time_equal(again.current().bytes, made.current().bytes));
}

TEST(KeyFile, IsForItsOwnerOnlyAndLeavesNothingBeside) {
  TemporaryFolder folder;
  SystemRandom random;
  const Keyring keys = load_or_create_key_file(folder / "master.key", random);
  save_key_file(folder / "master.key", keys.rotated(random));
  struct stat status{};
  ASSERT_EQ(::stat((folder / "master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

TEST(KeyFile, KeepsTheOrderOfKeys) {
  TemporaryFolder folder;
  SystemRandom random;
  const Keyring keys = Keyring::generate(random).rotated(random).rotated(random);
  save_key_file(folder / "master.key", keys);
  const Keyring read = load_key_file(folder / "master.key");
  ASSERT_EQ(read.keys().size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(read.keys()[i].id, keys.keys()[i].id);
}

TEST(KeyFile, RefusesAFileThatOthersMayTouch) {
  TemporaryFolder folder;
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0666U}) {
    write(folder / "master.key", kLine, mode);
    EXPECT_THAT(why(folder / "master.key"), HasSubstr("chmod 600 " + (folder / "master.key").string())) << mode;
  }
  for (const mode_t mode : {0600U, 0400U}) {
    ::chmod((folder / "master.key").c_str(), mode);
    EXPECT_EQ(why(folder / "master.key"), "") << mode;
  }
}

TEST(KeyFile, SaysWhatIsWrong) {
  const struct {
    const char* name;
    std::string content;
    const char* want;
  } rows[] = {
      {"empty", "", "at least one key"},
      {"only a comment", "# nothing\n", "at least one key"},
      {"no key", "00c0ffee\n", "not 32 bytes"},
      {"short key", "00c0ffee AAEC\n", "not 32 bytes"},
      {"not base64url", "00c0ffee ???\n", "`<key id> <key in base64url>`"},
      {"bad id", "c0ffee AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\n", "hexadecimal"},
      {"id twice", std::string(kLine) + kLine, "occurs twice"},
      {"too large", std::string(70000, '#'), "64 KiB"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    TemporaryFolder folder;
    write(folder / "master.key", row.content);
    EXPECT_THAT(why(folder / "master.key"), HasSubstr(row.want));
    EXPECT_THAT(why(folder / "master.key"), HasSubstr("master.key"));
  }
  TemporaryFolder folder;
  EXPECT_THAT(why(folder / "none"), HasSubstr("does not exist"));
  EXPECT_THAT(why(folder.path()), HasSubstr("not a regular file"));
  ::mkfifo((folder / "pipe").c_str(), 0600);
  EXPECT_THAT(why(folder / "pipe"), HasSubstr("not a regular file"));
}

TEST(KeyFile, DoesNotShowKeysInItsErrors) {
  TemporaryFolder folder;
  write(folder / "master.key", "00c0ffee AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg\n");
  EXPECT_THAT(why(folder / "master.key"), testing::Not(HasSubstr("AAEC")));
}

TEST(KeyFile, IsNeverReplacedByAnUnusableOne) {
  TemporaryFolder folder;
  SystemRandom random;
  write(folder / "master.key", "garbage\n");
  EXPECT_THROW(load_or_create_key_file(folder / "master.key", random), KeyFileError);
  std::ifstream in(folder / "master.key");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "garbage\n");
}

TEST(KeyFile, CannotBeMadeInAMissingFolder) {
  TemporaryFolder folder;
  SystemRandom random;
  EXPECT_THROW(load_or_create_key_file(folder / "no" / "master.key", random), KeyFileError);
}

TEST(KeyFile, IsTheSameForProgramsThatStartTogether) {
  TemporaryFolder folder;
  std::array<std::string, 8> ids;
  {
    std::latch ready(8);
    std::vector<std::jthread> threads;
    for (std::string& id : ids) {
      threads.emplace_back([&] {
        SystemRandom random;
        ready.arrive_and_wait();
        id = load_or_create_key_file(folder / "master.key", random).current().id;
      });
    }
  }
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 1U);
}

}  // namespace
}  // namespace symbolon::crypto
