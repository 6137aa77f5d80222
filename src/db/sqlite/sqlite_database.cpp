#include "db/sqlite/sqlite_database.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>

#include "db/sqlite/backup.h"
#include "db/sqlite/job.h"
#include "db/sqlite/schema.h"
#include "db/sqlite/unit_transaction.h"

namespace symbolon::db::sqlite {
namespace {

// 16 MiB: a page that many commits rewrite is copied once.
constexpr int kCheckpointStep = 4000;

// Of pages, for the writer and for each reader: with two readers, what is in use of 10,000 connections stays in memory.
constexpr int kCacheKib = 8192;

std::size_t reader_count() { return std::clamp(std::thread::hardware_concurrency(), 2u, 4u); }

}  // namespace

std::unique_ptr<Database> SqliteDatabase::open_file(const std::string& path, std::span<const Migration> migrations,
                                                    const Clock& clock) {
  auto writer = Connection::open_file(path, Access::write, kCacheKib);
  try {
    migrate(*writer, migrations, clock);
  } catch (const DatabaseError& error) {
    throw DatabaseError("cannot prepare database " + path + ": " + error.what());
  }
  return std::unique_ptr<Database>(new SqliteDatabase(path, std::move(writer)));
}

std::unique_ptr<Database> SqliteDatabase::open_memory(std::span<const Migration> migrations, const Clock& clock) {
  auto connection = Connection::open_memory();
  migrate(*connection, migrations, clock);
  return std::unique_ptr<Database>(new SqliteDatabase("", std::move(connection)));
}

SqliteDatabase::SqliteDatabase(std::string path, std::unique_ptr<Connection> writer)
    : path_(path.empty() ? path : std::filesystem::absolute(path).string()), writes_(1), reads_(reader_count()), searches_(1), backups_(1) {
  if (!path_.empty()) start_reading();
  workers_.emplace_back(std::move(writer), writes_, counters_, checkpointer_ ? &*checkpointer_ : nullptr);
}

void SqliteDatabase::start_reading() {
  checkpointer_.emplace(Connection::open_file(path_, Access::write), kCheckpointStep);
  for (std::size_t i = 0; i < reader_count(); ++i) {
    workers_.emplace_back(Connection::open_file(path_, Access::read, kCacheKib), reads_, counters_, nullptr);
  }
  workers_.emplace_back(path_, searches_, counters_);
  workers_.emplace_back(path_, backups_, counters_);
}

Statistics SqliteDatabase::statistics() const {
  return {.commits = counters_.commits.load(std::memory_order_relaxed),
          .units_written = counters_.units_written.load(std::memory_order_relaxed),
          .units_read = counters_.units_read.load(std::memory_order_relaxed)};
}

// A database in memory has one connection, and so one thread and one queue.

Task<void> SqliteDatabase::run_write(Unit unit) { return run_queued(writes_, Access::write, std::move(unit)); }

Task<void> SqliteDatabase::run_read(Unit unit) {
  return run_queued(path_.empty() ? writes_ : reads_, Access::read, std::move(unit));
}

Task<void> SqliteDatabase::run_search(StepBudget& budget, Unit unit) {
  return run_queued(path_.empty() ? writes_ : searches_, Access::read, std::move(unit), &budget);
}

Task<void> SqliteDatabase::backup(std::string path) {
  Unit copy = [this, path = std::move(path)](Transaction& tx) {
    back_up(static_cast<UnitTransaction&>(tx).connection(), path_, path);
  };
  return run_queued(path_.empty() ? writes_ : backups_, Access::read, std::move(copy));
}

}  // namespace symbolon::db::sqlite
