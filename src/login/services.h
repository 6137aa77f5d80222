#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "login/authorization_responder.h"
#include "upstream/relying_party.h"

namespace symbolon::login {

class RecentFailures;

/// What the login needs from outside; everything outlives the server's threads.
struct Services {
  db::Database& db;
  const crypto::SecretBox& box;
  const Clock& clock;
  Random& random;
  upstream::RelyingParty& relying_party;
  AuthorizationResponder& responder;
  RecentFailures& recent_failures;
};

}  // namespace symbolon::login
