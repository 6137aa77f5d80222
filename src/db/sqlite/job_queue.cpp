#include "db/sqlite/job_queue.h"

#include <algorithm>

namespace symbolon::db::sqlite {

void JobQueue::push(Job& job) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = first_ == nullptr;
    (was_empty ? first_ : last_->next) = &job;
    last_ = &job;
    ++size_;
  }
  // Behind another job no wake-up is needed: whoever takes that one looks here again, or wakes the next thread.
  if (was_empty) filled_.notify_one();
}

void JobQueue::take(std::size_t limit, std::vector<Job*>& batch) {
  batch.clear();
  bool leaves_work = false;
  {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return first_ != nullptr || closed_; });
    const std::size_t share = std::min(limit, (size_ + consumers_ - 1) / consumers_);
    for (std::size_t taken = 0; taken < share; ++taken) {
      batch.push_back(first_);
      first_ = first_->next;
    }
    size_ -= share;
    leaves_work = first_ != nullptr;
  }
  if (leaves_work && consumers_ > 1) filled_.notify_one();
}

void JobQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  filled_.notify_all();
}

}  // namespace symbolon::db::sqlite
