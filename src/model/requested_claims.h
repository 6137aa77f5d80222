#pragma once

#include <string>
#include <vector>

namespace symbolon::model {

/// Claims that a client asked for by name (OpenID Connect Core §5.5), of those that a scope could have given. Known
/// ones only, so a name holds neither a space nor a comma.
struct RequestedClaims {
  std::vector<std::string> id_token, userinfo;

  bool empty() const { return id_token.empty() && userinfo.empty(); }
  friend bool operator==(const RequestedClaims&, const RequestedClaims&) = default;
};

}  // namespace symbolon::model
