#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "db/budget.h"
#include "db/sqlite/statement.h"

struct sqlite3;

namespace symbolon::db::sqlite {

enum class Access { read, write };

/// One SQLite connection with its prepared statements. Used by one thread at a time.
///
/// A commit is on disk when it returns (write-ahead log, synchronous=FULL). Failures throw DatabaseError; those of
/// opening are sentences for the operator that name the file.
class Connection {
 public:
  /// Creates the file, readable by its owner only, when it is absent and `access` is write. Keeps up to `cache_kib` of
  /// its pages in memory, once they were needed.
  static std::unique_ptr<Connection> open_file(const std::string& path, Access access, int cache_kib = 1024);
  static std::unique_ptr<Connection> open_memory();

  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// A statement of the driver's own, such as BEGIN; prepared once.
  void run(std::string_view sql);
  /// A statement of a unit of work, prepared once and valid until the next call. Throws std::logic_error when it would
  /// touch transactions, settings or other files.
  Statement& statement_for_unit(std::string_view sql);
  /// Several statements of a migration, under the same rule but with a DatabaseError that names `title`.
  void run_migration_script(const std::string& sql, std::string_view title);

  bool in_transaction() const;
  /// Whether rows written in this transaction break a foreign key that is checked at its end.
  bool breaks_deferred_foreign_key() const;
  /// Rows changed since the connection was opened, and by the statement that ran last.
  std::int64_t total_changes() const;
  std::int64_t last_changes() const;

  /// Length of the write-ahead log after this connection's last commit.
  int log_pages() const { return log_pages_; }
  /// Copies what the log holds into the file, as far as no reader needs it as it was and without making anybody wait.
  /// Does nothing while another connection is at it.
  void checkpoint();

  /// While it lives, the connection's statements spend `budget`, and throw BudgetExceeded when it is used up. Null: no
  /// limit.
  class Limit {
   public:
    Limit(Connection& connection, StepBudget* budget);
    ~Limit();
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

   private:
    sqlite3* handle_;  ///< null without a budget
  };

  /// Copies what this connection sees into the database at `path`, an existing empty file.
  void copy_to(const std::string& path);

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct TextHash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  class Restriction;
  using Statements = std::unordered_map<std::string, Statement, TextHash, std::equal_to<>>;

  Connection(const std::string& path, int flags);
  void configure_file(Access access, int cache_kib);
  void switch_to_write_ahead_log();
  void run_script(const std::string& sql, std::string_view doing);
  Statement& prepared(Statements& cache, std::string_view sql);
  static int note_log_pages(void* self, sqlite3*, const char*, int pages);
  static int authorize(void* self, int action, const char*, const char*, const char*, const char*);

  std::unique_ptr<sqlite3, Close> handle_;
  Statements driver_statements_;  ///< apart, so that a unit never finds a COMMIT ready to run
  Statements unit_statements_;
  bool is_restricted_ = false;
  int log_pages_ = 0;
};

}  // namespace symbolon::db::sqlite
