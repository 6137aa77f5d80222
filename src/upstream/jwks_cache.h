#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/task.h"
#include "http/client.h"
#include "jose/key_set.h"
#include "upstream/upstream_error.h"

namespace symbolon::upstream {

/// Whose keys, and how they may be fetched. All of it is the key of the cache: a key set that one connection fetched
/// never verifies anything for another one (login-runtime SEC-19).
struct KeySource {
  TenantId tenant;
  ConnectionId connection;
  std::string jwks_uri;
  http::EgressPolicy egress;

  friend bool operator==(const KeySource&, const KeySource&) = default;
};

/// Where a token came from: the provider's own answer, or whoever called one of our addresses.
enum class BroughtBy { provider, stranger };

/// What to verify with.
struct KeyAnswer {
  std::shared_ptr<const jose::KeySet> keys;
  std::optional<Exchange> exchange;  ///< set when this very call went to the provider
  std::string problem;               ///< why the keys are older than they should be; empty when they are not
};

/// No keys at all: they could not be fetched, and none are left that are young enough.
struct KeyFailure {
  std::optional<http::FetchError> fetch;  ///< empty when an answer came that holds no usable keys
  std::string detail;
  std::optional<Exchange> exchange;
};

/// Key sets of providers (login-runtime RP-10…RP-12): fresh for 10 minutes or what the provider says between 5 and 60,
/// usable for 24 hours while it does not answer. One request at a time for each source, whoever asks. Thread-safe;
/// callers resume on their own executor. Limits for one source:
///  - an unknown key id asks the provider at most once in 30 seconds and ten times in an hour, and as often again when
///    strangers bring it, so that forged tokens use up nothing of what real ones need after a change of keys;
///  - a bad signature by a known key id at most once in 5 minutes, and only when the set is older than 10 minutes;
///  - a provider that failed while older keys are at hand is left alone for 30 seconds.
class JwksCache {
 public:
  using Result = std::expected<KeyAnswer, KeyFailure>;

  JwksCache(http::Client& client, const Clock& clock, std::size_t max_sources = 4096);
  ~JwksCache();
  JwksCache(const JwksCache&) = delete;
  JwksCache& operator=(const JwksCache&) = delete;

  /// The keys as they are known, fetched if need be.
  Task<Result> keys(KeySource source);

  /// Newer keys than `seen`, which lacks a key id. `seen` itself when there are none or the limits forbid to ask.
  Task<Result> keys_after_unknown_kid(KeySource source, std::shared_ptr<const jose::KeySet> seen,
                                      BroughtBy by = BroughtBy::provider);

  /// The same after a signature that did not hold although the key id is known: providers that reuse key ids.
  Task<Result> keys_after_bad_signature(KeySource source, std::shared_ptr<const jose::KeySet> seen);

  std::size_t size() const;

 private:
  enum class Cause { expiry, unknown_kid, unknown_kid_of_stranger, bad_signature };
  struct Entry;
  struct Flight;
  struct State;

  Task<Result> answer(KeySource source, Cause cause, std::shared_ptr<const jose::KeySet> seen);
  Task<void> fetch(KeySource source, std::shared_ptr<Flight> flight);

  http::Client& client_;
  const Clock& clock_;
  std::unique_ptr<State> state_;
};

}  // namespace symbolon::upstream
