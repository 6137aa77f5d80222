#include "zitadel/surface.h"

namespace symbolon::zitadel {

Surface::Surface(const management::Services& services, oidc::AccessTokenVerifier& tokens,
                 oidc::ClientAuthentication& clients, Endpoints next)
    : authentication_(services.db, tokens, services.random, services.clock),
      api_(services.db, authentication_, services.clock),
      providers_(services),
      policies_(services),
      members_(services),
      service_users_(services.db, services.workers, services.clock),
      token_(services.db, service_users_, std::move(next.token), services.clock, services.random),
      tokens_(services.db, service_users_, clients, {std::move(next.introspect), std::move(next.revoke)},
              services.clock),
      userinfo_(services.db, std::move(next.userinfo), services.clock) {
  providers_.register_on(api_);
  policies_.register_on(api_);
  members_.register_on(api_);
}

}  // namespace symbolon::zitadel
