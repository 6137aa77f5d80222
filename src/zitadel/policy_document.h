#pragma once

#include <boost/json.hpp>
#include <expected>
#include <string>
#include <vector>

#include "zitadel/error.h"
#include "zitadel/message.h"

namespace symbolon::zitadel {

/// The stored document of a policy that nobody has changed yet: providers are offered, lifetimes are ZITADEL's defaults.
/// There are no passwords here, so that their switches are off.
std::string default_policy();

/// The members of UpdateLoginPolicyRequest (zitadel-idps §4.7) in the form of a document, without factors. Refuses a
/// redirect URI that is none with `bad_uri_id`.
std::expected<boost::json::object, Error> read_policy(Message& request, std::string_view bad_uri_id);

enum class FactorKind { second, multi };
/// The member of a document that lists factors of this kind.
std::string_view factor_member(FactorKind kind);
/// The factor in the member `type` of `request`; refuses unknown ones and 0.
std::expected<std::string, Error> read_factor(Message& request, FactorKind kind);
/// The same for a name or a number, as a path may hold either; `message` is named where it is none.
std::expected<std::string, Error> find_factor(const std::string& text, FactorKind kind, std::string message);

}  // namespace symbolon::zitadel
