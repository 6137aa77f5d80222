#pragma once

#include <exception>

#include "db/sqlite/connection.h"
#include "db/transaction.h"

namespace symbolon::db::sqlite {

/// What a unit of work sees. As in PostgreSQL, the first DatabaseError spoils the unit: every later statement fails.
class UnitTransaction final : public Transaction {
 public:
  UnitTransaction(Connection& connection, Access access) : connection_(connection), access_(access) {}

  using Transaction::execute;
  using Transaction::query;
  std::vector<Row> query(std::string_view sql, std::vector<Value> parameters) override;
  std::int64_t execute(std::string_view sql, std::vector<Value> parameters) override;

  /// Throws the DatabaseError that spoiled the unit, also when the unit kept it to itself, or one that says which
  /// promise of the schema the unit leaves broken.
  void check_outcome() const;

  Connection& connection() { return connection_; }

 private:
  template <class F>
  auto run(std::string_view sql, const std::vector<Value>& parameters, F read);

  Connection& connection_;
  Access access_;
  std::exception_ptr failure_;
};

}  // namespace symbolon::db::sqlite
