#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/clock.h"
#include "http/site.h"
#include "model/client.h"
#include "model/grant.h"
#include "model/user.h"

namespace symbolon::oidc {

/// What an ID token is made from.
struct IdTokenFacts {
  const http::Site& site;
  const model::Client& client;
  const model::Grant& grant;
  const model::User& user;
  std::string_view nonce;  ///< empty: none was sent
  /// The answer bears an access token, so profile claims could be had from /userinfo (ID-4).
  bool with_access_token = true;
  Instant now;
};

/// The claims of login-runtime §1.13, except at_hash and c_hash. sub and aud are plain strings, times are integers.
boost::json::object id_token_claims(const IdTokenFacts& facts);

}  // namespace symbolon::oidc
