#pragma once

#include "management/services.h"
#include "model/login_policy.h"
#include "zitadel/api.h"
#include "zitadel/policy_document.h"

namespace symbolon::zitadel {

/// Login policies (zitadel-idps §4.7, §4.8): which providers people are offered. A change acts on the applications in
/// the unit of work that makes it.
class Policies {
 public:
  explicit Policies(const management::Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  void register_factors(Api& api, const std::string& base, const std::string& prefix);

  Task<Answer> get(Call call);
  Task<Answer> get_default(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> reset(Call call);
  Task<Answer> add_provider(Call call);
  Task<Answer> remove_provider(Call call);
  Task<Answer> list_providers(Call call);
  Task<Answer> list_factors(Call call, FactorKind kind);
  Task<Answer> add_factor(Call call, FactorKind kind);
  Task<Answer> remove_factor(Call call, FactorKind kind);

  const management::Services& services_;
};

}  // namespace symbolon::zitadel
