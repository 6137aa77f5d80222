#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "crypto/secret_box.h"
#include "db/transaction.h"
#include "management/problem.h"
#include "model/client.h"
#include "store/client_store.h"

namespace symbolon::management {

struct NewClient {
  model::Client client;
  std::string secret;  ///< in clear, for the one answer that shows it
  std::vector<store::ClientCredential> credentials;  ///< to be inserted after the client, which refers to them
};

/// Makes a client with id and secret from the members of a POST /clients body; writes nothing. Used by the API and by
/// `symbolon client create`.
std::expected<NewClient, Problem> make_client(const TenantId& tenant, const boost::json::object& sent,
                                              const crypto::SecretBox& box, Random& random, Instant now,
                                              bool http_callbacks_allowed = false);

/// Replaces a client's secret: hash for comparing, sealed copy for those who may read it.
void set_secret(model::Client& client, const std::string& secret, const crypto::SecretBox& box);
std::string open_secret(const model::Client& client, const crypto::SecretBox& box);
std::string make_client_secret(Random& random);

/// Lets a client use every scope of the API `audience` on its own behalf.
void grant_all_scopes(db::Transaction& tx, const model::Client& client, const std::string& audience, Random& random,
                      Instant now);

/// The client that stands for all applications in lists of older tools; nobody can sign in through it.
void ensure_global_client(db::Transaction& tx, const TenantId& tenant, Random& random, Instant now);

}  // namespace symbolon::management
