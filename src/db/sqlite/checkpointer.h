#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "db/sqlite/connection.h"

namespace symbolon::db::sqlite {

/// Copies the write-ahead log into the database file beside the writer. SQLite alone would do that inside a commit,
/// and every unit behind it would wait for tens of milliseconds.
class Checkpointer {
 public:
  /// Starts a pass whenever the log has grown by `step` pages of 4 KiB.
  Checkpointer(std::unique_ptr<Connection> connection, int step);
  /// Waits for a pass to end.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// On the writer's thread, between commits. What was written during a pass, the writer copies itself: only when
  /// nothing is left to copy does SQLite start the log from its beginning.
  void after_commit(Connection& writer);

 private:
  enum class State { idle, wanted, copied, stopping };
  void run();

  std::unique_ptr<Connection> connection_;
  const int step_;
  int copied_pages_ = 0;  ///< of the log, at the end of the last pass
  std::atomic<State> state_ = State::idle;
  std::thread thread_;
};

}  // namespace symbolon::db::sqlite
