#pragma once

#include "management/link_tokens.h"
#include "oidc/signing_keys.h"

namespace symbolon::app {

/// ID tokens of link requests, verified with the tenant's own keys.
class VerifiedLinkTokens final : public management::LinkTokens {
 public:
  VerifiedLinkTokens(oidc::SigningKeys& keys, const Clock& clock) : keys_(keys), clock_(clock) {}

  Task<std::optional<management::ProvenAccount>> read(http::Site site, std::string id_token) override;

 private:
  oidc::SigningKeys& keys_;
  const Clock& clock_;
};

}  // namespace symbolon::app
