#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "model/service_user.h"
#include "oidc/access_token_verifier.h"
#include "zitadel/error.h"
#include "zitadel/instance.h"

namespace symbolon::zitadel {

/// Who calls, as token and records say now.
struct Caller {
  std::string user;  ///< id of a person or of a service user
  std::string name;  ///< for the log
  model::OrganisationId organisation;
  std::vector<model::Membership> memberships;
  std::vector<std::string> scope;
  ClientId client;  ///< through which a person signed in; empty for service users
  Instance instance;
};

/// Whether a token with these scopes is meant for this API: by the word `zitadel` or by the project's number.
bool names_this_api(const std::vector<std::string>& scope);

/// Turns a bearer token into a caller (zitadel-idps §5.2–5.4): a personal access token or a token of a service user, or a
/// person's opaque or signed token whose sign-in asked for this API's audience. Users, clients, grants and
/// connections are looked at as they are now.
class Authentication {
 public:
  Authentication(db::Database& db, oidc::AccessTokenVerifier& tokens, Random& random, const Clock& clock)
      : db_(db), tokens_(tokens), random_(random), clock_(clock) {}

  /// 401 with the reason that the specification names; the detail goes to the log.
  Task<std::expected<Caller, Error>> identify(http::Request request);

 private:
  Task<std::expected<Caller, std::string>> judge(http::Request request, std::string token);

  db::Database& db_;
  oidc::AccessTokenVerifier& tokens_;
  Random& random_;
  const Clock& clock_;
};

}  // namespace symbolon::zitadel
