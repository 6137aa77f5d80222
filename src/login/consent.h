#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "db/transaction.h"
#include "model/authorization_request.h"
#include "model/client.h"

namespace symbolon::login {

/// What a person has to allow before a client gets it (login-runtime §1.17).
struct ConsentQuestion {
  bool is_open = false;                 ///< the person must be asked
  std::vector<std::string> scopes;      ///< of OpenID Connect
  std::string audience;                 ///< of the API; empty: none is asked for
  std::string api_name;
  std::vector<std::string> api_scopes;
  bool describe = false;                ///< show `api_descriptions` (flag use_scope_descriptions_for_consent)
  std::vector<std::string> api_descriptions;  ///< of `api_scopes`, or the scope itself where it has none
};

/// Third-party clients are asked for once for each scope, and each time with prompt=consent or where the callback proves
/// nothing about who listens there. First-party clients are asked for only at an API that says so.
ConsentQuestion find_consent_question(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                      const model::AuthorizationRequest& request, const UserId& user);

/// Writes down that `user` allowed all of it.
void remember_consent(db::Transaction& tx, const TenantId& tenant, const ClientId& client, const UserId& user,
                      const ConsentQuestion& question, Instant now);

/// False for a loopback address or a private-use scheme: any program on the device may receive what is sent there.
bool is_verifiable_callback(const std::string& redirect_uri);

}  // namespace symbolon::login
