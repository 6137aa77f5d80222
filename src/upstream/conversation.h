#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "http/client.h"
#include "upstream/redaction.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// The calls that one login makes to its provider: sends them, records each as an Exchange, and knows what must never
/// be shown of them. Used by one coroutine at a time.
class Conversation {
 public:
  Conversation(http::Client& client, const Clock& clock, http::EgressPolicy egress)
      : client_(client), clock_(clock), egress_(std::move(egress)) {}

  /// Keeps `secret` out of everything that conclude() and exchanges() give out, now and later.
  void hide(std::string_view secret) { redaction_.hide(secret); }
  void warn(std::string text) { warnings_.push_back(std::move(text)); }

  /// Sends under this conversation's egress policy. `purpose` is that of Exchange.
  Task<std::expected<http::OutboundResponse, http::FetchError>> send(std::string purpose,
                                                                     http::OutboundRequest request);

  /// Adds the body of the last answer to a call for `purpose` to its exchange: it turned out to be the reason why the
  /// login fails.
  void show_body(std::string_view purpose, std::string_view body);
  /// A call that somebody else made on behalf of this login.
  void add(Exchange exchange) { exchanges_.push_back(std::move(exchange)); }

  /// The provider's keys had to be fetched anew to verify something (login-runtime RP-11).
  void note_new_keys() noexcept { has_new_keys_ = true; }
  bool has_new_keys() const noexcept { return has_new_keys_; }

  /// `error` with the exchanges so far and a detail for the log, every text redacted.
  UpstreamError conclude(UpstreamError error) const;
  std::vector<Exchange> exchanges() const;
  std::vector<std::string> warnings() const;

  const http::EgressPolicy& egress() const noexcept { return egress_; }

 private:
  void note_clock(const http::Headers& headers);

  http::Client& client_;
  const Clock& clock_;
  http::EgressPolicy egress_;
  Redaction redaction_;
  std::vector<Exchange> exchanges_;
  std::vector<std::string> warnings_;
  bool clock_noted_ = false;
  bool has_new_keys_ = false;
};

/// `Date` of an answer (RFC 9110 §5.6.7, the one form that servers may send); nullopt when absent or malformed.
std::optional<Instant> answer_date(const http::Headers& headers);

}  // namespace symbolon::upstream
