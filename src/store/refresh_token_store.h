#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/grant.h"
#include "store/page.h"

namespace symbolon::store {

class RefreshTokenStore {
 public:
  RefreshTokenStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// Metadata of the family's newest token so far is taken over.
  void insert(const model::RefreshToken& token);
  std::optional<model::RefreshToken> find(const model::RefreshTokenHash& hash);
  std::optional<model::RefreshToken> find_by_id(std::string_view id);
  /// The newest generation of the token's family; -1 when it has no token.
  std::int64_t newest_generation(const model::RefreshToken& token);
  /// Marks the token replaced if it is still the newest of its family; one statement, so one of two parallel uses wins
  /// (RT-5).
  bool take_newest(const model::RefreshTokenHash& hash, Instant now);
  /// The alternatives to a token that was just replaced (made within the leeway) count as replaced with it.
  void retire_generation(const model::RefreshToken& token, Instant now);
  /// A use of a token that stays; its ends are set as given.
  void touch(const model::RefreshTokenHash& hash, Instant now, std::optional<Instant> idle_expires_at,
             std::optional<Instant> expires_at);
  /// Forgets replaced tokens of the token's family older than `generation`: their reuse is refused as unknown from then
  /// on.
  void forget_before(const model::RefreshToken& token, std::int64_t generation);
  /// Revoked tokens are removed; these return how many.
  std::int64_t revoke_family(const model::RefreshToken& token);
  std::int64_t revoke_of_user(const UserId& user);
  std::int64_t revoke_of_user_and_client(const UserId& user, const ClientId& client);
  std::int64_t revoke_of_user_client_audience(const UserId& user, const ClientId& client, std::string_view audience);
  /// Those that do not rotate (RT-6).
  std::int64_t revoke_unrotating(const UserId& user, const ClientId& client, std::string_view audience);
  /// Whatever session they came from: what one provider vouched for.
  std::int64_t revoke_of_user_and_connection(const UserId& user, const ConnectionId& connection);
  std::int64_t revoke_of_session(const UserId& user, const SessionId& session, bool online_only);
  /// Keeps the `keep` newest families of (user, client) (RT-12).
  void drop_oldest(const UserId& user, const ClientId& client, std::int64_t keep);
  /// Those that were not replaced; `client` empty: of every client. By creation.
  Page<model::RefreshToken> list_by_user(const UserId& user, const ClientId& client, const Window& window);
  bool set_metadata(std::string_view id, std::string_view metadata);
  std::string metadata(std::string_view id);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
