#include "upstream/jwks_cache.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <list>
#include <mutex>
#include <unordered_map>

#include "base/latch.h"
#include "base/text.h"
#include "upstream/redaction.h"

namespace symbolon::upstream {
namespace {

using std::chrono::seconds;

constexpr seconds kFresh = std::chrono::minutes(10);
constexpr seconds kShortestFresh = std::chrono::minutes(5);
constexpr seconds kLongestFresh = std::chrono::minutes(60);
constexpr seconds kUsableWithoutAnswer = std::chrono::hours(24);
constexpr seconds kPauseAfterFailure{30};
constexpr seconds kBetweenMisses{30};
constexpr seconds kMissWindow = std::chrono::hours(1);
constexpr std::size_t kMissesInWindow = 10;
constexpr seconds kBetweenBadSignatures = std::chrono::minutes(5);
constexpr seconds kOldEnoughForBadSignature = std::chrono::minutes(10);

// RFC 9111 §5.2.2.1; a provider that forbids caching is asked as often as one that wants the shortest time.
seconds fresh_for(const http::Headers& headers) {
  for (const std::string_view field : headers.get_all("Cache-Control")) {
    for (const std::string& directive : split_words(field, ", ")) {
      const std::string lower = to_lower_ascii(directive);
      if (lower == "no-store" || lower == "no-cache") return kShortestFresh;
      constexpr std::string_view kMaxAge = "max-age=";
      if (!lower.starts_with(kMaxAge)) continue;
      std::int64_t age = 0;
      const auto [end, error] = std::from_chars(lower.data() + kMaxAge.size(), lower.data() + lower.size(), age);
      if (error == std::errc::result_out_of_range) return kLongestFresh;
      if (error == std::errc() && age >= 0) return std::clamp(seconds(age), kShortestFresh, kLongestFresh);
    }
  }
  return kFresh;
}

std::string key_of(const KeySource& source) {
  const http::EgressPolicy& egress = source.egress;
  std::string key = source.tenant.str();
  for (const std::string& part : {source.connection.str(), source.jwks_uri, join(egress.allowed_networks, ","),
                                  std::string(egress.allow_http ? "h" : ""),
                                  std::string(egress.allow_private ? "p" : ""), egress.ca_pem, egress.proxy}) {
    key.push_back('\0');
    key += part;
  }
  return key;
}

std::string describe_ignored(const jose::KeySet& keys) {
  std::string text = "no usable key";
  for (const auto& ignored : keys.ignored())
    text += "; key " + (ignored.kid.empty() ? std::to_string(ignored.index) : printable(ignored.kid, 64)) + ": " +
            std::string(to_string(ignored.why));
  return text;
}

// What came of one trip to the provider.
struct Fetched {
  std::shared_ptr<const jose::KeySet> keys;  ///< null when the trip was in vain
  seconds fresh_for{};
  std::optional<http::FetchError> failure;
  std::string detail;
  Exchange exchange;
};

Fetched read_answer(const KeySource& source, std::expected<http::OutboundResponse, http::FetchError> answer) {
  Fetched fetched;
  fetched.exchange.purpose = "keys";
  fetched.exchange.method = "GET";
  fetched.exchange.url = without_query(source.jwks_uri);
  if (!answer) {
    fetched.detail = to_string(answer.error().failure);
    fetched.failure = std::move(answer.error());
    return fetched;
  }
  fetched.exchange.status = answer->status;
  fetched.exchange.elapsed = answer->elapsed;
  auto parsed = jose::KeySet::parse(answer->body);
  if (answer->status != 200) {
    fetched.detail = "HTTP " + std::to_string(answer->status);
  } else if (!parsed) {
    fetched.detail = to_string(parsed.error());
  } else if (parsed->keys().empty()) {
    fetched.detail = describe_ignored(*parsed);
  } else {
    fetched.keys = std::make_shared<const jose::KeySet>(std::move(*parsed));
    fetched.fresh_for = fresh_for(answer->headers);
    return fetched;
  }
  fetched.exchange.excerpt = Redaction().excerpt(answer->body);
  return fetched;
}

}  // namespace

/// One trip to the provider. `result` is set before the latch opens; still empty then means that the coroutine that
/// went was destroyed on the way, and somebody else must go.
struct JwksCache::Flight {
  Latch latch;
  std::optional<Result> result;
};

struct JwksCache::Entry {
  std::string key;
  std::shared_ptr<const jose::KeySet> keys;
  Instant fetched_at{}, fresh_until{}, left_alone_until{};
  std::deque<Instant> misses, misses_of_strangers;
  std::optional<Instant> bad_signature_at;
  std::string problem;
  std::shared_ptr<Flight> flight;

  bool usable(Instant now) const { return keys != nullptr && now - fetched_at <= kUsableWithoutAnswer; }

  static bool has_room(const std::deque<Instant>& asked, Instant now) {
    const auto recent = std::ranges::count_if(asked, [&](Instant at) { return now - at < kMissWindow; });
    return recent < static_cast<std::ptrdiff_t>(kMissesInWindow) &&
           (asked.empty() || now - asked.back() >= kBetweenMisses);
  }

  bool may_ask(Cause cause, Instant now) const {
    switch (cause) {
      case Cause::expiry:
        return true;
      case Cause::unknown_kid:
        return has_room(misses, now);
      case Cause::unknown_kid_of_stranger:
        return has_room(misses_of_strangers, now);
      case Cause::bad_signature:
        return now - fetched_at > kOldEnoughForBadSignature &&
               (!bad_signature_at || now - *bad_signature_at >= kBetweenBadSignatures);
    }
    return false;
  }

  void count(Cause cause, Instant now) {
    if (cause == Cause::bad_signature) bad_signature_at = now;
    if (cause != Cause::unknown_kid && cause != Cause::unknown_kid_of_stranger) return;
    std::deque<Instant>& asked = cause == Cause::unknown_kid ? misses : misses_of_strangers;
    asked.push_back(now);
    if (asked.size() > kMissesInWindow) asked.pop_front();
  }

  /// The answer that needs no trip, if there is one.
  std::optional<KeyAnswer> ready(Cause cause, const std::shared_ptr<const jose::KeySet>& seen, Instant now) const {
    if (!usable(now)) return std::nullopt;
    if (cause == Cause::expiry) {
      if (now < fresh_until) return KeyAnswer{keys, {}, {}};
      return now < left_alone_until ? std::optional(KeyAnswer{keys, {}, problem}) : std::nullopt;
    }
    if (keys != seen) return KeyAnswer{keys, {}, {}};
    if (flight || may_ask(cause, now)) return std::nullopt;
    return KeyAnswer{keys, {}, "the provider was asked for new keys a short while ago"};
  }

  Result take(Fetched fetched, Instant now) {
    if (fetched.keys) {
      keys = std::move(fetched.keys);
      fetched_at = now;
      fresh_until = now + fetched.fresh_for;
      left_alone_until = {};
      return KeyAnswer{keys, std::move(fetched.exchange), {}};
    }
    problem = fetched.detail;
    if (!usable(now)) return std::unexpected(KeyFailure{fetched.failure, fetched.detail, std::move(fetched.exchange)});
    left_alone_until = now + kPauseAfterFailure;
    return KeyAnswer{keys, std::move(fetched.exchange), problem};
  }
};

struct JwksCache::State {
  explicit State(std::size_t limit) : max_sources(limit) {}

  /// The entry of `key`, made if need be, and now the most recently used one.
  Entry& use(const std::string& key) {
    if (const auto found = index.find(key); found != index.end()) {
      entries.splice(entries.begin(), entries, found->second);
      return entries.front();
    }
    drop_oldest();
    entries.emplace_front().key = key;
    index[key] = entries.begin();
    return entries.front();
  }

  void drop_oldest() {
    for (auto at = entries.end(); entries.size() >= max_sources && at != entries.begin();) {
      --at;
      if (at->flight) continue;
      index.erase(at->key);
      at = entries.erase(at);
    }
  }

  /// Ends a flight. Without `fetched` its coroutine was destroyed.
  void land(const std::string& key, Flight& flight, std::optional<Fetched> fetched, Instant now) {
    {
      const std::lock_guard lock(mutex);
      const auto found = index.find(key);
      if (found != index.end() && found->second->flight.get() == &flight) {
        found->second->flight.reset();
        if (fetched) flight.result = found->second->take(std::move(*fetched), now);
      }
    }
    flight.latch.open();
  }

  std::mutex mutex;
  std::size_t max_sources;
  std::list<Entry> entries;  ///< most recently used first
  std::unordered_map<std::string, std::list<Entry>::iterator> index;
};

namespace {

/// Runs `abandon` unless dismissed: a destroyed coroutine must not leave the others waiting.
template <class F>
class Unless {
 public:
  explicit Unless(F abandon) : abandon_(std::move(abandon)) {}
  ~Unless() {
    if (armed_) abandon_();
  }
  Unless(const Unless&) = delete;
  Unless& operator=(const Unless&) = delete;
  void dismiss() { armed_ = false; }

 private:
  F abandon_;
  bool armed_ = true;
};

}  // namespace

JwksCache::JwksCache(http::Client& client, const Clock& clock, std::size_t max_sources)
    : client_(client), clock_(clock), state_(std::make_unique<State>(std::max<std::size_t>(max_sources, 1))) {}

JwksCache::~JwksCache() = default;

Task<void> JwksCache::fetch(KeySource source, std::shared_ptr<Flight> flight) {
  const std::string key = key_of(source);
  Unless abandoned([&] { state_->land(key, *flight, std::nullopt, {}); });
  http::OutboundRequest request;
  request.url = source.jwks_uri;
  request.headers = {{"Accept", "application/jwk-set+json, application/json"}};
  request.egress = source.egress;
  request.max_body_bytes = jose::kMaxKeySetBytes;
  auto answer = co_await client_.send(std::move(request));
  Fetched fetched = read_answer(source, std::move(answer));
  abandoned.dismiss();
  state_->land(key, *flight, std::move(fetched), clock_.now());
}

Task<JwksCache::Result> JwksCache::answer(KeySource source, Cause cause, std::shared_ptr<const jose::KeySet> seen) {
  const std::string key = key_of(source);
  for (;;) {
    std::shared_ptr<Flight> flight;
    bool goes = false;
    {
      const std::lock_guard lock(state_->mutex);
      Entry& entry = state_->use(key);
      const Instant now = clock_.now();
      if (auto ready = entry.ready(cause, seen, now)) co_return std::move(*ready);
      goes = entry.flight == nullptr;
      if (goes) {
        entry.flight = std::make_shared<Flight>();
        entry.count(cause, now);
      }
      flight = entry.flight;
    }
    if (goes) {
      co_await fetch(source, flight);
    } else {
      co_await flight->latch.wait();
    }
    if (!flight->result) continue;
    Result result = *flight->result;
    if (!goes) result ? result->exchange.reset() : result.error().exchange.reset();
    co_return result;
  }
}

Task<JwksCache::Result> JwksCache::keys(KeySource source) {
  co_return co_await answer(std::move(source), Cause::expiry, nullptr);
}

Task<JwksCache::Result> JwksCache::keys_after_unknown_kid(KeySource source, std::shared_ptr<const jose::KeySet> seen,
                                                          BroughtBy by) {
  const Cause cause = by == BroughtBy::stranger ? Cause::unknown_kid_of_stranger : Cause::unknown_kid;
  co_return co_await answer(std::move(source), cause, std::move(seen));
}

Task<JwksCache::Result> JwksCache::keys_after_bad_signature(KeySource source,
                                                            std::shared_ptr<const jose::KeySet> seen) {
  co_return co_await answer(std::move(source), Cause::bad_signature, std::move(seen));
}

std::size_t JwksCache::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->entries.size();
}

}  // namespace symbolon::upstream
