#pragma once

#include "management/tenant_keys.h"
#include "oidc/signing_keys.h"

namespace symbolon::app {

/// The signing keys of oidc/ as the Management API sees them.
class PublishedTenantKeys final : public management::TenantKeys {
 public:
  explicit PublishedTenantKeys(oidc::SigningKeys& keys) : keys_(keys) {}

  Task<model::SigningKey> rotate(TenantId tenant, InTheSameCommit also) override {
    return keys_.rotate(std::move(tenant), std::move(also));
  }
  Task<Revocation> revoke(TenantId tenant, std::string kid, InTheSameCommit also) override;

 private:
  oidc::SigningKeys& keys_;
};

}  // namespace symbolon::app
