#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "db/database.h"
#include "store/samples.h"
#include "support/run_task.h"
#include "support/same.h"
#include "support/temporary_folder.h"

namespace symbolon::store {

/// A database that every store must behave the same on; another driver joins the list in all_drivers().
struct Driver {
  const char* name;
  std::string (*location)(const TemporaryFolder&);
};

inline auto all_drivers() {
  return testing::Values(
      Driver{"SqliteMemory", [](const TemporaryFolder&) { return std::string("sqlite::memory:"); }},
      Driver{"SqliteFile", [](const TemporaryFolder& folder) { return "sqlite:" + (folder / "store.db").string(); }});
}
inline std::string driver_name(const testing::TestParamInfo<Driver>& driver) { return driver.param.name; }

class StoreTest : public testing::TestWithParam<Driver> {
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
    return read([&](db::Transaction& tx) { return tx.query_one("SELECT count(*) FROM " + table)->integer(0); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<db::Database> database_ = db::open_database(GetParam().location(folder_));
};

}  // namespace symbolon::store
