#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// /api/v2/clients/{id}/credentials (management-api §3.6): public keys and certificates of an application. One counts
/// only once the application's client_authentication_methods or signed_request_object refer to it.
class ClientCredentials {
 public:
  explicit ClientCredentials(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);
  Task<Answer> get(Call call);
  Task<Answer> create(Call call);
  Task<Answer> update(Call call);
  Task<Answer> remove(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
