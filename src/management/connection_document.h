#pragma once

#include <string>
#include <vector>

#include "crypto/secret_box.h"
#include "management/access.h"
#include "management/paging.h"
#include "model/connection.h"
#include "model/tenant.h"

namespace symbolon::management {

/// Takes the top-level members of a body into a record: everything but name, strategy, options and enabled_clients.
/// Members that are absent keep what the record has.
void apply_members(model::Connection& connection, const boost::json::object& body);

/// How much of a connection's options a caller sees (management-api §1.3, §1.9, §2.3): the secret only with
/// read:connections_options, the rest also without it while the tenant's toggle is permissive.
struct OptionsVisibility {
  bool options = true;
  bool secret = true;
};
OptionsVisibility options_visibility(const model::Tenant& tenant, const Caller& caller, bool just_made);

/// A connection as JSON text. Most of it is stored as such and passed on unread.
struct ConnectionText {
  std::string text;
  bool has_secret = false;
};

/// The members of the connection that `fields` asks for. `enabled` are its enabled clients; of the settings, only the
/// strategy is shown.
ConnectionText connection_text(const model::Connection& connection, const std::vector<ClientId>& enabled,
                               const crypto::SecretBox& box, const OptionsVisibility& visibility,
                               const FieldFilter& fields);

std::string open_connection_secret(const model::Connection& connection, const crypto::SecretBox& box);
void set_connection_secret(model::Connection& connection, const std::string& secret, const crypto::SecretBox& box);

}  // namespace symbolon::management
