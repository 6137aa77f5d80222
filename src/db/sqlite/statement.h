#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "db/value.h"

struct sqlite3;
struct sqlite3_stmt;

namespace symbolon::db::sqlite {

/// One compiled statement of one connection.
class Statement {
 public:
  /// Throws DatabaseError when SQLite refuses `sql`; std::logic_error when it is not exactly one statement, or when a
  /// parameter is not ?1, ?2, … without a gap.
  Statement(sqlite3* connection, std::string_view sql);

  bool is_read_only() const;

  /// One run of a statement; at its end the statement is ready for the next one.
  class Run {
   public:
    /// `parameters` must outlive the run, for they are bound without a copy. Throws std::logic_error when their number
    /// is not what the statement has.
    Run(Statement& statement, const std::vector<Value>& parameters);
    ~Run();
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    /// True when there is a row; false at the end. Throws DatabaseError or UniqueViolation.
    bool step();
    std::vector<Value::Variant> columns() const;

   private:
    sqlite3_stmt* statement_;
  };

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check_parameters() const;

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace symbolon::db::sqlite
