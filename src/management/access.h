#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/task.h"
#include "http/site.h"
#include "management/problem.h"

namespace symbolon::management {

/// Who calls, as the token and today's records say.
struct Caller {
  ClientId client;
  std::string subject;
  std::vector<std::string> scopes;

  bool has(std::string_view scope) const;
  bool has_any(const std::vector<std::string>& scopes) const;
};

/// Turns a bearer token into a caller: signature, issuer, audience, expiry, and that the client and its grant still
/// exist (management-api §1.2). Implemented in app/ over oidc/, which this module does not know.
class TokenVerifier {
 public:
  virtual ~TokenVerifier() = default;
  virtual Task<std::expected<Caller, Problem>> verify(http::Site site, std::string bearer_token) = 0;
};

}  // namespace symbolon::management
