#include "db/sqlite/checkpointer.h"

#include "base/log.h"
#include "db/transaction.h"

namespace symbolon::db::sqlite {
namespace {

// Not an error to a caller: everything is in the log, and the next pass tries again.
void checkpoint(Connection& connection) {
  try {
    connection.checkpoint();
  } catch (const DatabaseError& error) {
    log::warning("database_checkpoint_failed", {{"reason", error.what()}});
  }
}

}  // namespace

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection, int step)
    : connection_(std::move(connection)), step_(step), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  state_ = State::stopping;
  state_.notify_one();
  thread_.join();
}

void Checkpointer::after_commit(Connection& writer) {
  const int pages = writer.log_pages();
  if (pages < copied_pages_) copied_pages_ = 0;  // the log began anew
  const State state = state_;
  if (state == State::copied) {
    checkpoint(writer);
    copied_pages_ = pages;
    state_ = State::idle;
  } else if (state == State::idle && pages - copied_pages_ >= step_) {
    state_ = State::wanted;
    state_.notify_one();
  }
}

void Checkpointer::run() {
  for (;;) {
    state_.wait(State::idle);
    State seen = state_;
    if (seen == State::stopping) return;
    if (seen == State::wanted) {
      checkpoint(*connection_);
      state_.compare_exchange_strong(seen, State::copied);
    }
    state_.wait(State::copied);
  }
}

}  // namespace symbolon::db::sqlite
