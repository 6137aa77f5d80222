#pragma once

#include <optional>
#include <vector>

#include "db/transaction.h"
#include "model/grant.h"

namespace symbolon::store {

/// Grants, and what is issued under them.
class GrantStore {
 public:
  GrantStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  void insert(const model::Grant& grant);
  std::optional<model::Grant> find(const GrantId& id);
  /// Everything issued under it is dead from now on: its tokens are removed, its codes cannot be taken. False when it
  /// was revoked before or is unknown.
  bool revoke(const GrantId& id, Instant now);
  void revoke_of_user(const UserId& user, Instant now);
  /// Moves the sweeper's mark to `needed_until` or beyond; never back. Writes nothing while the mark that `grant` was read
  /// with is late enough, so that refreshing costs a write of the grant now and then only.
  void extend(const model::Grant& grant, Instant needed_until);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

class CodeStore {
 public:
  CodeStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// Throws std::logic_error when its grant does not exist.
  void insert(const model::AuthorizationCode& code);
  /// Marks the code used and returns it; one statement, so two redemptions cannot both win. Nullopt when the code is
  /// unknown, was used before, or its grant is revoked. Expired codes are returned: the caller refuses them.
  std::optional<model::AuthorizationCode> take(const model::CodeHash& hash, Instant now);
  /// The grant of a code that was already used: its tokens must die (RFC 6749 §4.1.2).
  std::optional<GrantId> find_used(const model::CodeHash& hash);
  /// Unredeemed codes of a session or user, when it ends; they count as used from then on.
  void cancel_of_session(const UserId& user, const SessionId& session, Instant now);
  void cancel_of_user(const UserId& user, Instant now);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

class AccessTokenStore {
 public:
  AccessTokenStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  void insert(const model::AccessToken& token);
  /// Only when neither expired nor revoked with its grant.
  std::optional<model::AccessToken> find_live(const model::AccessTokenHash& hash, Instant now);
  /// Found whoever owns it, expired or not; for revocation and introspection.
  std::optional<model::AccessToken> find(const model::AccessTokenHash& hash);
  bool remove(const model::AccessTokenHash& hash);
  /// Those of a session that has ended, except under grants that live on through a refresh token (LO-33).
  void remove_of_session(const UserId& user, const SessionId& session);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
