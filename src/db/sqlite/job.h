#pragma once

#include <exception>
#include <functional>
#include <span>
#include <utility>

#include "base/task.h"
#include "db/sqlite/connection.h"

namespace symbolon::db {
class StepBudget;
class Transaction;
}  // namespace symbolon::db

namespace symbolon::db::sqlite {

/// A unit of work and the coroutine that waits for it. Lives in the frame of that coroutine.
struct Job {
  Access access;
  std::function<void(Transaction&)> unit;
  StepBudget* budget = nullptr;         ///< of a search
  std::exception_ptr error = nullptr;  ///< what the coroutine will see; set before it is resumed

  /// The coroutine's own; keeps its io_context running.
  boost::asio::any_io_executor executor = {};
  std::move_only_function<void()> resume = {};
  Job* next = nullptr;  ///< in the queue, and later on the way back
};

class JobQueue;

/// Queues `unit`, waits until it ran, and throws what it threw. Not cancellable.
Task<void> run_queued(JobQueue& queue, Access access, std::function<void(Transaction&)> unit,
                      StepBudget* budget = nullptr);

/// Resumes the coroutines that wait for `jobs` on their own executors, with one hand-off for each executor: waking an
/// I/O thread costs more than many a unit. The jobs may be gone when this returns.
void resume_all(std::span<Job*> jobs);

}  // namespace symbolon::db::sqlite
