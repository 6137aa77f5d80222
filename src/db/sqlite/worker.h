#pragma once

#include <memory>
#include <string>
#include <thread>

#include "db/sqlite/batch.h"
#include "db/sqlite/checkpointer.h"
#include "db/sqlite/job_queue.h"

namespace symbolon::db::sqlite {

/// A thread with a connection of its own that runs what comes through a queue. Units that write and wait at the same
/// time share a commit; while it reaches the disk, the next ones gather. An empty queue costs nothing.
class Worker {
 public:
  /// `checkpointer` is null for a worker that only reads, and for a database in memory.
  Worker(std::unique_ptr<Connection> connection, JobQueue& queue, Counters& counters, Checkpointer* checkpointer);
  /// One for the rare and long: it reads the database at `path`, one job at a time, and connects when the first one
  /// comes.
  Worker(std::string path, JobQueue& queue, Counters& counters);
  /// Closes the queue and returns when all of it has run.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  void run();
  void run_batch(std::span<Job*> jobs);
  /// False when it could not connect: then every job has failed.
  bool connect(std::span<Job* const> jobs);

  const std::string path_;
  const std::size_t max_batch_;
  std::unique_ptr<Connection> connection_;  ///< null until the first job, when there is a path
  JobQueue& queue_;
  Counters& counters_;
  Checkpointer* checkpointer_;
  std::thread thread_;
};

}  // namespace symbolon::db::sqlite
