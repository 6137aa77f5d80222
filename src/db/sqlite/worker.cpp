#include "db/sqlite/worker.h"

#include <sched.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace symbolon::db::sqlite {
namespace {

// Bounds how long the first unit of a batch waits for the last: 64 units of five statements take about 3 ms.
constexpr std::size_t kMaxBatch = 64;

// Where they share a core, a thread that is woken pushes the I/O thread aside, which was about to bring more work. The
// kernel lets threads of this kind wait until it pauses: they then find a whole batch, and pay for one commit. Refused,
// it changes nothing but the speed.
void let_work_gather() {
  const sched_param none{};
  static_cast<void>(sched_setscheduler(0, SCHED_BATCH, &none));
}

}  // namespace

Worker::Worker(std::unique_ptr<Connection> connection, JobQueue& queue, Counters& counters, Checkpointer* checkpointer)
    : max_batch_(kMaxBatch),
      connection_(std::move(connection)),
      queue_(queue),
      counters_(counters),
      checkpointer_(checkpointer),
      thread_([this] { run(); }) {}

Worker::Worker(std::string path, JobQueue& queue, Counters& counters)
    : path_(std::move(path)),
      max_batch_(1),
      queue_(queue),
      counters_(counters),
      checkpointer_(nullptr),
      thread_([this] { run(); }) {}

Worker::~Worker() {
  queue_.close();
  thread_.join();
}

void Worker::run() {
  let_work_gather();
  std::vector<Job*> batch;
  batch.reserve(max_batch_);
  for (queue_.take(max_batch_, batch); !batch.empty(); queue_.take(max_batch_, batch)) {
    if (connect(batch)) run_batch(batch);
    resume_all(batch);
    if (checkpointer_ != nullptr) checkpointer_->after_commit(*connection_);
  }
}

bool Worker::connect(std::span<Job* const> jobs) {
  if (connection_) return true;
  try {
    connection_ = Connection::open_file(path_, Access::read);
    return true;
  } catch (const std::exception& error) {
    fail_all(jobs, error.what());
    return false;
  }
}

void Worker::run_batch(std::span<Job*> jobs) {
  // Both kinds come through one queue when the database is in memory. Jobs of one batch overlap in time, so that
  // either order is right.
  const auto readers = std::ranges::partition(jobs, [](const Job* job) { return job->access == Access::write; });
  const std::span<Job*> writers(jobs.begin(), readers.begin());
  if (!writers.empty()) run_write_batch(*connection_, writers, counters_);
  if (!readers.empty()) run_read_batch(*connection_, std::span<Job*>(readers), counters_);
}

}  // namespace symbolon::db::sqlite
