#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"
#include "model/session.h"

namespace symbolon::login {

/// Why a session ends; an application hears of the causes that it selected (login-runtime BC-3).
enum class LogoutInitiator {
  rp_logout,
  idp_logout,
  session_revoked,
  session_expired,
  account_deleted,
  account_deactivated,
  email_identifier_changed,
};
/// As in `backchannel_logout_initiators`: "rp-logout".
std::string_view to_string(LogoutInitiator initiator);

/// The one way in which a session ends (login-runtime LO-30), inside the caller's unit of work: the session goes with
/// its unredeemed codes, its online refresh tokens and the opaque access tokens that no refresh token keeps alive, and
/// every application of the session that asked for it will be told (BC-4). Nullopt when it had ended already.
std::optional<model::Session> end_session(db::Transaction& tx, const TenantId& tenant, const SessionId& session,
                                          LogoutInitiator initiator, Instant now);

/// A logout that an application is still to be told of; waits in the outbox.
struct LogoutNotice {
  ClientId client;
  UserId user;
  SessionId session;
  std::string issuer;  ///< of the host on which the session was made
  std::string initiator;
};
inline constexpr std::string_view kLogoutNotice = "logout_notice";  ///< kind of the outbox item
std::string to_document(const LogoutNotice& notice);
/// Throws for a document that to_document() did not write.
LogoutNotice notice_from_document(std::string_view document);
/// Forgets what `client` is still to be told at `address` (BC-10).
void discard_notices(db::Transaction& tx, const TenantId& tenant, const ClientId& client, std::string_view address);

}  // namespace symbolon::login
