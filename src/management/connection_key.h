#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "base/task.h"
#include "crypto/signature_algorithm.h"
#include "db/transaction.h"
#include "management/services.h"
#include "model/connection.h"
#include "model/signing_key.h"

namespace symbolon::management {

/// Keys that a connection signs its client assertions with (management-api §2.10, login-runtime RP-62).
using ConnectionKeyList = std::vector<model::SigningKey>;

/// Makes a key with its certificate, sealed for the store, on a worker thread.
Task<model::SigningKey> make_connection_key(const Services& services, model::Connection connection,
                                            crypto::SignatureAlgorithm algorithm, model::KeyState state);
/// A current and a next one.
Task<ConnectionKeyList> make_key_pair(const Services& services, model::Connection connection,
                                      crypto::SignatureAlgorithm algorithm);

/// The pair that a connection with private_key_jwt needs before its first login (N-10); empty when it needs none or
/// `has_keys`.
Task<ConnectionKeyList> make_first_keys(const Services& services, model::Connection connection, bool has_keys);
bool has_connection_keys(db::Transaction& tx, const model::Connection& connection);
/// Stores `keys` unless the connection has got some meanwhile.
void insert_first_keys(db::Transaction& tx, const model::Connection& connection, const ConnectionKeyList& keys);

/// A key as the API shows it: never the private part.
boost::json::object show_connection_key(const model::SigningKey& key, std::string_view connection_name);

}  // namespace symbolon::management
