#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "db/database_test.h"

namespace symbolon::db {
namespace {

namespace asio = boost::asio;

class DatabaseConformance : public DatabaseTest {};

TEST_P(DatabaseConformance, KeepsEveryKindOfValueExactly) {
  std::string all_bytes;
  for (int byte = 0; byte < 256; ++byte) all_bytes.push_back(static_cast<char>(byte));
  const std::string unicode = "z\u00fcrich \u6771\u4eac \U0001f511 e\u0301";
  const Instant at = from_epoch_millis(1'700'000'000'123);

  write([&](Transaction& tx) {
    add_item(tx, "null");
    add_item(tx, "largest", std::numeric_limits<std::int64_t>::max(), Blob{all_bytes}, unicode);
    add_item(tx, "smallest", std::numeric_limits<std::int64_t>::min(), Blob{""}, "");
    add_item(tx, "instant", at, Blob{std::string("\0", 1)}, UserId("u1"));
    add_item(tx, "flag", true, std::optional<Blob>(), std::optional<std::string>("123"));
  });

  read([&](Transaction& tx) {
    auto row = find_item(tx, "null");
    EXPECT_TRUE(row->is_null(0) && row->is_null(1) && row->is_null(2));
    row = find_item(tx, "largest");
    EXPECT_EQ(row->integer(0), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(row->blob(1), all_bytes);
    EXPECT_EQ(row->text(2), unicode);
    row = find_item(tx, "smallest");
    EXPECT_EQ(row->integer(0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(row->blob(1), "");
    EXPECT_EQ(row->text(2), "");
    row = find_item(tx, "instant");
    EXPECT_EQ(row->instant(0), at);
    EXPECT_EQ(row->blob(1), std::string("\0", 1));
    EXPECT_EQ(row->text(2), "u1");
    row = find_item(tx, "flag");
    EXPECT_TRUE(row->flag(0));
    EXPECT_TRUE(row->is_null(1));
    EXPECT_EQ(row->text(2), "123");
    EXPECT_FALSE(find_item(tx, "absent"));
  });
}

TEST_P(DatabaseConformance, HandsBackWhatTheUnitReturns) {
  const auto text = write([](Transaction&) { return std::string("from a write"); });
  EXPECT_EQ(text, "from a write");
  const auto pointer = read([](Transaction&) { return std::make_unique<int>(7); });
  EXPECT_EQ(*pointer, 7);
}

TEST_P(DatabaseConformance, ExecuteCountsTheRowsItChanged) {
  write([](Transaction& tx) {
    EXPECT_EQ(tx.execute("INSERT INTO accounts (id, amount) VALUES ('a', 1), ('b', 1), ('c', 2)"), 3);
    EXPECT_EQ(tx.execute("UPDATE accounts SET amount = 5 WHERE amount = ?1", {1}), 2);
    EXPECT_EQ(tx.execute("CREATE TABLE more (id TEXT)"), 0);
    EXPECT_EQ(tx.execute("SELECT id FROM accounts"), 0);
    EXPECT_EQ(tx.execute("UPDATE accounts SET amount = 5 WHERE id = 'nobody'"), 0);
    EXPECT_EQ(tx.execute("INSERT INTO accounts (id, amount) VALUES ('a', 9) ON CONFLICT (id) DO NOTHING"), 0);
    EXPECT_EQ(tx.execute("DELETE FROM accounts"), 3);
  });
}

TEST_P(DatabaseConformance, OneStatementCanChangeAndReturn) {
  const auto rows = write([](Transaction& tx) {
    tx.execute("INSERT INTO accounts (id, amount) VALUES ('a', 1), ('b', 2)");
    return tx.query("UPDATE accounts SET amount = amount + ?1 WHERE amount < ?2 RETURNING id, amount", {10, 2});
  });
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].text(0), "a");
  EXPECT_EQ(rows[0].integer(1), 11);
}

struct Stop : std::runtime_error {
  using std::runtime_error::runtime_error;
};

TEST_P(DatabaseConformance, AUnitThatThrowsIsUndoneAndItsCallerSeesTheException) {
  try {
    write([](Transaction& tx) {
      add_item(tx, "undone");
      throw Stop("halfway");
    });
    FAIL() << "the exception was lost";
  } catch (const Stop& stop) {
    EXPECT_STREQ(stop.what(), "halfway");
  }
  EXPECT_THROW(read([](Transaction&) { throw Stop("in a read"); }), Stop);
  EXPECT_EQ(count("items"), 0);
}

Task<void> write_or_throw(Database& database, int number) {
  const std::string id = std::to_string(number);
  bool threw = false;
  try {
    co_await database.write([id, number](Transaction& tx) {
      add_item(tx, id, number);
      if (number % 3 == 0) throw Stop(id);
      add_item(tx, id + " too", number);
    });
  } catch (const Stop& stop) {
    threw = stop.what() == id;
  }
  EXPECT_EQ(threw, number % 3 == 0) << number;
}

TEST_P(DatabaseConformance, AUnitThatThrowsLeavesThoseBesideItAlone) {
  std::vector<Task<void>> tasks;
  for (int number = 0; number < 90; ++number) tasks.push_back(write_or_throw(*database_, number));
  run_together(std::move(tasks));
  const auto rows = read([](Transaction& tx) { return tx.query("SELECT number FROM items"); });
  EXPECT_EQ(rows.size(), 120u);
  for (const Row& row : rows) EXPECT_NE(row.integer(0) % 3, 0);
}

TEST_P(DatabaseConformance, ARefusedKeyIsAUniqueViolation) {
  write([](Transaction& tx) { add_item(tx, "one", nullptr, nullptr, "label"); });
  EXPECT_THROW(write([](Transaction& tx) { add_item(tx, "one"); }), UniqueViolation);
  EXPECT_THROW(write([](Transaction& tx) { add_item(tx, "two", nullptr, nullptr, "label"); }), UniqueViolation);
  EXPECT_EQ(count("items"), 1);
}

TEST_P(DatabaseConformance, OtherConstraintsAreNoUniqueViolation) {
  const auto refuse = [&](const char* sql) {
    SCOPED_TRACE(sql);
    try {
      write([&](Transaction& tx) { tx.execute(sql); });
      ADD_FAILURE() << "was accepted";
    } catch (const UniqueViolation&) {
      ADD_FAILURE() << "is no key";
    } catch (const DatabaseError&) {
    }
  };
  refuse("INSERT INTO accounts (id, amount) VALUES ('a', NULL)");
  refuse("INSERT INTO children (id, parent) VALUES ('c', 'nobody')");
  refuse("INSERT INTO late_children (id, parent) VALUES ('c', 'nobody')");
  refuse("INSERT INTO absent (id) VALUES ('c')");
  refuse("INSERT INTO \"items\" (id) VALUES (\"no such column\")");
}

TEST_P(DatabaseConformance, AUnitCannotOutliveADatabaseErrorByKeepingItToItself) {
  write([](Transaction& tx) { add_item(tx, "one"); });
  EXPECT_THROW(write([](Transaction& tx) {
                 add_item(tx, "two");
                 EXPECT_THROW(add_item(tx, "one"), UniqueViolation);
                 EXPECT_THROW(add_item(tx, "three"), UniqueViolation);
               }),
               UniqueViolation);
  EXPECT_EQ(count("items"), 1);
}

TEST_P(DatabaseConformance, ADeferredForeignKeyFailsItsOwnUnitOnly) {
  const auto add_child = [](Database& database, std::string parent) -> Task<void> {
    co_await database.write([&parent](Transaction& tx) {
      tx.execute("INSERT INTO late_children (id, parent) VALUES (?1, ?1)", {parent});
      if (parent != "bad") tx.execute("INSERT INTO parents (id) VALUES (?1)", {parent});
    });
  };
  asio::io_context io;
  std::vector<std::future<void>> results;
  for (const char* parent : {"a", "b", "bad", "c", "d"}) {
    results.push_back(asio::co_spawn(io, add_child(*database_, parent), asio::use_future));
  }
  io.run();
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (i == 2) {
      EXPECT_THROW(outcome(results[i]), DatabaseError);
    } else {
      EXPECT_NO_THROW(outcome(results[i]));
    }
  }
  EXPECT_EQ(count("late_children"), 4);
}

TEST_P(DatabaseConformance, ErrorsNeverQuoteAParameter) {
  write([](Transaction& tx) { add_item(tx, "hunter2", nullptr, nullptr, "hunter2"); });
  for (const char* sql : {"INSERT INTO items (id) VALUES (?1)", "INSERT INTO items (label, id) VALUES (?1, 'x')",
                          "INSERT INTO children (id, parent) VALUES (?1, ?1)", "INSERT INTO absent (id) VALUES (?1)",
                          "SELECT ?1, missing FROM items"}) {
    SCOPED_TRACE(sql);
    try {
      write([&](Transaction& tx) { tx.execute(sql, {"hunter2"}); });
      ADD_FAILURE() << "was accepted";
    } catch (const DatabaseError& error) {
      EXPECT_EQ(std::string(error.what()).find("hunter2"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find(sql), std::string::npos) << error.what();
    }
  }
}

TEST_P(DatabaseConformance, AWrongUseOfAStatementIsALogicError) {
  struct Wrong {
    const char* name;
    const char* sql;
    std::vector<Value> parameters;
  };
  const Wrong wrongs[] = {
      {"one parameter too few", "SELECT id FROM items WHERE id = ?1 OR id = ?2", {"a"}},
      {"none given", "SELECT id FROM items WHERE id = ?1", {}},
      {"one parameter too many", "SELECT id FROM items WHERE id = ?1", {"a", "b"}},
      {"one given, none expected", "SELECT id FROM items", {"a"}},
      {"a number left out", "SELECT id FROM items WHERE id = ?1 OR id = ?3", {"a", "b", "c"}},
      {"two statements", "DELETE FROM items; DELETE FROM accounts", {}},
      {"no statement", " ", {}},
      {"a commit", "COMMIT", {}},
      {"a nested transaction", "BEGIN", {}},
      {"a savepoint", "SAVEPOINT mine", {}},
  };
  for (const Wrong& wrong : wrongs) {
    SCOPED_TRACE(wrong.name);
    EXPECT_THROW(write([&](Transaction& tx) { tx.query(wrong.sql, wrong.parameters); }), std::logic_error);
    EXPECT_THROW(write([&](Transaction& tx) { tx.execute(wrong.sql, wrong.parameters); }), std::logic_error);
  }
}

TEST_P(DatabaseConformance, NothingIsWrittenInsideRead) {
  write([](Transaction& tx) { add_item(tx, "kept", 1); });
  for (const char* sql : {"INSERT INTO items (id) VALUES ('new')", "UPDATE items SET number = 2 RETURNING id",
                          "DELETE FROM items", "CREATE TABLE new (id TEXT)", "DROP TABLE items"}) {
    SCOPED_TRACE(sql);
    EXPECT_THROW(read([&](Transaction& tx) { tx.query(sql); }), std::logic_error);
    EXPECT_THROW(read([&](Transaction& tx) { tx.execute(sql); }), std::logic_error);
  }
  read([](Transaction& tx) {
    EXPECT_EQ(tx.query("SELECT id FROM items").size(), 1u);
    EXPECT_EQ(find_item(tx, "kept")->integer(0), 1);
  });
}

Task<void> add_numbered_item(Database& database, int number) {
  co_await database.write([number](Transaction& tx) { add_item(tx, std::to_string(number), number); });
}

TEST_P(DatabaseConformance, StatisticsCountUnitsAndCommits) {
  const Statistics before = database_->statistics();
  std::vector<Task<void>> tasks;
  for (int number = 0; number < 100; ++number) tasks.push_back(add_numbered_item(*database_, number));
  run_together(std::move(tasks));
  EXPECT_THROW(write([](Transaction&) { throw Stop("uncounted"); }), Stop);
  EXPECT_EQ(count("items"), 100);

  const Statistics after = database_->statistics();
  EXPECT_EQ(after.units_written - before.units_written, 100);
  EXPECT_EQ(after.units_read - before.units_read, 1);
  EXPECT_GE(after.commits - before.commits, 1);
  EXPECT_LE(after.commits - before.commits, 100);
}

TEST_P(DatabaseConformance, ClosingFinishesWhatIsQueued) {
  asio::io_context io;
  std::vector<std::future<void>> results;
  for (int number = 0; number < 100; ++number) {
    results.push_back(asio::co_spawn(io, add_numbered_item(*database_, number), asio::use_future));
  }
  io.poll();
  database_.reset();
  io.run();
  for (auto& result : results) EXPECT_NO_THROW(outcome(result));
}

TEST_P(DatabaseConformance, AnIoContextThatStopsTakesItsCoroutinesAlong) {
  auto alive = std::make_shared<int>();
  const auto hold = [](Database& database, std::shared_ptr<int> held) -> Task<void> {
    co_await database.write([&held](Transaction& tx) { tx.execute("DELETE FROM items WHERE number = ?1", {*held}); });
  };
  {
    asio::io_context io;
    for (int i = 0; i < 5; ++i) asio::co_spawn(io, hold(*database_, alive), [](std::exception_ptr) {});
    io.poll();
    database_.reset();
  }
  EXPECT_EQ(alive.use_count(), 1);
}

TEST_P(DatabaseConformance, ABackupIsADatabaseThatAnotherServerCanStartFrom) {
  std::vector<Task<void>> tasks;
  for (int number = 0; number < 100; ++number) tasks.push_back(add_numbered_item(*database_, number));
  run_together(std::move(tasks));
  const std::string copy = (folder_ / "copy.db").string();
  run_task(database_->backup(copy));
  write([](Transaction& tx) { add_item(tx, "later"); });

  const auto other = open_test_database("sqlite:" + copy);
  run_task(other->write([](Transaction& tx) {
    EXPECT_EQ(tx.query_one("SELECT COUNT(*) FROM items")->integer(0), 100);
    add_item(tx, "in the copy");
  }));
  EXPECT_EQ(count("items"), 101);
}

INSTANTIATE_TEST_SUITE_P(Drivers, DatabaseConformance, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::db
