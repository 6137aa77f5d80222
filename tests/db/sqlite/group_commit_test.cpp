// How units meet in the writer's queue. A unit that waits for the test stands in for a slow disk.
#include <gtest/gtest.h>

#include <boost/asio/strand.hpp>

#include "db/test_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {
namespace {

namespace asio = boost::asio;

class Gate {
 public:
  void open() { promise_.set_value(); }
  void wait() { future_.wait(); }

 private:
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

Task<void> wait_inside_write(Database& database, Gate& entered, Gate& released) {
  co_await database.write([&](Transaction& tx) {
    tx.execute("INSERT INTO items (id) VALUES ('slow')");
    entered.open();
    released.wait();
  });
}

Task<void> add_item(Database& database, int number) {
  co_await database.write([number](Transaction& tx) {
    tx.execute("INSERT INTO items (id, number) VALUES (?1, ?2)", {std::to_string(number), number});
  });
}

class GroupCommit : public testing::Test {
 protected:
  /// Queues `units` behind one that is running, so that all of them wait when it ends.
  void queue_behind_a_slow_unit(int units) {
    results_.push_back(asio::co_spawn(io_, wait_inside_write(*database_, entered_, released_), asio::use_future));
    io_.poll();
    entered_.wait();
    for (int number = 0; number < units; ++number) {
      results_.push_back(asio::co_spawn(io_, add_item(*database_, number), asio::use_future));
    }
    io_.poll();
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_test_database("sqlite:" + (folder_ / "test.db").string());
  asio::io_context io_;
  Gate entered_;
  Gate released_;
  std::vector<std::future<void>> results_;
};

TEST_F(GroupCommit, UnitsThatWaitTogetherShareACommit) {
  queue_behind_a_slow_unit(20);
  released_.open();
  io_.run();
  for (auto& result : results_) outcome(result);
  EXPECT_EQ(database_->statistics().commits, 2);
  EXPECT_EQ(database_->statistics().units_written, 21);
}

TEST_F(GroupCommit, ACommitIsBounded) {
  queue_behind_a_slow_unit(200);
  released_.open();
  io_.run();
  EXPECT_GE(database_->statistics().commits, 1 + 3);
  EXPECT_EQ(database_->statistics().units_written, 201);
}

TEST_F(GroupCommit, AThrowAtTheTopOfACoroutineLeavesTheOthersOfItsBatchGoing) {
  queue_behind_a_slow_unit(0);
  // An io_context collects what its coroutines throw; a strand lets it through at once.
  const auto strand = asio::make_strand(io_);
  for (int number = 0; number < 6; ++number) {
    asio::co_spawn(strand, add_item(*database_, number), [number](std::exception_ptr) {
      if (number % 2 == 0) throw std::runtime_error("out of run()");
    });
  }
  int finished = 0;
  for (int number = 6; number < 9; ++number) {
    asio::co_spawn(strand, add_item(*database_, number), [&](std::exception_ptr error) { finished += !error; });
  }
  io_.poll();
  released_.open();
  for (int thrown = 0; thrown < 3; ++thrown) EXPECT_THROW(io_.run(), std::runtime_error);
  io_.run();
  EXPECT_EQ(finished, 3);
}

TEST_F(GroupCommit, AReaderDoesNotWaitForTheWriter) {
  run_task(add_item(*database_, 1));
  queue_behind_a_slow_unit(0);
  // Runs while the slow unit holds the write lock, and sees nothing of it.
  const auto rows = run_task(database_->read([](Transaction& tx) { return tx.query("SELECT id FROM items").size(); }));
  EXPECT_EQ(rows, 1u);
  released_.open();
  io_.run();
}

TEST_F(GroupCommit, AReadKeepsItsSnapshotWhileOthersWrite) {
  Gate first_read;
  Gate written;
  std::size_t before = 99;
  std::size_t after = 99;
  const auto look_twice = [&](Transaction& tx) {
    before = tx.query("SELECT id FROM items").size();
    first_read.open();
    written.wait();
    after = tx.query("SELECT id FROM items").size();
  };
  auto reading = asio::co_spawn(io_, database_->read(look_twice), asio::use_future);
  io_.poll();
  first_read.wait();
  run_task(add_item(*database_, 1));
  EXPECT_EQ(run_task(database_->read([](Transaction& tx) { return tx.query("SELECT id FROM items").size(); })), 1u);
  written.open();
  io_.run();
  outcome(reading);
  EXPECT_EQ(before, 0u);
  EXPECT_EQ(after, 0u);
}

}  // namespace
}  // namespace symbolon::db
