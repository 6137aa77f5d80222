#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "db/transaction.h"
#include "management/problem.h"
#include "store/client_store.h"

namespace symbolon::management {

/// At most so many credentials per client: the old one and its successor (management-api §3.6).
inline constexpr std::size_t kMaxCredentials = 2;

/// A credential from the body of a POST; writes nothing. `path` leads error messages to the member that is wrong.
std::expected<store::ClientCredential, Problem> make_credential(const boost::json::object& sent, const ClientId& client,
                                                                const std::string& path, Random& random, Instant now);

/// Replaces the credentials that a new client's body describes by references to them, and returns the records to be
/// stored with the client.
std::expected<std::vector<store::ClientCredential>, Problem> take_credentials(boost::json::object& sent,
                                                                              const ClientId& client, Random& random,
                                                                              Instant now);

/// Ids of the credentials that a client's document refers to.
std::vector<std::string> referred_credentials(const boost::json::object& document);
/// What is wrong with the references of `document`: every one must be a credential of the client.
std::optional<Problem> check_references(db::Transaction& tx, const TenantId& tenant, const ClientId& client,
                                        const boost::json::object& document);

}  // namespace symbolon::management
