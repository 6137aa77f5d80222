#include "zitadel/service_authentication.h"

#include "http/counted_address.h"
#include "oidc/presented_credentials.h"
#include "store/service_user_store.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"
#include "zitadel/jwt_profile.h"

namespace symbolon::zitadel {
namespace {

using model::OAuthCode;
using model::OAuthError;

std::unexpected<OAuthError> refuse(std::string detail) {
  return std::unexpected(OAuthError{OAuthCode::invalid_grant, "the assertion is not valid", std::move(detail)});
}

}  // namespace

Task<ServiceAuthentication::Proved> ServiceAuthentication::by_assertion(http::Request request, std::string assertion) {
  if (assertion.empty())
    co_return std::unexpected(OAuthError{OAuthCode::invalid_request, "assertion is missing", {}});
  const TenantId& tenant = request.site->tenant;
  const Instant now = clock_.now();
  const auto claimed = claimed_assertion(assertion);
  if (!claimed) co_return refuse("the assertion cannot be read");
  std::optional<model::ServiceUser> user;
  const auto key = co_await db_.read([&](db::Transaction& tx) {
    store::ServiceUserStore users(tx, tenant);
    user = users.find(claimed->user);
    return users.find_key(claimed->user, claimed->key, now);
  });
  if (!user || !key) co_return refuse("unknown user or key");
  const auto proved = co_await workers_.run([&] { return prove_profile(assertion, *key, *request.site, now); });
  if (!proved) co_return refuse(proved.error());
  if (proved->jti.empty()) co_return std::move(*user);
  const auto hash = tickets::hash_ticket("jwt_profile", user->id.str() + "|" + proved->jti);
  const auto burnt = co_await db_.write([&](db::Transaction& tx) {
    return store::TicketStore(tx, tenant).burn(store::TicketKind::jwt_profile, hash, proved->expires_at);
  });
  if (burnt == store::Insert::duplicate) co_return refuse("assertion used twice");
  co_return std::move(*user);
}

Task<std::optional<ServiceAuthentication::Proved>> ServiceAuthentication::by_secret(http::Request request,
                                                                                    http::Form form) {
  const auto presented = oidc::read_credentials(request.headers, form);
  if (!presented || presented->secrets.empty()) co_return std::nullopt;
  const TenantId& tenant = request.site->tenant;
  auto user = co_await db_.read([&](db::Transaction& tx) {
    return store::ServiceUserStore(tx, tenant).find_by_username(presented->secrets.front().client.str());
  });
  if (!user) co_return std::nullopt;

  const std::string key = tenant.str() + "|" + http::counted_address(request.client_address) + "|" + user->id.str();
  if (const auto failures = failures_.look(key, clock_.now()); !failures.allowed)
    co_return std::unexpected(OAuthError{OAuthCode::too_many_requests,
                                         "too many failed attempts to authenticate; try again later", {}, failures});
  model::Client holder;  // the comparison is the same as for applications
  holder.id = presented->secrets.front().client;
  holder.secret_hash = user->secret_hash;
  if (oidc::is_right_secret(&holder, presented->secrets)) co_return Proved(std::move(*user));
  failures_.take(key, clock_.now());
  co_return std::unexpected(
      OAuthError{OAuthCode::invalid_client, "client authentication failed", "wrong secret of a service user"});
}

Task<std::optional<ServiceAuthentication::Proved>> ServiceAuthentication::by_client_credentials(http::Request request,
                                                                                                http::Form form) {
  const auto presented = oidc::read_credentials(request.headers, form);
  const auto claimed = presented ? claimed_assertion(presented->assertion) : std::nullopt;
  if (!claimed) co_return co_await by_secret(std::move(request), std::move(form));
  const TenantId tenant = request.site->tenant;
  const bool known = co_await db_.read([&](db::Transaction& tx) {
    return store::ServiceUserStore(tx, tenant).find(claimed->user).has_value();
  });
  if (!known) co_return std::nullopt;
  auto proved = co_await by_assertion(std::move(request), presented->assertion);
  if (!proved)
    co_return std::unexpected(
        OAuthError{OAuthCode::invalid_client, "client authentication failed", std::move(proved.error().detail)});
  co_return std::move(proved);
}

}  // namespace symbolon::zitadel
