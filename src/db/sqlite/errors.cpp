#include "db/sqlite/errors.h"

#include <sqlite3.h>

#include <system_error>

#include "db/budget.h"

namespace symbolon::db::sqlite {
namespace {

constexpr int primary(int extended_code) { return extended_code & 0xff; }

bool is_unique_violation(int code) {
  return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
}

std::string reason(sqlite3* connection, int code, Wording wording) {
  // A constraint's text names its table and columns only.
  if (primary(code) == SQLITE_CONSTRAINT) return sqlite3_errmsg(connection);
  if (primary(code) == SQLITE_ERROR && wording == Wording::as_sqlite_says) return sqlite3_errmsg(connection);

  std::string text = describe(code);
  const int system_error = sqlite3_system_errno(connection);
  if (primary(code) == SQLITE_CANTOPEN && system_error != 0)
    text += ": " + std::generic_category().message(system_error);
  return text;
}

}  // namespace

std::string describe(int code) {
  switch (primary(code)) {
    case SQLITE_NOTADB:
      return "the file is not a SQLite database";
    case SQLITE_CORRUPT:
      return "the database file is damaged";
    case SQLITE_FULL:
      return "the disk is full";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "the database file or its directory is not writable";
    case SQLITE_CANTOPEN:
      return "the database file, or one beside it (-wal, -shm), cannot be opened";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process kept the database locked for too long";
    case SQLITE_IOERR:
      return "the disk failed to read or write";
    case SQLITE_NOMEM:
      return "no memory is left";
    case SQLITE_AUTH:
      return "transactions, settings and other files belong to the driver";
    case SQLITE_TOOBIG:
      return "a value is too large";
    case SQLITE_INTERRUPT:
      return "the search costs more than it may";
    default:
      return sqlite3_errstr(code);
  }
}

void throw_last_error(sqlite3* connection, std::string_view doing, Wording wording) {
  const int code = connection == nullptr ? SQLITE_NOMEM : sqlite3_extended_errcode(connection);
  std::string message = connection == nullptr ? describe(code) : reason(connection, code, wording);
  if (!doing.empty()) message += " [" + std::string(doing) + "]";
  if (is_unique_violation(code)) throw UniqueViolation(message);
  if (primary(code) == SQLITE_INTERRUPT) throw BudgetExceeded(message);
  throw DatabaseError(message);
}

}  // namespace symbolon::db::sqlite
