#include "upstream/key_use.h"

#include "upstream/error_mapping.h"

namespace symbolon::upstream {
namespace {

UpstreamError explain(const model::Connection& connection, const KeyFailure& failure) {
  if (failure.fetch) return fetch_error(connection, "id_token", "V3", "the provider's key set", *failure.fetch);
  UpstreamError error;
  error.step = "id_token";
  error.rule = "V3";
  error.check = "the provider's key set can be used";
  error.expected = "HTTP 200 with a JWK set";
  error.received = failure.detail;
  error.hint = "Check jwks_uri and what the provider publishes there.";
  error.downstream = unreachable(connection);
  return error;
}

// Takes over what the cache did on the way.
void record(Conversation& conversation, JwksCache::Result& result) {
  auto& exchange = result ? result->exchange : result.error().exchange;
  if (exchange) conversation.add(std::move(*exchange));
  if (result && !result->problem.empty())
    conversation.warn("the provider's keys could not be renewed: " + result->problem);
}

}  // namespace

Task<std::expected<void, UpstreamError>> with_keys(JwksCache& cache,
                                                   std::shared_ptr<const model::Connection> connection,
                                                   std::shared_ptr<Conversation> conversation,
                                                   std::function<KeyTrouble(const jose::KeySet&)> attempt,
                                                   BroughtBy by) {
  const KeySource source{connection->tenant, connection->id, connection->upstream.jwks_uri, conversation->egress()};
  auto known = co_await cache.keys(source);
  record(*conversation, known);
  if (!known) co_return std::unexpected(explain(*connection, known.error()));

  const KeyTrouble trouble = attempt(*known->keys);
  if (trouble == KeyTrouble::none) co_return std::expected<void, UpstreamError>();
  auto newer = trouble == KeyTrouble::unknown_kid ? co_await cache.keys_after_unknown_kid(source, known->keys, by)
                                                  : co_await cache.keys_after_bad_signature(source, known->keys);
  record(*conversation, newer);
  if (newer && newer->keys != known->keys) {
    conversation->note_new_keys();
    attempt(*newer->keys);
  }
  co_return std::expected<void, UpstreamError>();
}

}  // namespace symbolon::upstream
