#include <string_view>

#include "db/migration.h"
#include "db/sqlite/sqlite_database.h"

namespace symbolon::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kMemory = "sqlite::memory:";

}  // namespace

std::unique_ptr<Database> open_database(const std::string& location, std::span<const Migration> migrations,
                                        const Clock& clock) {
  if (location == kMemory) return sqlite::SqliteDatabase::open_memory(migrations, clock);
  if (location.starts_with(kSqlite) && location.size() > kSqlite.size()) {
    return sqlite::SqliteDatabase::open_file(location.substr(kSqlite.size()), migrations, clock);
  }
  // The location itself is left out: a database URL may hold a password.
  throw DatabaseError("the database location must be sqlite:PATH or sqlite::memory:");
}

std::unique_ptr<Database> open_database(const std::string& location) {
  return open_database(location, built_in_migrations(), SystemClock());
}

}  // namespace symbolon::db
