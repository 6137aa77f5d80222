#include "db/sqlite/job.h"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "db/sqlite/job_queue.h"

namespace symbolon::db::sqlite {
namespace {

namespace asio = boost::asio;

/// Jobs of one executor on their way back, run there as one handler.
class Resumption {
 public:
  explicit Resumption(Job* first) : first_(first) {}
  Resumption(Resumption&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  Resumption& operator=(Resumption&&) = delete;
  // An io_context that goes away drops its handlers: the waiting coroutines go with them.
  ~Resumption() {
    while (first_ != nullptr) take();
  }

  void operator()() {
    while (first_ != nullptr) {
      auto resume = take();
      try {
        resume();
      } catch (...) {
        // The top of a coroutine may throw out of io_context::run(); that must not strand those behind it.
        if (first_ != nullptr) {
          const asio::any_io_executor executor = first_->executor;
          asio::post(executor, std::move(*this));
        }
        throw;
      }
    }
  }

 private:
  /// Taken out of the job first, because the job goes away while its coroutine runs.
  std::move_only_function<void()> take() {
    Job* job = std::exchange(first_, first_->next);
    return std::move(job->resume);
  }

  Job* first_;
};

}  // namespace

Task<void> run_queued(JobQueue& queue, Access access, std::function<void(Transaction&)> unit, StepBudget* budget) {
  Job job{.access = access, .unit = std::move(unit), .budget = budget};
  const auto start = [&](auto handler) {
    job.executor = asio::prefer(asio::get_associated_executor(handler), asio::execution::outstanding_work.tracked);
    job.resume = std::move(handler);
    queue.push(job);
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable);
  if (job.error) std::rethrow_exception(std::move(job.error));
}

void resume_all(std::span<Job*> jobs) {
  while (!jobs.empty()) {
    const asio::any_io_executor executor = jobs.front()->executor;
    const auto rest = std::ranges::partition(jobs, [&](const Job* job) { return job->executor == executor; });
    const std::span<Job*> same(jobs.begin(), rest.begin());
    for (std::size_t i = 0; i < same.size(); ++i) same[i]->next = i + 1 < same.size() ? same[i + 1] : nullptr;
    jobs = rest;
    asio::post(executor, Resumption(same.front()));
  }
}

}  // namespace symbolon::db::sqlite
