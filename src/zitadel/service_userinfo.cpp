#include "zitadel/service_userinfo.h"

#include <boost/json.hpp>

#include "oidc/bearer_token.h"
#include "oidc/oauth_error.h"
#include "store/service_user_store.h"
#include "tickets/opaque.h"

namespace symbolon::zitadel {

Task<http::Response> ServiceUserinfo::handle(http::Request request) {
  const auto token = oidc::read_bearer_token(request);
  const bool opaque = token && *token && !(*token)->contains('.');
  if (opaque) {
    const Instant now = clock_.now();
    const auto hash = tickets::hash_service_token(**token);
    const TenantId tenant = request.site->tenant;
    const auto user = co_await db_.read([&](db::Transaction& tx) -> std::optional<model::ServiceUser> {
      store::ServiceUserStore users(tx, tenant);
      const auto stored = users.find_live_token(hash, now);
      return stored ? users.find(stored->user) : std::nullopt;
    });
    if (user) {
      const boost::json::object claims{
          {"sub", user->id.str()}, {"name", user->name}, {"preferred_username", user->username}};
      co_return oidc::render_json(*request.site, 200, boost::json::serialize(claims));
    }
  }
  co_return co_await next_(std::move(request));
}

}  // namespace symbolon::zitadel
