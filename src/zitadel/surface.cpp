#include "zitadel/surface.h"

namespace symbolon::zitadel {

Surface::Surface(const management::Services& services, oidc::AccessTokenVerifier& tokens,
                 http::Handler token_endpoint, http::Handler userinfo_endpoint)
    : authentication_(services.db, tokens, services.random, services.clock),
      api_(services.db, authentication_, services.clock),
      providers_(services),
      policies_(services),
      members_(services),
      token_(services.db, std::move(token_endpoint), services.workers, services.clock, services.random),
      userinfo_(services.db, std::move(userinfo_endpoint), services.clock) {
  providers_.register_on(api_);
  policies_.register_on(api_);
  members_.register_on(api_);
}

}  // namespace symbolon::zitadel
