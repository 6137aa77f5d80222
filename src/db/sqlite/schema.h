#pragma once

#include <span>

#include "base/clock.h"
#include "db/migration.h"
#include "db/sqlite/connection.h"

namespace symbolon::db::sqlite {

/// Takes the steps of `migrations` that the database has not taken, each in a transaction of its own; programs that
/// start at the same time take turns. Throws DatabaseError that names the step.
void migrate(Connection& connection, std::span<const Migration> migrations, const Clock& clock);

}  // namespace symbolon::db::sqlite
