#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "management/link_tokens.h"
#include "management/session_end.h"
#include "management/tenant_keys.h"
#include "store/grant_store.h"
#include "store/session_store.h"
#include "store/signing_key_store.h"

namespace symbolon::management {

/// Ends sessions in the store and remembers which, and why.
class RecordingSessionEnd final : public SessionEnd {
 public:
  bool end(db::Transaction& tx, const TenantId& tenant, const SessionId& session, EndCause cause, Instant now) override {
    const auto taken = store::SessionStore(tx, tenant).take(session);
    if (!taken) return false;
    store::CodeStore(tx, tenant).cancel_of_session(taken->user, session, now);
    ended.emplace_back(session.str(), cause);
    return true;
  }

  std::vector<std::pair<std::string, EndCause>> ended;
};

/// Takes `proof of {user}` for a token that was issued at `issued_at`, and nothing else.
class SpelledOutLinkTokens final : public LinkTokens {
 public:
  Task<std::optional<ProvenAccount>> read(http::Site, std::string id_token) override {
    static constexpr std::string_view kFront = "proof of ";
    if (!id_token.starts_with(kFront)) co_return std::nullopt;
    co_return ProvenAccount{UserId(id_token.substr(kFront.size())), issued_at};
  }

  Instant issued_at{};
};

/// Moves the keys that the store holds one step on, without making a new one.
class StoredTenantKeys final : public TenantKeys {
 public:
  StoredTenantKeys(db::Database& db, const Clock& clock) : db_(db), clock_(clock) {}

  Task<model::SigningKey> rotate(TenantId tenant, InTheSameCommit also) override {
    const Instant now = clock_.now();
    co_return co_await db_.write([&](db::Transaction& tx) {
      store::SigningKeyStore keys(tx, tenant);
      model::SigningKey signs;
      for (model::SigningKey key : keys.list()) {
        if (key.state == model::KeyState::current) {
          key.state = model::KeyState::previous;
          key.current_until = now;
        } else if (key.state == model::KeyState::next) {
          key.state = model::KeyState::current;
          key.current_since = now;
          signs = key;
        }
        keys.update(key);
      }
      also(tx);
      return signs;
    });
  }

  Task<Revocation> revoke(TenantId tenant, std::string kid, InTheSameCommit also) override {
    const Instant now = clock_.now();
    co_return co_await db_.write([&](db::Transaction& tx) {
      store::SigningKeyStore keys(tx, tenant);
      auto key = keys.find(kid);
      if (!key) return Revocation::unknown_key;
      if (key->state == model::KeyState::current) return Revocation::current_key;
      key->state = model::KeyState::revoked;
      key->revoked_at = now;
      keys.update(*key);
      also(tx);
      return Revocation::done;
    });
  }

 private:
  db::Database& db_;
  const Clock& clock_;
};

}  // namespace symbolon::management
