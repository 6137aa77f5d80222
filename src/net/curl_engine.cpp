#include "net/curl_engine.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <new>

#include "base/log.h"

namespace symbolon::net {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kIdleHandles = 64;

template <class T>
T* or_bad_alloc(T* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

}  // namespace

CurlTransfer::CurlTransfer(CurlEngine& engine)
    : engine_(&engine), easy_(engine.take_easy()), finished_(engine.executor(), asio::steady_timer::time_point::max()) {
  engine.transfers_.insert(this);
}

CurlTransfer::~CurlTransfer() {
  if (engine_ != nullptr) {
    engine_->remove(*this);
    engine_->give_back(easy_);
  } else {
    curl_easy_cleanup(easy_);
  }
}

Task<CURLcode> CurlTransfer::perform() {
  engine_->start(*this);
  while (running_) {
    const auto [error] = co_await finished_.async_wait(asio::as_tuple(asio::use_awaitable));
    if (running_) throw boost::system::system_error(error);  // nobody but a canceller ends the wait before
  }
  co_return result_;
}

CurlEngine::CurlEngine(asio::any_io_executor executor, std::size_t idle_connections)
    : executor_(std::move(executor)),
      timer_(executor_),
      multi_(or_bad_alloc(curl_multi_init())),
      share_(or_bad_alloc(curl_share_init())) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlEngine::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlEngine::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(idle_connections));
  // One thread, so the share needs no locks.
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

CurlEngine::~CurlEngine() {
  for (CurlTransfer* transfer : transfers_) {
    if (transfer->running_) curl_multi_remove_handle(multi_, transfer->easy_);
    curl_easy_setopt(transfer->easy_, CURLOPT_SHARE, nullptr);
    transfer->running_ = false;
    transfer->engine_ = nullptr;
  }
  for (CURL* easy : idle_) curl_easy_cleanup(easy);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, nullptr);
  // Closes the connections, which still reports their sockets as gone.
  curl_multi_cleanup(multi_);
  for (auto& [socket, watch] : watches_) watch->descriptor.release();
  curl_share_cleanup(share_);
}

CURL* CurlEngine::take_easy() {
  CURL* easy = idle_.empty() ? or_bad_alloc(curl_easy_init()) : idle_.back();
  if (!idle_.empty()) idle_.pop_back();
  curl_easy_setopt(easy, CURLOPT_SHARE, share_);
  return easy;
}

void CurlEngine::give_back(CURL* easy) {
  if (idle_.size() == kIdleHandles) return curl_easy_cleanup(easy);
  curl_easy_reset(easy);
  idle_.push_back(easy);
}

void CurlEngine::start(CurlTransfer& transfer) {
  curl_easy_setopt(transfer.easy_, CURLOPT_PRIVATE, &transfer);
  transfer.running_ = true;
  ++running_;
  if (curl_multi_add_handle(multi_, transfer.easy_) != CURLM_OK) stop(transfer, CURLE_FAILED_INIT);
}

void CurlEngine::stop(CurlTransfer& transfer, CURLcode result) {
  transfer.running_ = false;
  transfer.result_ = result;
  --running_;
  curl_multi_remove_handle(multi_, transfer.easy_);
  if (running_ > 0 || due_) return;
  timer_.cancel();  // an idle engine does not keep its io_context running
  armed_.reset();
}

void CurlEngine::remove(CurlTransfer& transfer) {
  if (transfer.running_) stop(transfer, CURLE_ABORTED_BY_CALLBACK);
  transfers_.erase(&transfer);
}

int CurlEngine::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  auto& engine = *static_cast<CurlEngine*>(self);
  what == CURL_POLL_REMOVE ? engine.unwatch(socket) : engine.watch(socket, what);
  return 0;
}

// libcurl moves its timer several times in each call, while setting the kernel's costs more than the rest of a call. So
// the armed timer is left alone while calls are under way, unless it would fire too late; and "at once" needs none.
int CurlEngine::on_timer(CURLM*, long milliseconds, void* self) {
  auto& engine = *static_cast<CurlEngine*>(self);
  engine.due_.reset();
  if (milliseconds < 0) return 0;
  engine.due_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  if (milliseconds == 0) {
    engine.call_soon();
  } else if (!engine.armed_ || *engine.due_ < *engine.armed_) {
    engine.arm_timer(*engine.due_);
  }
  return 0;
}

// Never at once: libcurl must not be called from its own callback.
void CurlEngine::call_soon() {
  if (called_soon_) return;
  called_soon_ = true;
  asio::post(executor_, [this] {
    called_soon_ = false;
    act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlEngine::arm_timer(Time at) {
  armed_ = at;
  timer_.expires_at(at);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_.reset();
    if (!due_) return;
    if (std::chrono::steady_clock::now() < *due_) return arm_timer(*due_);
    act(CURL_SOCKET_TIMEOUT, 0);
  });
}

void CurlEngine::watch(curl_socket_t socket, int what) {
  auto& watch = watches_[socket];
  if (!watch) {
    boost::system::error_code error;
    watch = std::make_shared<Watch>(executor_);
    watch->socket = socket;
    watch->descriptor.assign(socket, error);
    // The transfer then ends at its time limit.
    if (error) log::error("cannot watch a socket", {{"reason", error.message()}});
  }
  watch->wanted = what;
  wait(watch);
}

void CurlEngine::unwatch(curl_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  found->second->removed = true;
  found->second->descriptor.release();
  watches_.erase(found);
}

// Asio's waits are armed again each time, so a socket that is already ready is reported, too.
void CurlEngine::wait(const std::shared_ptr<Watch>& watch) {
  using Descriptor = asio::posix::stream_descriptor;
  if ((watch->wanted & CURL_POLL_IN) && !watch->reading) {
    watch->reading = true;
    watch->descriptor.async_wait(Descriptor::wait_read, [this, watch](const boost::system::error_code& error) {
      watch->reading = false;
      if (!error && (watch->wanted & CURL_POLL_IN)) ready(watch, CURL_CSELECT_IN);
    });
  }
  if ((watch->wanted & CURL_POLL_OUT) && !watch->writing) {
    watch->writing = true;
    watch->descriptor.async_wait(Descriptor::wait_write, [this, watch](const boost::system::error_code& error) {
      watch->writing = false;
      if (!error && (watch->wanted & CURL_POLL_OUT)) ready(watch, CURL_CSELECT_OUT);
    });
  }
}

void CurlEngine::ready(const std::shared_ptr<Watch>& watch, int event) {
  if (watch->removed) return;
  act(watch->socket, event);
  if (!watch->removed) wait(watch);
}

void CurlEngine::act(curl_socket_t socket, int events) {
  int running = 0;
  curl_multi_socket_action(multi_, socket, events, &running);
  collect_finished();
}

void CurlEngine::collect_finished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode result = message->data.result;
    CurlTransfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    stop(*transfer, result);
    transfer->finished_.cancel();
  }
}

}  // namespace symbolon::net
