#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "base/task.h"
#include "http/site.h"

namespace symbolon::management {

/// Who an ID token of ours says that somebody is, and since when.
struct ProvenAccount {
  UserId user;
  Instant issued_at{};
};

/// Reads the ID token of a link request (management-api §4.2). Implemented in app/ over oidc/, which this module does not
/// know.
class LinkTokens {
 public:
  virtual ~LinkTokens() = default;
  /// Nullopt unless this tenant issued the token on this host as an ID token and it has not expired.
  virtual Task<std::optional<ProvenAccount>> read(http::Site site, std::string id_token) = 0;
};

}  // namespace symbolon::management
