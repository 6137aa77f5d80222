#pragma once

#include <array>

#include "db/migration.h"

namespace symbolon::db {

/// The tables that the driver's tests work on.
inline constexpr std::array<Migration, 1> kTestSchema{{{1, "test", R"sql(
  CREATE TABLE items (id TEXT PRIMARY KEY, number BIGINT, bytes BYTEA, label TEXT UNIQUE);
  CREATE TABLE accounts (id TEXT PRIMARY KEY, amount BIGINT NOT NULL);
  CREATE TABLE codes (hash TEXT PRIMARY KEY, used_at BIGINT, winner BIGINT);
  CREATE TABLE parents (id TEXT PRIMARY KEY);
  CREATE TABLE children (id TEXT PRIMARY KEY, parent TEXT NOT NULL REFERENCES parents (id));
  CREATE TABLE late_children (
    id TEXT PRIMARY KEY,
    parent TEXT NOT NULL REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
)sql"}}};

inline std::unique_ptr<Database> open_test_database(const std::string& location) {
  return open_database(location, kTestSchema, SystemClock());
}

}  // namespace symbolon::db
