#pragma once

#include <string_view>

namespace symbolon::upstream {

/// Names that no mapping may assign: they mean something in our own tokens or in a user's record (login-runtime
/// RP-71). Assigning one is skipped, and the login goes on.
bool is_restricted_attribute(std::string_view name);

/// Claims that describe the token and not the person (RP-70).
bool is_protocol_claim(std::string_view name);

/// What the mapping mode basic_profile copies (RP-70).
bool is_basic_profile_claim(std::string_view name);

/// name, nickname, given_name, family_name, picture: what set_user_root_attributes is about (login-runtime §2.11).
bool is_root_attribute(std::string_view name);

}  // namespace symbolon::upstream
