#pragma once

#include <boost/json/fwd.hpp>

#include "crypto/secret_box.h"
#include "model/connection.h"

namespace symbolon::upstream {

/// The headers of a connection's token request, name to text, as the option customHeaders gave them. Empty when there
/// are none or they do not open.
boost::json::object open_custom_headers(const model::Connection& connection, const crypto::SecretBox& box);
/// Seals them into the record, which must have its tenant and id; an empty object takes them away.
void set_custom_headers(model::Connection& connection, const boost::json::object& headers,
                        const crypto::SecretBox& box);

}  // namespace symbolon::upstream
