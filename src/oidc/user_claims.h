#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "model/user.h"

namespace symbolon::oidc {

/// A person as claims see them: the stored profile, with the attributes of one login on top. `login_claims` may be
/// empty.
boost::json::object profile_of(const model::User& user, std::string_view login_claims);

/// The claims that `scope` asks for, of those the person has, each with the type of OpenID Connect Core §5.1: a mapped
/// value of another type is left out rather than sent to clients that would choke on it (login-runtime §1.13).
void add_scope_claims(boost::json::object& claims, const model::User& user, const boost::json::object& profile,
                      const std::vector<std::string>& scope);

/// A standard claim of OpenID Connect Core §5.1 that a scope could give, so that a client may ask for it by name (§5.5).
bool is_requestable_claim(std::string_view name);

/// Of the claims `names`, those that the person has, as a scope would give them. Names that are not requestable give
/// nothing.
void add_requested_claims(boost::json::object& claims, const model::User& user, const boost::json::object& profile,
                          const std::vector<std::string>& names);

/// `user.given_name`, `user.app_metadata.plan`, …: what a client's id_token_claims map may point to (ID-1). Null
/// pointer when the person has no such value.
const boost::json::value* find_user_attribute(const boost::json::object& user, std::string_view path);

}  // namespace symbolon::oidc
