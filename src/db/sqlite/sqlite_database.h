#pragma once

#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "db/database.h"
#include "db/migration.h"
#include "db/sqlite/batch.h"
#include "db/sqlite/checkpointer.h"
#include "db/sqlite/job_queue.h"
#include "db/sqlite/worker.h"

namespace symbolon::db::sqlite {

/// SQLite behind Database: one thread writes, with group commit, a few read beside it, and one searches. Must go before the
/// io_contexts of the coroutines that use it; its destructor finishes what is queued.
class SqliteDatabase final : public Database {
 public:
  /// Both throw DatabaseError with a sentence for the operator.
  static std::unique_ptr<Database> open_file(const std::string& path, std::span<const Migration> migrations,
                                             const Clock& clock);
  static std::unique_ptr<Database> open_memory(std::span<const Migration> migrations, const Clock& clock);

  Statistics statistics() const override;
  Task<void> backup(std::string path) override;

 protected:
  Task<void> run_write(Unit unit) override;
  Task<void> run_read(Unit unit) override;
  Task<void> run_search(StepBudget& budget, Unit unit) override;

 private:
  /// `path` is empty for a database in memory.
  SqliteDatabase(std::string path, std::unique_ptr<Connection> writer);
  void start_reading();

  const std::string path_;
  Counters counters_;
  JobQueue writes_;
  JobQueue reads_;
  JobQueue searches_;  ///< apart, because one costs as much as thousands of reads
  JobQueue backups_;   ///< apart, because one takes as long as the file is big
  std::optional<Checkpointer> checkpointer_;
  std::list<Worker> workers_;
};

}  // namespace symbolon::db::sqlite
