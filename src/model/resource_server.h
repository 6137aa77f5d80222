#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/sealed.h"

namespace symbolon::model {

/// An API that access tokens are made for. `doc` is the object that the Management API shows.
struct ResourceServer {
  TenantId tenant;
  std::string id;          ///< 24 hexadecimal digits
  std::string identifier;  ///< the audience
  std::string name;
  bool is_system = false;
  std::vector<std::string> scopes;
  std::string signing_algorithm = "RS256";
  SealedSecret signing_secret;  ///< HS256 only; purpose "resource-server-secret"
  std::chrono::seconds token_lifetime{86400};
  std::chrono::seconds token_lifetime_for_web{7200};
  bool allow_offline_access = false;
  bool skip_consent_for_first_party = true;
  bool rfc9068 = false;
  std::string user_policy = "allow_all";               ///< subject_type_authorization.user.policy
  std::string client_policy = "require_client_grant";  ///< subject_type_authorization.client.policy
  std::string doc;
  std::int64_t version = 0;
  Instant created_at{};
};

/// Which scopes of an API a client may ask for on its own behalf or for its users.
struct ClientGrant {
  TenantId tenant;
  std::string id;  ///< `cgr_` + 16
  ClientId client;
  std::string audience;
  std::string subject_type = "client";  ///< client or user
  std::vector<std::string> scope;
  bool allow_all_scopes = false;
  std::string doc;
  std::int64_t version = 0;
  Instant created_at{};
};

}  // namespace symbolon::model
