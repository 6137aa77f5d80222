#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "db/sqlite/job.h"

namespace symbolon::db::sqlite {

/// First in, first out, for `consumers` threads. Allocates nothing: the jobs are its links.
class JobQueue {
 public:
  explicit JobQueue(std::size_t consumers) : consumers_(consumers) {}

  void push(Job& job);

  /// Waits for work and fills `batch` with this thread's share of it, `limit` at most. Leaves it empty when the queue
  /// is closed and everything was taken.
  void take(std::size_t limit, std::vector<Job*>& batch);

  /// Nothing may be pushed afterwards.
  void close();

 private:
  const std::size_t consumers_;
  std::mutex mutex_;
  std::condition_variable filled_;
  Job* first_ = nullptr;
  Job* last_ = nullptr;
  std::size_t size_ = 0;
  bool closed_ = false;
};

}  // namespace symbolon::db::sqlite
