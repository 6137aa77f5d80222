#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>

#include "base/random.h"
#include "management/access.h"
#include "management/problem.h"
#include "model/client.h"

namespace symbolon::management {

/// The stored document of a new client: what was sent, plus the members that a created client always has
/// (management-api §3.4, §3.7). Fails for combinations that the contract's schema cannot express.
/// `http_callbacks_allowed`: the tenant's allow_http_callbacks (login-runtime RU-4).
std::expected<boost::json::object, Problem> new_client_document(const boost::json::object& sent, const ClientId& id,
                                                                bool http_callbacks_allowed);

/// A PATCH applied to a stored document: members replace, null unsets, client_metadata merges.
std::expected<boost::json::object, Problem> changed_client_document(boost::json::object stored,
                                                                    const boost::json::object& sent,
                                                                    bool http_callbacks_allowed);

/// What `caller` may see of a client (management-api §3.2). `secret` is empty unless it is to be shown.
boost::json::object visible_client(const model::Client& client, const std::string& secret, const Caller& caller,
                                   bool just_made);

}  // namespace symbolon::management
