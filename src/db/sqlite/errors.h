#pragma once

#include <string>
#include <string_view>

struct sqlite3;

namespace symbolon::db::sqlite {

/// A result code in a few words for the operator, for example "the disk is full".
std::string describe(int code);

/// Whether SQLite's own text of a failure may be passed on: while a statement with parameters runs, it may quote a
/// value.
enum class Wording { as_sqlite_says, without_values };

/// Throws what the last failure on `connection` means: UniqueViolation for a refused key, BudgetExceeded where
/// a budget ended, DatabaseError for the rest.
/// `doing`, the statement or the step, is put in brackets behind the reason unless it is empty. The message may name
/// constraints, tables and columns.
[[noreturn]] void throw_last_error(sqlite3* connection, std::string_view doing, Wording wording);

}  // namespace symbolon::db::sqlite
