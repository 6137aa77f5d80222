#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "base/task.h"
#include "model/connection.h"
#include "upstream/conversation.h"
#include "upstream/jwks_cache.h"

namespace symbolon::upstream {

/// Whether this login asks the userinfo endpoint: only when a template of an attribute map reads context.userinfo
/// (login-runtime RP-66, design §8), or for bind_userinfo.
bool is_userinfo_due(const model::UpstreamSettings& settings, std::string_view access_token);
/// Whether a login whose userinfo is due cannot go on without it (RP-67): a root attribute or the e-mail address is
/// mapped from it, or, with bind_userinfo, any may be in it.
bool is_userinfo_needed(const model::UpstreamSettings& settings);

/// The person's claims as a JSON object, from plain JSON or from a JWT that `issuer` signed, whose `sub` is `subject`
/// (RP-67). An answer about somebody else ends the login; one that could not be had ends it only when
/// is_userinfo_needed(), and is an empty string with a warning otherwise.
Task<std::expected<std::string, UpstreamError>> fetch_userinfo(JwksCache& keys,
                                                               std::shared_ptr<const model::Connection> connection,
                                                               std::shared_ptr<Conversation> conversation,
                                                               std::string access_token, std::string issuer,
                                                               std::string subject);

}  // namespace symbolon::upstream
