#include "login/admission.h"

#include <algorithm>

#include "login/organisation.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

using model::OAuthCode;

std::unexpected<Refusal> refuse(RefusalCause cause, OAuthCode code, std::string description, std::string rule) {
  std::string detail = description;
  return std::unexpected(
      Refusal{cause, model::OAuthError{code, std::move(description), std::move(detail)}, std::move(rule)});
}

std::unexpected<Refusal> not_offered() {
  return refuse(RefusalCause::connection_not_offered, OAuthCode::invalid_request,
                "the organisation does not offer this connection", std::string(kNotOffered));
}

// What was handed out through an identity must not outlive its unlinking.
bool has_identity(const model::User& user, const ConnectionId& connection) {
  return std::ranges::any_of(user.identities, [&](const model::Identity& one) { return one.connection == connection; });
}

}  // namespace

bool is_eligible(const store::ConnectionForClient& found, const model::Client& client) {
  if (!found.connection.authentication_active || client.global) return false;
  return client.first_party ? found.for_first_party : found.for_third_party;
}

std::expected<void, Refusal> admit_home(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                        const ConnectionId& connection, const model::OrganisationId& home,
                                        const model::OrganisationId& named) {
  if (!named.empty() && home != as_kept(tx, tenant, named))
    return refuse(RefusalCause::user_elsewhere, OAuthCode::access_denied, "the account belongs to another organisation",
                  "AUTH-Sf8sd");
  // A named organisation's policy was asked about the connection already.
  if (!named.empty() || home.empty()) return {};
  const auto there = store::ConnectionStore(tx, tenant, home).find_for_client(connection, client.id);
  if (!there || !is_eligible(*there, client)) return not_offered();
  return {};
}

std::expected<Admitted, Refusal> admit(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                       const AdmissionQuestion& question) {
  if (client.global)
    return refuse(RefusalCause::client_unusable, OAuthCode::unauthorized_client, "this client cannot sign users in",
                  "E1");

  auto found =
      store::ConnectionStore(tx, tenant, question.organisation).find_for_client(question.connection, client.id);
  if (!found)
    return refuse(RefusalCause::connection_gone, OAuthCode::invalid_request, "the connection was not found", "E7");
  if (!found->connection.authentication_active)
    return refuse(RefusalCause::connection_inactive, OAuthCode::invalid_request,
                  "the connection is not enabled for authentication", "E7");
  if (!is_eligible(*found, client) && !question.organisation.empty()) return not_offered();
  if (!is_eligible(*found, client))
    return refuse(RefusalCause::connection_not_enabled, OAuthCode::invalid_request, "the connection was disabled",
                  "E7");

  Admitted admitted{std::move(found->connection), std::nullopt};
  if (!question.user) return admitted;

  admitted.user = store::UserStore(tx, tenant).find(*question.user);
  if (!admitted.user)
    return refuse(RefusalCause::user_gone, OAuthCode::access_denied, "the user does not exist any more", "RP-76");
  if (admitted.user->blocked)
    return refuse(RefusalCause::user_blocked, OAuthCode::access_denied, "user is blocked", "RP-76");
  if (auto home = admit_home(tx, tenant, client, question.connection, admitted.user->organisation,
                             question.organisation);
      !home)
    return std::unexpected(std::move(home.error()));
  if (!question.identity_is_new && !has_identity(*admitted.user, question.connection))
    return refuse(RefusalCause::identity_gone, OAuthCode::access_denied,
                  "the user does not sign in through this connection any more", "RP-76");
  if (admitted.user->tokens_valid_after && question.credential_made_at <= *admitted.user->tokens_valid_after)
    return refuse(RefusalCause::credential_revoked, OAuthCode::login_required, "the sign-in was revoked", "GT-42");
  return admitted;
}

}  // namespace symbolon::login
