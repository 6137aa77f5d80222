#pragma once

#include <string_view>

#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"
#include "model/client.h"

namespace symbolon::oidc {

/// Is `origin` one of the client's: allowed_origins, web_origins, or the origin of a callback (login-runtime OP-20f)?
/// Compared whole, so that no prefix slips through (threats T59); only a registered `*` label may vary (RU-2).
bool is_client_origin(const model::Client& client, std::string_view origin);

/// Lets a page of the client read `response` to `request`. Never allows credentials. Every answer of an endpoint that
/// calls this varies by Origin, also when nothing is allowed.
void allow_client_origin(http::Response& response, const http::Request& request, const model::Client& client);

/// The same for a refusal that names no client: a page of any client may read why, so that it can tell a token that ran
/// out from a network that is down. One read of the database, for requests with an Origin only. `request` outlives it.
Task<http::Response> allow_known_origin(http::Response response, const http::Request& request, db::Database& db);

}  // namespace symbolon::oidc
