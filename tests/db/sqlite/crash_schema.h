#pragma once

#include <array>
#include <string>

#include "db/migration.h"

namespace symbolon::db {

/// A unit is whole when both halves are there and the total counts it.
inline constexpr std::array<Migration, 1> kCrashSchema{{{1, "crash", R"sql(
  CREATE TABLE halves (id TEXT NOT NULL, half BIGINT NOT NULL, padding TEXT NOT NULL, PRIMARY KEY (id, half));
  CREATE TABLE totals (name TEXT PRIMARY KEY, units BIGINT NOT NULL);
  INSERT INTO totals (name, units) VALUES ('all', 0);
)sql"}}};

inline std::unique_ptr<Database> open_crash_database(const std::string& location) {
  return open_database(location, kCrashSchema, SystemClock());
}

inline void write_crash_unit(Transaction& tx, const std::string& id) {
  const std::string padding(500, '.');
  tx.execute("INSERT INTO halves (id, half, padding) VALUES (?1, 1, ?2)", {id, padding});
  tx.execute("UPDATE totals SET units = units + 1 WHERE name = 'all'");
  tx.execute("INSERT INTO halves (id, half, padding) VALUES (?1, 2, ?2)", {id, padding});
}

}  // namespace symbolon::db
