#include "app/tenant_keys.h"

namespace symbolon::app {

Task<PublishedTenantKeys::Revocation> PublishedTenantKeys::revoke(TenantId tenant, std::string kid,
                                                                  InTheSameCommit also) {
  switch (co_await keys_.revoke(std::move(tenant), std::move(kid), std::move(also))) {
    case oidc::SigningKeys::Revocation::done: co_return Revocation::done;
    case oidc::SigningKeys::Revocation::unknown_key: co_return Revocation::unknown_key;
    case oidc::SigningKeys::Revocation::current_key: co_return Revocation::current_key;
  }
  co_return Revocation::unknown_key;
}

}  // namespace symbolon::app
