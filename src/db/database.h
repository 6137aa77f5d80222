#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/task.h"
#include "db/budget.h"
#include "db/transaction.h"

namespace symbolon::db {

/// What the operator sees of a driver: counters since start.
struct Statistics {
  std::int64_t commits = 0;      ///< durable commits; group commit makes this smaller than units_written
  std::int64_t units_written = 0;
  std::int64_t units_read = 0;
};

/// Runs units of work; thread-safe. A unit is a function given a Transaction; it may run more than once (a driver retries
/// serialization failures), so it changes nothing but the database and what it returns, and waits for nothing else.
///
/// A unit that throws is undone completely and the exception reaches the caller; the first DatabaseError spoils the unit
/// even when the unit catches it. When write() returns, the unit survives `kill -9` and power loss.
///
/// Destroying it finishes what is queued; it goes before the io_contexts whose coroutines use it.
class Database {
 public:
  virtual ~Database() = default;

  template <std::invocable<Transaction&> F>
  Task<std::invoke_result_t<F, Transaction&>> write(F unit) {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Transaction&>>) {
      co_await run_write([&unit](Transaction& tx) { unit(tx); });
    } else {
      std::optional<std::invoke_result_t<F, Transaction&>> result;
      co_await run_write([&](Transaction& tx) { result.emplace(unit(tx)); });
      co_return std::move(*result);
    }
  }

  /// Sees one consistent snapshot that holds every write that returned before. Must not change anything.
  template <std::invocable<Transaction&> F>
  Task<std::invoke_result_t<F, Transaction&>> read(F unit) {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Transaction&>>) {
      co_await run_read([&unit](Transaction& tx) { unit(tx); });
    } else {
      std::optional<std::invoke_result_t<F, Transaction&>> result;
      co_await run_read([&](Transaction& tx) { result.emplace(unit(tx)); });
      co_return std::move(*result);
    }
  }

  /// read() for what may look at many rows: apart from the other reads, so that it holds none of them up, and no
  /// further than `budget`, which outlives it. Throws BudgetExceeded.
  template <std::invocable<Transaction&> F>
  Task<std::invoke_result_t<F, Transaction&>> search(StepBudget& budget, F unit) {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Transaction&>>) {
      co_await run_search(budget, [&unit](Transaction& tx) { unit(tx); });
    } else {
      std::optional<std::invoke_result_t<F, Transaction&>> result;
      co_await run_search(budget, [&](Transaction& tx) { result.emplace(unit(tx)); });
      co_return std::move(*result);
    }
  }

  virtual Statistics statistics() const = 0;
  /// A copy that a new server could start from, while this one goes on.
  virtual Task<void> backup(std::string path) = 0;

 protected:
  using Unit = std::function<void(Transaction&)>;
  /// Not cancellable: the unit refers to the caller's frame.
  virtual Task<void> run_write(Unit unit) = 0;
  virtual Task<void> run_read(Unit unit) = 0;
  virtual Task<void> run_search(StepBudget& budget, Unit unit) = 0;
};

/// Opens (and creates) a database and brings its schema up to date. `location` is `sqlite:PATH`, `sqlite::memory:`
/// or, later, a `postgresql://` URL. Throws DatabaseError with a sentence for the operator.
std::unique_ptr<Database> open_database(const std::string& location);

}  // namespace symbolon::db
