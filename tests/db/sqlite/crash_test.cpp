// kill -9 while units are written: what was acknowledged is there, and nothing is there by half.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <set>
#include <stdexcept>

#include "db/sqlite/crash_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

/// The program that writes, with a pipe from its output.
class CrashWriter {
 public:
  CrashWriter(const std::string& location, int round) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = DB_CRASH_WRITER;
    std::string where = location;
    std::string number = std::to_string(round);
    char* arguments[] = {program.data(), where.data(), number.data(), nullptr};
    const int failed = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) throw std::runtime_error("cannot start " + program);
  }
  ~CrashWriter() { ::close(output_); }
  CrashWriter(const CrashWriter&) = delete;
  CrashWriter& operator=(const CrashWriter&) = delete;

  /// Kills it as soon as it has acknowledged `count` units; returns all that it acknowledged until it died.
  std::set<std::string> kill_after(std::size_t count) {
    bool is_alive = true;
    std::array<char, 4096> buffer{};
    std::string text;
    for (;;) {
      if (is_alive && static_cast<std::size_t>(std::ranges::count(text, '\n')) >= count) {
        ::kill(process_, SIGKILL);
        is_alive = false;
      }
      const ssize_t size = ::read(output_, buffer.data(), buffer.size());
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    int status = 0;
    ::waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it ended by itself: " << status;
    return whole_lines(text);
  }

 private:
  static std::set<std::string> whole_lines(const std::string& text) {
    std::set<std::string> lines;
    for (std::size_t start = 0, end = text.find('\n'); end != text.npos; end = text.find('\n', start)) {
      lines.insert(text.substr(start, end - start));
      start = end + 1;
    }
    return lines;
  }

  int output_ = -1;
  pid_t process_ = 0;
};

void expect_whole_and_complete(Database& database, const std::set<std::string>& acknowledged) {
  run_task(database.read([&](Transaction& tx) {
    std::set<std::string> found;
    for (const Row& row : tx.query("SELECT id, COUNT(*) FROM halves GROUP BY id")) {
      found.insert(row.text(0));
      EXPECT_EQ(row.integer(1), 2) << row.text(0);
    }
    const auto total = tx.query_one("SELECT units FROM totals WHERE name = 'all'")->integer(0);
    EXPECT_EQ(total, static_cast<std::int64_t>(found.size()));
    for (const std::string& id : acknowledged) EXPECT_TRUE(found.contains(id)) << "acknowledged and lost: " << id;
  }));
}

TEST(SqliteCrash, KillLosesNothingAcknowledgedAndLeavesNothingByHalf) {
  const TemporaryFolder folder;
  const std::string location = "sqlite:" + (folder / "test.db").string();
  std::set<std::string> acknowledged;
  int round = 0;
  // Nought kills it while it starts; the large one goes past the point where the log is copied into the file.
  for (const std::size_t count : {0, 1, 0, 2, 9, 40, 0, 150, 700, 3}) {
    SCOPED_TRACE("round " + std::to_string(++round));
    acknowledged.merge(CrashWriter(location, round).kill_after(count));
    expect_whole_and_complete(*open_crash_database(location), acknowledged);
  }
  EXPECT_GE(acknowledged.size(), 900u);
}

}  // namespace
}  // namespace symbolon::db
