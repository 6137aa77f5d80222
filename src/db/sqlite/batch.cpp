#include "db/sqlite/batch.h"

#include <algorithm>
#include <string>

#include "db/sqlite/unit_transaction.h"

namespace symbolon::db::sqlite {
namespace {

void roll_back(Connection& connection) {
  // Some failures, a full disk for one, end the transaction by themselves.
  if (connection.in_transaction()) connection.run("ROLLBACK");
}

void run_unit(Connection& connection, Job& job) {
  try {
    const Connection::Limit limit(connection, job.budget);
    UnitTransaction transaction(connection, job.access);
    job.unit(transaction);
    transaction.check_outcome();
  } catch (...) {
    job.error = std::current_exception();
  }
}

/// False as soon as one throws.
bool run_together(Connection& connection, std::span<Job* const> jobs) {
  return std::ranges::all_of(jobs, [&](Job* job) {
    run_unit(connection, *job);
    return !job->error;
  });
}

/// Between savepoints, so that the units before it in the transaction survive its failure.
void run_isolated_unit(Connection& connection, Job& job) {
  connection.run("SAVEPOINT unit");
  run_unit(connection, job);
  if (!connection.in_transaction()) return;
  if (job.error) connection.run("ROLLBACK TO unit");
  connection.run("RELEASE unit");
}

/// Returns how many units the commit made durable.
///
/// For a savepoint, SQLite keeps a copy of every page that is changed behind it, which costs more than many a unit.
/// Units hardly ever throw (a refusal is a result), so they run without at first, and once more when one did throw.
std::int64_t write_and_commit(Connection& connection, std::span<Job* const> jobs) {
  connection.run("BEGIN IMMEDIATE");
  if (run_together(connection, jobs)) {
    connection.run("COMMIT");
    return std::ssize(jobs);
  }
  roll_back(connection);
  if (jobs.size() == 1) return 0;

  for (Job* job : jobs) job->error = nullptr;
  connection.run("BEGIN IMMEDIATE");
  for (Job* job : jobs) {
    run_isolated_unit(connection, *job);
    if (!connection.in_transaction())
      throw DatabaseError("another unit of the same commit met a failure that undid all");
  }
  const auto succeeded = std::ranges::count_if(jobs, [](const Job* job) { return !job->error; });
  if (succeeded == 0) {
    connection.run("ROLLBACK");
  } else {
    connection.run("COMMIT");
  }
  return succeeded;
}

}  // namespace

void fail_all(std::span<Job* const> jobs, const std::string& reason) {
  for (Job* job : jobs) {
    if (!job->error) job->error = std::make_exception_ptr(DatabaseError(reason));
  }
}

void run_write_batch(Connection& connection, std::span<Job* const> jobs, Counters& counters) {
  try {
    const std::int64_t written = write_and_commit(connection, jobs);
    if (written == 0) return;
    counters.units_written.fetch_add(written, std::memory_order_relaxed);
    counters.commits.fetch_add(1, std::memory_order_relaxed);
  } catch (const DatabaseError& error) {
    roll_back(connection);
    fail_all(jobs, error.what());
  }
}

void run_read_batch(Connection& connection, std::span<Job* const> jobs, Counters& counters) {
  try {
    connection.run("BEGIN");
    for (Job* job : jobs) {
      run_unit(connection, *job);
      if (!connection.in_transaction()) connection.run("BEGIN");
    }
    connection.run("COMMIT");
    counters.units_read.fetch_add(static_cast<std::int64_t>(jobs.size()), std::memory_order_relaxed);
  } catch (const DatabaseError& error) {
    roll_back(connection);
    fail_all(jobs, error.what());
  }
}

}  // namespace symbolon::db::sqlite
