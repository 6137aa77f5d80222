#pragma once

namespace symbolon::net {

/// SIGINT and SIGTERM, for the main thread. Constructed before any other thread, so that every thread leaves them to
/// this one; a second signal ends the process at once.
class StopSignal {
 public:
  StopSignal();
  /// Blocks until one arrives; its number.
  int wait();
};

}  // namespace symbolon::net
