#include "db/sqlite/unit_transaction.h"

#include <stdexcept>

namespace symbolon::db::sqlite {

template <class F>
auto UnitTransaction::run(std::string_view sql, const std::vector<Value>& parameters, F read) {
  if (failure_) std::rethrow_exception(failure_);
  try {
    Statement& statement = connection_.statement_for_unit(sql);
    if (access_ == Access::read && !statement.is_read_only()) {
      throw std::logic_error("a statement that writes inside read() [" + std::string(sql) + "]");
    }
    Statement::Run run(statement, parameters);
    return read(run);
  } catch (const DatabaseError&) {
    failure_ = std::current_exception();
    throw;
  }
}

std::vector<Row> UnitTransaction::query(std::string_view sql, std::vector<Value> parameters) {
  return run(sql, parameters, [](Statement::Run& run) {
    std::vector<Row> rows;
    while (run.step()) rows.emplace_back(run.columns());
    return rows;
  });
}

std::int64_t UnitTransaction::execute(std::string_view sql, std::vector<Value> parameters) {
  return run(sql, parameters, [this](Statement::Run& run) -> std::int64_t {
    const std::int64_t before = connection_.total_changes();
    while (run.step()) {
    }
    // SQLite keeps the count of the statement before when this one changes no rows by nature.
    return connection_.total_changes() == before ? 0 : connection_.last_changes();
  });
}

void UnitTransaction::check_outcome() const {
  if (failure_) std::rethrow_exception(failure_);
  if (access_ == Access::write && connection_.breaks_deferred_foreign_key()) {
    throw DatabaseError("FOREIGN KEY constraint failed [at the end of the unit]");
  }
}

}  // namespace symbolon::db::sqlite
