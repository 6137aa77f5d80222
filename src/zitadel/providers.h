#pragma once

#include "management/services.h"
#include "model/connection.h"
#include "zitadel/api.h"
#include "zitadel/provider_request.h"

namespace symbolon::zitadel {

/// Generic OAuth 2.0 and OpenID Connect providers (zitadel-idps §4.1–4.6, §4.8): the connections of /api/v2 in other
/// words, on the instance and in organisations.
class Providers {
 public:
  explicit Providers(const management::Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> create(Call call, model::Strategy strategy);
  Task<Answer> update(Call call, model::Strategy strategy);
  Task<Answer> change(const Call& call, const ProviderRequest& request);
  Task<Answer> get(Call call);
  Task<Answer> search(Call call);
  Task<Answer> remove(Call call);

  const management::Services& services_;
};

}  // namespace symbolon::zitadel
