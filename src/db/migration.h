#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "db/database.h"

namespace symbolon::db {

/// One step of the schema, forward only. `sql` may hold several statements, and none that begins or ends a transaction.
struct Migration {
  std::int64_t version;
  std::string_view name;
  std::string_view sql;
};

/// A row of `schema_migrations`: a step that this database has taken.
struct AppliedMigration {
  std::int64_t version;
  std::string name;
};

/// The files of src/db/migrations, in order; compiled into the program.
std::span<const Migration> built_in_migrations();

/// Steps of `known` that a database which took `applied` still needs, in order.
///
/// A database that is ahead of `known` needs none: version N-1 of the program runs on schema N. Throws DatabaseError
/// when the two histories differ: a step under another name, or one that was passed over. Throws std::logic_error when
/// `known` is not strictly ascending from 1 or more.
std::span<const Migration> pending_migrations(std::span<const Migration> known,
                                              const std::vector<AppliedMigration>& applied);

/// open_database() with a list of migrations of the caller's: how tests bring a schema of their own.
std::unique_ptr<Database> open_database(const std::string& location, std::span<const Migration> migrations,
                                        const Clock& clock);

}  // namespace symbolon::db
