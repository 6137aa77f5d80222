#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// GET /home-realm-discovery, an extension: which page or provider a person of an application would see, and why. Asks
/// the rules of the sign-in pages themselves.
class HomeRealmDiscovery {
 public:
  explicit HomeRealmDiscovery(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> explain(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
