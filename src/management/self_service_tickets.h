#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// …/self-service-profiles/{id}/sso-ticket (management-api §6.7): links for customers' administrators. A value is shown
/// once, in the link, and stored by hash.
class SelfServiceTickets {
 public:
  explicit SelfServiceTickets(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> create(Call call);
  Task<Answer> revoke(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
