#pragma once

#include <cstdint>

#include "db/transaction.h"

namespace symbolon::db {

/// What the units of one search may cost together, in steps of the database's own; a row that is looked at costs some
/// ten to a hundred. The same search over the same rows costs the same each time. A driver that cannot count steps
/// bounds the time instead. Used by one unit at a time.
class StepBudget {
 public:
  explicit StepBudget(std::int64_t steps) : left_(steps) {}

  /// False when no more may follow.
  bool spend(std::int64_t steps) {
    left_ -= steps;
    return left_ > 0;
  }
  std::int64_t left() const { return left_; }

 private:
  std::int64_t left_;
};

/// The budget of a search ended before the search did.
class BudgetExceeded : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

}  // namespace symbolon::db
