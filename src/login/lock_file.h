#pragma once

#include "base/task.h"
#include "db/database.h"
#include "http/request.h"
#include "http/response.h"

namespace symbolon::login {

/// GET /client/{client_id}.js: what the sign-in widget Lock reads about an application (login-runtime §3.6). Public: it
/// names connections and their domains, unless the tenant's flag no_disclose_enterprise_connections says no.
class LockFile {
 public:
  explicit LockFile(db::Database& db) : db_(db) {}

  Task<http::Response> handle(http::Request http);

 private:
  db::Database& db_;
};

/// POST /usernamepassword/challenge: Lock asks whether to show a captcha; there are no passwords here, so never.
Task<http::Response> no_captcha(http::Request http);

}  // namespace symbolon::login
