#pragma once

#include <memory>
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
  /// Closes the queue and returns when all of it has run.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

 private:
  void run();
  void run_batch(std::span<Job*> jobs);

  std::unique_ptr<Connection> connection_;
  JobQueue& queue_;
  Counters& counters_;
  Checkpointer* checkpointer_;
  std::thread thread_;
};

}  // namespace symbolon::db::sqlite
