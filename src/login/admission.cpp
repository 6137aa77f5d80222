#include "login/admission.h"

#include <algorithm>

#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

using model::OAuthCode;

std::unexpected<Refusal> refuse(RefusalCause cause, OAuthCode code, std::string description, std::string rule) {
  std::string detail = description;
  return std::unexpected(
      Refusal{cause, model::OAuthError{code, std::move(description), std::move(detail)}, std::move(rule)});
}

// What was handed out through an identity must not outlive its unlinking.
bool has_identity(const model::User& user, const ConnectionId& connection) {
  return std::ranges::any_of(user.identities, [&](const model::Identity& one) { return one.connection == connection; });
}

}  // namespace

bool is_eligible(const model::Connection& connection, bool enabled, const model::Client& client) {
  if (!connection.authentication_active || client.global) return false;
  // Third-party clients see domain-level connections only; first-party clients need them enabled one by one.
  return client.first_party ? enabled : enabled || connection.is_domain_connection;
}

std::expected<Admitted, Refusal> admit(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                       const AdmissionQuestion& question) {
  if (client.global)
    return refuse(RefusalCause::client_unusable, OAuthCode::unauthorized_client, "this client cannot sign users in",
                  "E1");

  auto found = store::ConnectionStore(tx, tenant).find_for_client(question.connection, client.id);
  if (!found)
    return refuse(RefusalCause::connection_gone, OAuthCode::invalid_request, "the connection was not found", "E7");
  if (!found->connection.authentication_active)
    return refuse(RefusalCause::connection_inactive, OAuthCode::invalid_request,
                  "the connection is not enabled for authentication", "E7");
  if (!is_eligible(found->connection, found->enabled, client))
    return refuse(RefusalCause::connection_not_enabled, OAuthCode::invalid_request, "the connection was disabled",
                  "E7");

  Admitted admitted{std::move(found->connection), std::nullopt};
  if (!question.user) return admitted;

  admitted.user = store::UserStore(tx, tenant).find(*question.user);
  if (!admitted.user)
    return refuse(RefusalCause::user_gone, OAuthCode::access_denied, "the user does not exist any more", "RP-76");
  if (admitted.user->blocked)
    return refuse(RefusalCause::user_blocked, OAuthCode::access_denied, "user is blocked", "RP-76");
  if (!question.identity_is_new && !has_identity(*admitted.user, question.connection))
    return refuse(RefusalCause::identity_gone, OAuthCode::access_denied,
                  "the user does not sign in through this connection any more", "RP-76");
  if (admitted.user->tokens_valid_after && question.credential_made_at <= *admitted.user->tokens_valid_after)
    return refuse(RefusalCause::credential_revoked, OAuthCode::login_required, "the sign-in was revoked", "GT-42");
  return admitted;
}

}  // namespace symbolon::login
