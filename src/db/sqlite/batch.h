#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "db/sqlite/connection.h"
#include "db/sqlite/job.h"

namespace symbolon::db::sqlite {

/// Behind Database::statistics(); written by the worker threads.
struct Counters {
  std::atomic<std::int64_t> commits = 0;
  std::atomic<std::int64_t> units_written = 0;
  std::atomic<std::int64_t> units_read = 0;
};

/// Fails every job that has not failed yet, each with an exception object of its own: they end up on different threads.
void fail_all(std::span<Job* const> jobs, const std::string& reason);

/// Runs units that write, in order, and makes all that succeed durable in one commit. A unit that throws is undone
/// alone; when the commit fails, every unit of the batch has failed. Outcomes are in Job::error; nothing is thrown.
void run_write_batch(Connection& connection, std::span<Job* const> jobs, Counters& counters);

/// Runs units that read, all on one snapshot; it holds every write that returned before the jobs were taken.
void run_read_batch(Connection& connection, std::span<Job* const> jobs, Counters& counters);

}  // namespace symbolon::db::sqlite
