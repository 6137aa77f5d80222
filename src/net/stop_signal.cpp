#include "net/stop_signal.h"

#include <pthread.h>

#include <csignal>

namespace symbolon::net {
namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

StopSignal::StopSignal() {
  const sigset_t set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

int StopSignal::wait() {
  const sigset_t set = stop_signals();
  int number = 0;
  sigwait(&set, &number);
  // Other threads took the blocked mask over; here the next signal ends a shutdown that takes too long.
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
  return number;
}

}  // namespace symbolon::net
