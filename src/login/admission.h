#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "db/transaction.h"
#include "model/client.h"
#include "model/connection.h"
#include "model/oauth_error.h"
#include "model/user.h"
#include "store/connection_store.h"

namespace symbolon::login {

/// Somebody who wants in: a person of a connection, on behalf of a client, holding a credential of a certain age.
struct AdmissionQuestion {
  ConnectionId connection;
  /// That the request or the grant names, see organisation_of(); empty: none.
  model::OrganisationId organisation;
  /// Absent at a first contact, when no user exists yet.
  std::optional<UserId> user;
  /// When the credential (session, code, refresh token, proof by the provider) was made; compared with the user's
  /// tokens_valid_after (GT-42).
  Instant credential_made_at{};
  /// The user is about to get an identity of the connection; otherwise it must have one already.
  bool identity_is_new = false;
};

/// The rule of refusals by an organisation's login policy (zitadel-idps §6.1).
inline constexpr std::string_view kNotOffered = "LOGIN-Nsm8r";

struct Admitted {
  model::Connection connection;
  std::optional<model::User> user;
};

enum class RefusalCause {
  connection_gone,
  connection_inactive,       ///< authentication.active is false
  connection_not_enabled,    ///< neither enabled for the client nor domain-level for a third-party client
  connection_not_offered,    ///< an organisation's login policy does not list it
  client_unusable,           ///< the global client
  user_gone,
  user_blocked,
  user_elsewhere,            ///< of another organisation than the request names
  identity_gone,             ///< the user no longer signs in through that connection
  credential_revoked,        ///< made before tokens_valid_after
};

struct Refusal {
  RefusalCause cause;
  model::OAuthError error;  ///< as /authorize would put it; token endpoints answer invalid_grant with the same description
  std::string rule;         ///< id in login-runtime: "E7", "RP-76", "GT-42"
};

/// "May this identity of this connection enter this client now?" The one place where a restriction of connections,
/// clients and users is written (design §2 rule 2); callback, single sign-on, code, refresh and exchange all ask here,
/// inside the transaction that acts on the answer.
std::expected<Admitted, Refusal> admit(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                       const AdmissionQuestion& question);

/// May `client` use the connection at all (login-runtime §3.1, zitadel-idps §6.1)?
bool is_eligible(const store::ConnectionForClient& found, const model::Client& client);

/// May a person of `home` come in through `connection` when the request names `named`? Both are empty for none. Whoever
/// belongs to an organisation is under its policy whether the request names it or not (zitadel-idps §6.1, §6.8).
std::expected<void, Refusal> admit_home(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                        const ConnectionId& connection, const model::OrganisationId& home,
                                        const model::OrganisationId& named);

}  // namespace symbolon::login
