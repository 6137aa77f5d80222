#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// GET /api/v2/clients/{id}/connections (management-api §3.5): the connections that are enabled for an application.
/// Domain connections are listed only where they are enabled too.
class ClientConnections {
 public:
  explicit ClientConnections(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> list(Call call);

  const Services& services_;
};

}  // namespace symbolon::management
