#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "model/grant.h"
#include "model/session.h"

namespace symbolon::management {

/// The session as it is shown (management-api §4.3).
boost::json::object show_session(const model::Session& session);

/// What is shown of a refresh token beside its own record.
struct RefreshTokenSurroundings {
  std::optional<model::Grant> grant;
  std::optional<model::Session> session;
  std::string metadata;  ///< JSON object; empty when none
};

/// The refresh token as it is shown, without its value (management-api §4.4).
boost::json::object show_refresh_token(const model::RefreshToken& token, const RefreshTokenSurroundings& around);

/// Metadata of a body for the store: JSON text, empty when the member is null or has no members.
std::string metadata_text(const boost::json::object& body, std::string_view member);

}  // namespace symbolon::management
