#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "db/transaction.h"
#include "model/service_user.h"

namespace symbolon::zitadel {

/// What a service user gets at its creation; each value in clear is shown once.
struct ServiceUserOrder {
  std::string name;
  std::string username;  ///< empty: made from the name
  std::vector<std::string> roles{"IAM_OWNER"};
  bool with_key = false, with_token = false, with_secret = false;
  std::optional<std::chrono::days> token_lifetime;  ///< absent: until it is removed
};

struct NewServiceUser {
  model::ServiceUser user;
  std::string key_file;  ///< JSON in the form that ZITADEL's clients read; empty: none
  std::string token;     ///< personal access token; empty: none
  std::string secret;    ///< for client credentials; empty: none
};

/// A key pair for a service user. Slow: before the transaction.
struct MadeKey {
  std::string private_pem, public_pem;
};
MadeKey make_service_key();

/// Writes a service user of the default organisation with what was ordered. The error is a sentence for the person.
std::expected<NewServiceUser, std::string> make_service_user(db::Transaction& tx, const TenantId& tenant,
                                                             const ServiceUserOrder& order,
                                                             const std::optional<MadeKey>& key, Random& random,
                                                             Instant now);

}  // namespace symbolon::zitadel
