#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "model/connection.h"
#include "upstream/conversation.h"

namespace symbolon::upstream {

/// What a user endpoint said about a person.
struct OAuth2User {
  std::string subject;
  std::string claims;  ///< JSON object, as received
};

/// Finds who an answer of a user endpoint is about (login-runtime RP-81, zitadel-idps §6.6). `attribute` is the name
/// of a member, or a path of names with dots when there is no member of that very name; empty means `id`, then `sub`.
/// Text is taken as it is, an integer with exactly its digits, whatever its size; null, empty text, true, false,
/// fractions, objects and arrays identify nobody. The error says what was wrong and names members, never values.
std::expected<OAuth2User, std::string> read_oauth2_user(std::string_view body, const std::string& attribute);

/// Asks the user endpoint of an oauth2 connection.
Task<std::expected<OAuth2User, UpstreamError>> fetch_oauth2_user(std::shared_ptr<const model::Connection> connection,
                                                                 std::shared_ptr<Conversation> conversation,
                                                                 std::string access_token);

}  // namespace symbolon::upstream
