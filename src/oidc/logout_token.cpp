#include "oidc/logout_token.h"

#include <boost/json.hpp>

namespace symbolon::oidc {

boost::json::object logout_token_claims(const login::LogoutNotice& notice, const std::string& jti,
                                        const std::string& trace_id, Instant now) {
  const std::int64_t iat = to_epoch_seconds(now);
  return {{"iss", notice.issuer},
          {"sub", notice.user.str()},
          {"aud", notice.client.str()},
          {"iat", iat},
          {"exp", iat + kLogoutTokenLifetime.count()},
          {"jti", jti},
          {"events", {{"http://schemas.openid.net/event/backchannel-logout", boost::json::object()}}},
          {"sid", notice.session.str()},
          {"trace_id", trace_id}};
}

}  // namespace symbolon::oidc
