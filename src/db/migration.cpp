#include "db/migration.h"

#include <algorithm>
#include <stdexcept>

namespace symbolon::db {
namespace {

std::string label(std::int64_t version, std::string_view name) {
  return std::to_string(version) + " (" + std::string(name) + ")";
}

void check_ascending(std::span<const Migration> known) {
  std::int64_t last = 0;
  for (const Migration& step : known) {
    if (step.version <= last)
      throw std::logic_error("migration " + label(step.version, step.name) + " is out of order");
    last = step.version;
  }
}

}  // namespace

std::span<const Migration> pending_migrations(std::span<const Migration> known,
                                              const std::vector<AppliedMigration>& applied) {
  check_ascending(known);
  std::int64_t newest = 0;
  for (const AppliedMigration& step : applied) newest = std::max(newest, step.version);

  std::size_t taken = 0;
  for (const Migration& step : known) {
    const auto match = std::ranges::find(applied, step.version, &AppliedMigration::version);
    if (match == applied.end()) {
      if (step.version > newest) break;
      throw DatabaseError("the database took schema step " + std::to_string(newest) + " without step " +
                          label(step.version, step.name) + " of this program; they do not belong together");
    }
    if (match->name != step.name) {
      throw DatabaseError("schema step " + label(match->version, match->name) + " of the database is step " +
                          label(step.version, step.name) + " in this program; they do not belong together");
    }
    ++taken;
  }

  // A step between two known ones: made by a program whose history this one does not share.
  const std::int64_t newest_taken = taken == 0 ? 0 : known[taken - 1].version;
  for (const AppliedMigration& step : applied) {
    const bool is_known = std::ranges::find(known, step.version, &Migration::version) != known.end();
    if (is_known || (taken == known.size() && step.version > newest_taken)) continue;
    throw DatabaseError("the database took schema step " + label(step.version, step.name) +
                        ", which this program lacks; they do not belong together");
  }
  return known.subspan(taken);
}

}  // namespace symbolon::db
