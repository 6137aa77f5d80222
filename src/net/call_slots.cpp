#include "net/call_slots.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace symbolon::net {
namespace asio = boost::asio;

CallSlots::Slot::Slot(std::shared_ptr<CallSlots> slots, std::string host, const asio::any_io_executor& executor)
    : slots_(std::move(slots)), host_(std::move(host)), called_(executor) {}

CallSlots::Slot::~Slot() { slots_->leave(*this); }

Task<CallSlots::Entry> CallSlots::Slot::enter(Time deadline) {
  Host& host = slots_->hosts_[host_];
  if (slots_->has_room(host) && host.waiting == 0) {
    slots_->grant(*this);
    co_return Entry::granted;
  }
  if (host.waiting == slots_->limits_.waiting_per_host) co_return Entry::too_many;

  ++host.waiting;
  state_ = State::waiting;
  place_ = slots_->waiting_.insert(slots_->waiting_.end(), this);
  called_.expires_at(deadline);
  const auto [error] = co_await called_.async_wait(asio::as_tuple(asio::use_awaitable));
  if (state_ == State::granted) co_return Entry::granted;
  if (error) throw boost::system::system_error(error);
  co_return Entry::too_late;
}

void CallSlots::grant(Slot& slot) {
  ++hosts_[slot.host_].running;
  ++running_;
  slot.state_ = Slot::State::granted;
}

void CallSlots::leave(Slot& slot) {
  const auto host = hosts_.find(slot.host_);
  if (slot.state_ == Slot::State::waiting) {
    --host->second.waiting;
    waiting_.erase(slot.place_);
  }
  if (slot.state_ == Slot::State::granted) {
    --host->second.running;
    --running_;
  }
  slot.state_ = Slot::State::outside;
  if (host != hosts_.end() && host->second.running == 0 && host->second.waiting == 0) hosts_.erase(host);
  call_next();
}

void CallSlots::call_next() {
  const auto next = std::ranges::find_if(waiting_, [this](const Slot* slot) { return has_room(hosts_[slot->host_]); });
  if (next == waiting_.end()) return;
  Slot& slot = **next;
  waiting_.erase(next);
  --hosts_[slot.host_].waiting;
  grant(slot);
  slot.called_.cancel();
}

}  // namespace symbolon::net
