#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/session.h"
#include "model/tenant.h"
#include "store/page.h"

namespace symbolon::store {

class SessionStore {
 public:
  SessionStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// By its current cookie, or by the previous one while that may still read; `clients` is left empty.
  std::optional<model::Session> find_by_cookie(const model::SessionCookieHash& cookie, Instant now);
  /// With clients.
  std::optional<model::Session> find(const SessionId& id);
  /// By creation, with clients; the same for the lists below.
  std::vector<model::Session> list_by_user(const UserId& user);
  Page<model::Session> list_by_user(const UserId& user, const Window& window);
  /// By the provider's session id and, if both are given, its subject; by subject alone without a session id.
  std::vector<model::Session> list_by_upstream(const ConnectionId& connection, std::string_view upstream_sid,
                                               std::string_view upstream_subject);

  void insert(const model::Session& session);
  /// Everything but clients.
  void update(const model::Session& session);
  /// Use by an application: moves the idle end. False when the session is gone or over.
  bool touch(const SessionId& id, Instant now, Instant idle_expires_at, std::string_view user_agent,
             std::string_view ip);
  /// Gives the session another cookie; the one that it had may read until `grace_ends` (login-runtime SE-3). False when
  /// the session is gone or has another cookie than `current` meanwhile.
  bool replace_cookie(const SessionId& id, const model::SessionCookieHash& current,
                      const model::SessionCookieHash& next, Instant grace_ends);
  /// Moves the ends of open sessions to where they are under `lifetimes`, never further away (login-runtime SE-12), for
  /// at most `limit` sessions by id behind `after`. Answers with the last of them; empty when there are no more.
  SessionId shorten(const model::SessionLifetimes& lifetimes, const SessionId& after, std::int64_t limit);
  void add_client(const SessionId& id, const ClientId& client, Instant now);
  bool set_metadata(const SessionId& id, std::string_view metadata, Instant now);
  /// The session as it was, so that its applications can be told; nullopt when another one was quicker.
  std::optional<model::Session> take(const SessionId& id);
  /// Up to `limit` sessions of any tenant whose end has passed, oldest end first, without clients: take() each.
  static std::vector<model::Session> find_ended(db::Transaction& tx, Instant now, std::int64_t limit);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
