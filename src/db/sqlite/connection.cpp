#include "db/sqlite/connection.h"

#include <sqlite3.h>

#include <chrono>
#include <filesystem>

#include "db/sqlite/errors.h"
#include "db/sqlite/file.h"
#include "db/transaction.h"

namespace symbolon::db::sqlite {
namespace {

// Far more than the program has; reached only by SQL that is put together at run time.
constexpr std::size_t kMaxStatements = 1000;

// Of SQLite's virtual machine, between two looks at a budget.
constexpr int kStepsAtOnce = 1000;

// How long a command of another process may hold the write lock.
constexpr std::chrono::milliseconds kBusyTimeout = std::chrono::seconds(5);

// SQLite counts every allocation under one global lock unless told otherwise, and before its first use.
void configure_library() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(configured);
}

}  // namespace

/// While it lives, SQLite refuses to compile what a unit must not do.
class Connection::Restriction {
 public:
  explicit Restriction(Connection& connection) : flag_(connection.is_restricted_) { flag_ = true; }
  ~Restriction() { flag_ = false; }
  Restriction(const Restriction&) = delete;
  Restriction& operator=(const Restriction&) = delete;

 private:
  bool& flag_;
};

void Connection::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Connection::Connection(const std::string& path, int flags) {
  configure_library();
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) throw_last_error(handle, "", Wording::as_sqlite_says);

  // A misspelt "column" must be an error, as in PostgreSQL, and not become a text literal.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_set_authorizer(handle, &Connection::authorize, this);
  run_script("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF", "");
}

Connection::~Connection() = default;

std::unique_ptr<Connection> Connection::open_memory() {
  return std::unique_ptr<Connection>(new Connection(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
}

std::unique_ptr<Connection> Connection::open_file(const std::string& path, Access access, int cache_kib) {
  // Absolute, because SQLite would read a relative name that begins with "file:" as a URI.
  const std::string absolute = std::filesystem::absolute(path).string();
  try {
    if (access == Access::write) create_private_file(absolute);
    std::unique_ptr<Connection> connection(new Connection(absolute, SQLITE_OPEN_READWRITE));
    connection->configure_file(access, cache_kib);
    return connection;
  } catch (const DatabaseError& error) {
    throw DatabaseError("cannot open database " + absolute + ": " + error.what());
  }
}

void Connection::configure_file(Access access, int cache_kib) {
  // SQLite falls back to reading when the file may not be written.
  if (sqlite3_db_readonly(handle_.get(), "main") == 1) throw DatabaseError(describe(SQLITE_READONLY));
  sqlite3_busy_timeout(handle_.get(), static_cast<int>(kBusyTimeout.count()));
  switch_to_write_ahead_log();
  run_script("PRAGMA synchronous = FULL", "");
  sqlite3_wal_hook(handle_.get(), &Connection::note_log_pages, this);  // and no checkpoint inside a commit
  run_script("PRAGMA journal_size_limit = 67108864", "");
  run_script("PRAGMA cache_size = -" + std::to_string(cache_kib), "");
  if (access == Access::read) run_script("PRAGMA query_only = ON", "");
}

void Connection::switch_to_write_ahead_log() {
  constexpr const char* kSwitch = "PRAGMA journal_mode = WAL";
  // Two programs that make one file at the same time: the switch does not wait for the other's lock, BEGIN does.
  if ((sqlite3_exec(handle_.get(), kSwitch, nullptr, nullptr, nullptr) & 0xff) == SQLITE_BUSY) {
    run_script("BEGIN IMMEDIATE; COMMIT", "");
  }
  run_script(kSwitch, "");

  Statement query(handle_.get(), "PRAGMA journal_mode");
  const std::vector<Value> none;
  Statement::Run run(query, none);
  if (!run.step() || std::get<std::string>(run.columns().at(0)) != "wal") {
    throw DatabaseError("the file system offers no shared memory for the write-ahead log");
  }
}

void Connection::run(std::string_view sql) {
  static const std::vector<Value> kNone;
  Statement::Run run(prepared(driver_statements_, sql), kNone);
  while (run.step()) {
  }
}

void Connection::run_script(const std::string& sql, std::string_view doing) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw_last_error(handle_.get(), doing, Wording::as_sqlite_says);
  }
}

Statement& Connection::statement_for_unit(std::string_view sql) {
  const Restriction restriction(*this);
  return prepared(unit_statements_, sql);
}

void Connection::run_migration_script(const std::string& sql, std::string_view title) {
  const Restriction restriction(*this);
  run_script(sql, title);
}

Statement& Connection::prepared(Statements& cache, std::string_view sql) {
  if (const auto found = cache.find(sql); found != cache.end()) return found->second;
  if (cache.size() >= kMaxStatements) cache.clear();
  return cache.try_emplace(std::string(sql), handle_.get(), sql).first->second;
}

int Connection::authorize(void* self, int action, const char*, const char*, const char*, const char*) {
  if (!static_cast<const Connection*>(self)->is_restricted_) return SQLITE_OK;
  switch (action) {
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_PRAGMA:
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
      return SQLITE_DENY;
    default:
      return SQLITE_OK;
  }
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

bool Connection::breaks_deferred_foreign_key() const {
  int pending = 0;
  int highest = 0;
  sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &pending, &highest, 0);
  return pending != 0;
}

std::int64_t Connection::total_changes() const { return sqlite3_total_changes64(handle_.get()); }

std::int64_t Connection::last_changes() const { return sqlite3_changes64(handle_.get()); }

int Connection::note_log_pages(void* self, sqlite3*, const char*, int pages) {
  static_cast<Connection*>(self)->log_pages_ = pages;
  return SQLITE_OK;
}

void Connection::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(handle_.get(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) {
    throw_last_error(handle_.get(), "checkpoint", Wording::as_sqlite_says);
  }
}

Connection::Limit::Limit(Connection& connection, StepBudget* budget)
    : handle_(budget == nullptr ? nullptr : connection.handle_.get()) {
  const auto spend = [](void* left) { return static_cast<StepBudget*>(left)->spend(kStepsAtOnce) ? 0 : 1; };
  if (handle_ != nullptr) sqlite3_progress_handler(handle_, kStepsAtOnce, spend, budget);
}

Connection::Limit::~Limit() {
  if (handle_ != nullptr) sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
}

void Connection::copy_to(const std::string& path) {
  Connection target(path, SQLITE_OPEN_READWRITE);
  target.run_script("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF", "");
  sqlite3* to = target.handle_.get();
  sqlite3_backup* copy = sqlite3_backup_init(to, "main", handle_.get(), "main");
  if (copy == nullptr) throw_last_error(to, "", Wording::as_sqlite_says);
  sqlite3_backup_step(copy, -1);
  if (sqlite3_backup_finish(copy) != SQLITE_OK) throw_last_error(to, "", Wording::as_sqlite_says);
}

}  // namespace symbolon::db::sqlite
