#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "base/task.h"

namespace symbolon::net {

/// Caps how many calls run at the same time, to each host and altogether (login-runtime SEC-41). A call to a busy host
/// waits in order behind that host's calls; calls to other hosts pass it. For one thread.
class CallSlots {
 public:
  struct Limits {
    std::size_t per_host;
    std::size_t total;
    std::size_t waiting_per_host;
  };
  using Time = std::chrono::steady_clock::time_point;

  explicit CallSlots(Limits limits) : limits_(limits) {}

  enum class Entry {
    granted,
    too_late,  ///< the deadline passed while waiting
    too_many,  ///< the host's queue is full
  };

  /// A call's place, given back when it goes.
  class Slot {
   public:
    Slot(std::shared_ptr<CallSlots> slots, std::string host, const boost::asio::any_io_executor& executor);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

    /// Waits for the place; to be called once. Throws operation_aborted when the caller is cancelled.
    Task<Entry> enter(Time deadline);

   private:
    friend class CallSlots;
    enum class State { outside, waiting, granted };

    std::shared_ptr<CallSlots> slots_;
    std::string host_;
    boost::asio::steady_timer called_;
    State state_ = State::outside;
    std::list<Slot*>::iterator place_;
  };

 private:
  struct Host {
    std::size_t running = 0;
    std::size_t waiting = 0;
  };

  bool has_room(const Host& host) const { return host.running < limits_.per_host && running_ < limits_.total; }
  void grant(Slot& slot);
  void leave(Slot& slot);
  void call_next();

  Limits limits_;
  std::size_t running_ = 0;
  std::map<std::string, Host> hosts_;
  std::list<Slot*> waiting_;  // in the order of arrival
};

}  // namespace symbolon::net
