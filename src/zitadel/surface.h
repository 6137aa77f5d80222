#pragma once

#include <vector>

#include "http/router.h"
#include "management/services.h"
#include "zitadel/api.h"
#include "zitadel/members.h"
#include "zitadel/policies.h"
#include "zitadel/providers.h"
#include "zitadel/service_authentication.h"
#include "zitadel/service_grants.h"
#include "zitadel/service_tokens.h"
#include "zitadel/service_userinfo.h"

namespace symbolon::zitadel {

/// Everything that clients of ZITADEL find here: /admin/v1, /management/v1, and the token endpoint as service users see
/// it. The organisation, its record and its providers are shared with the rest of the server.
class Surface {
 public:
  /// The protocol endpoints of applications and people, which take everything that is no service user's.
  struct Endpoints {
    http::Handler token, userinfo, introspect, revoke;
  };

  Surface(const management::Services& services, oidc::AccessTokenVerifier& tokens, oidc::ClientAuthentication& clients,
          Endpoints next);

  std::vector<http::Route> routes() { return api_.routes(); }
  /// The token endpoint of applications and of service users.
  ServiceGrants& token() { return token_; }
  /// Introspection and revocation of both.
  ServiceTokens& tokens() { return tokens_; }
  /// The userinfo endpoint of people and of service users.
  ServiceUserinfo& userinfo() { return userinfo_; }

 private:
  Authentication authentication_;
  Api api_;
  Providers providers_;
  Policies policies_;
  Members members_;
  ServiceAuthentication service_users_;
  ServiceGrants token_;
  ServiceTokens tokens_;
  ServiceUserinfo userinfo_;
};

}  // namespace symbolon::zitadel
