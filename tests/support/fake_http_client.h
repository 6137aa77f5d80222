#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/client.h"
#include "support/gate.h"

namespace symbolon {

/// Answers outbound calls from a script and remembers them. A URL without a script cannot be connected to. Any thread.
class FakeHttpClient final : public http::Client {
 public:
  using Answer = std::expected<http::OutboundResponse, http::FetchError>;
  using Handler = std::function<Answer(const http::OutboundRequest&)>;

  static http::OutboundResponse response(int status, std::string body, std::string content_type = "application/json") {
    http::OutboundResponse answer;
    answer.status = status;
    answer.body = std::move(body);
    answer.headers.set("Content-Type", std::move(content_type));
    answer.elapsed = std::chrono::milliseconds(7);
    return answer;
  }
  static Answer failure(http::FetchFailure why, bool sent_nothing = false) {
    return std::unexpected(http::FetchError{why, "scripted", sent_nothing});
  }

  /// From now on, calls to exactly `url` are answered by `handler`.
  void on(std::string url, Handler handler) {
    const std::lock_guard lock(mutex_);
    handlers_[std::move(url)] = std::move(handler);
  }
  void on(std::string url, int status, std::string body, std::string content_type = "application/json") {
    on(std::move(url), [=](const auto&) { return response(status, body, content_type); });
  }
  void on(std::string url, http::FetchFailure why, bool sent_nothing = false) {
    on(std::move(url), [=](const auto&) { return failure(why, sent_nothing); });
  }

  /// The n-th call from now on, counted from 1, fails in this way whatever its URL.
  void fail_call(int n, http::FetchFailure why) {
    const std::lock_guard lock(mutex_);
    failing_call_ = static_cast<int>(requests_.size()) + n;
    failing_why_ = why;
  }

  /// Calls wait here before they are answered.
  void hold_at(Gate& gate) { gate_ = &gate; }

  std::vector<http::OutboundRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  int count(std::string_view url) const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(
        std::ranges::count_if(requests_, [&](const http::OutboundRequest& request) { return request.url == url; }));
  }
  http::OutboundRequest last() const {
    const std::lock_guard lock(mutex_);
    return requests_.back();
  }

  Task<Answer> send(http::OutboundRequest request) override {
    Handler handler;
    std::optional<http::FetchFailure> failing;
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(request);
      if (static_cast<int>(requests_.size()) == failing_call_) failing = failing_why_;
      if (const auto found = handlers_.find(request.url); found != handlers_.end()) handler = found->second;
    }
    if (gate_ != nullptr) co_await gate_->pass();
    if (failing) co_return failure(*failing);
    if (!handler) co_return failure(http::FetchFailure::connect, true);
    Answer answer = handler(request);
    if (answer && answer->body.size() > request.max_body_bytes) co_return failure(http::FetchFailure::too_large);
    if (answer) answer->final_url = request.url;
    co_return answer;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Handler, std::less<>> handlers_;
  std::vector<http::OutboundRequest> requests_;
  int failing_call_ = -1;
  http::FetchFailure failing_why_{};
  Gate* gate_ = nullptr;
};

}  // namespace symbolon
