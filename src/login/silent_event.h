#pragma once

#include <string>

#include "http/request.h"
#include "model/client.h"
#include "model/connection.h"
#include "model/log_event.h"
#include "model/session.h"
#include "model/user.h"

namespace symbolon::login {

/// Somebody who is signed in was signed on to a further application without a page (login-runtime §11, `ssa`).
model::LogEvent silent_success(const http::Request& http, const model::Client& client,
                               const model::Connection& connection, const model::User& user,
                               const model::Session& session, Instant now);

/// The same, refused (`fsa`); `code` is the OAuth error that the application gets.
model::LogEvent silent_failure(const http::Request& http, const model::Client& client, const model::Session& session,
                               std::string_view code, std::string description, Instant now);

}  // namespace symbolon::login
