#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

namespace symbolon::upstream {

struct MappedAttribute;

/// What a user endpoint without a standard probably means: the usual member names of OAuth 2.0 providers, first hit
/// wins, top level only (login-runtime RP-82, zitadel-idps §6.7). Never copies anything else.
boost::json::object guess_attributes(const boost::json::object& user, std::vector<MappedAttribute>& trace);

/// The name that the person has at such a provider: preferred_username, username, login, email; empty when none is
/// there.
std::string guess_username(const boost::json::object& user);

}  // namespace symbolon::upstream
