#pragma once

#include "base/rate_limit.h"
#include "http/txt_lookup.h"
#include "management/api.h"
#include "management/services.h"
#include "store/tenant_store.h"

namespace symbolon::management {

/// /api/v2/custom-domains (management-api §6.5): host names of the tenant's own. A TXT record proves one; from then on
/// requests to it are answered with its own issuer. Certificates are the operator's business.
class CustomDomains {
 public:
  CustomDomains(const Services& services, http::TxtLookup& txt_lookup);

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> verify(Call call);
  Task<Answer> get_default(Call call);
  Task<Answer> set_default(Call call);
  Task<std::string> look_for_proof(store::Domain domain);

  const Services& services_;
  http::TxtLookup& txt_lookup_;
  RateLimit verifications_;
};

}  // namespace symbolon::management
