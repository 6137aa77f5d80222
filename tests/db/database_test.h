#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "db/test_schema.h"
#include "support/run_task.h"
#include "support/temporary_folder.h"

namespace symbolon::db {

/// What every driver promises is tested on each of these; another joins the list in all_drivers().
struct Driver {
  const char* name;
  std::string (*location)(const TemporaryFolder&);
};

inline auto all_drivers() {
  return testing::Values(
      Driver{"memory", [](const TemporaryFolder&) { return std::string("sqlite::memory:"); }},
      Driver{"file", [](const TemporaryFolder& folder) { return "sqlite:" + (folder / "test.db").string(); }});
}
inline std::string driver_name(const testing::TestParamInfo<Driver>& driver) { return driver.param.name; }

class DatabaseTest : public testing::TestWithParam<Driver> {
 protected:
  template <class F>
  auto write(F unit) {
    return run_task(database_->write(std::move(unit)));
  }
  template <class F>
  auto read(F unit) {
    return run_task(database_->read(std::move(unit)));
  }

  std::int64_t count(const std::string& table) {
    return read([&](Transaction& tx) { return tx.query_one("SELECT COUNT(*) FROM " + table)->integer(0); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_ = open_test_database(GetParam().location(folder_));
};

inline void add_item(Transaction& tx, const std::string& id, const Value& number = nullptr,
                     const Value& bytes = nullptr, const Value& label = nullptr) {
  tx.execute("INSERT INTO items (id, number, bytes, label) VALUES (?1, ?2, ?3, ?4)", {id, number, bytes, label});
}

inline std::optional<Row> find_item(Transaction& tx, const std::string& id) {
  return tx.query_one("SELECT number, bytes, label FROM items WHERE id = ?1", {id});
}

}  // namespace symbolon::db
