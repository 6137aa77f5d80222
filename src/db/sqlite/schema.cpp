#include "db/sqlite/schema.h"

#include <string>
#include <vector>

#include "db/sqlite/unit_transaction.h"

namespace symbolon::db::sqlite {
namespace {

std::vector<AppliedMigration> applied_migrations(Transaction& tx) {
  if (tx.query("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'").empty()) return {};
  std::vector<AppliedMigration> applied;
  for (const Row& row : tx.query("SELECT version, name FROM schema_migrations ORDER BY version")) {
    applied.push_back({.version = row.integer(0), .name = row.text(1)});
  }
  return applied;
}

bool is_up_to_date(Connection& connection, std::span<const Migration> migrations) {
  UnitTransaction tx(connection, Access::read);
  return pending_migrations(migrations, applied_migrations(tx)).empty();
}

void apply(Connection& connection, const Migration& step, const Clock& clock) {
  const std::string title = "migration " + std::to_string(step.version) + " " + std::string(step.name);
  UnitTransaction tx(connection, Access::write);
  tx.execute(
      "CREATE TABLE IF NOT EXISTS schema_migrations"
      " (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
  connection.run_migration_script(std::string(step.sql), title);
  tx.execute("INSERT INTO schema_migrations (version, name, applied_at) VALUES (?1, ?2, ?3)",
             {step.version, step.name, clock.now()});
  if (connection.breaks_deferred_foreign_key()) throw DatabaseError("FOREIGN KEY constraint failed [" + title + "]");
}

/// False when nothing was left to do. Looks again under the write lock: another program may have been first.
bool take_next_step(Connection& connection, std::span<const Migration> migrations, const Clock& clock) {
  connection.run("BEGIN IMMEDIATE");
  UnitTransaction tx(connection, Access::read);
  const auto pending = pending_migrations(migrations, applied_migrations(tx));
  if (!pending.empty()) apply(connection, pending.front(), clock);
  connection.run("COMMIT");
  return pending.size() > 1;
}

}  // namespace

void migrate(Connection& connection, std::span<const Migration> migrations, const Clock& clock) {
  if (is_up_to_date(connection, migrations)) return;
  try {
    while (take_next_step(connection, migrations, clock)) {
    }
  } catch (...) {
    if (connection.in_transaction()) connection.run("ROLLBACK");
    throw;
  }
}

}  // namespace symbolon::db::sqlite
