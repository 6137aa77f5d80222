#pragma once

#include <expected>
#include <functional>
#include <memory>

#include "base/task.h"
#include "jose/key_set.h"
#include "model/connection.h"
#include "upstream/conversation.h"
#include "upstream/jwks_cache.h"

namespace symbolon::upstream {

/// How an attempt to verify something ended, as far as newer keys matter.
enum class KeyTrouble { none, unknown_kid, bad_signature };

/// Runs `attempt` with the connection's keys, and once more with newer ones when the first try lacked a key and newer
/// ones are to be had (login-runtime RP-11). `attempt` keeps its result itself. `by`: who brought what is verified. Fails
/// only when there are no keys at all.
Task<std::expected<void, UpstreamError>> with_keys(JwksCache& cache,
                                                   std::shared_ptr<const model::Connection> connection,
                                                   std::shared_ptr<Conversation> conversation,
                                                   std::function<KeyTrouble(const jose::KeySet&)> attempt,
                                                   BroughtBy by = BroughtBy::provider);

}  // namespace symbolon::upstream
