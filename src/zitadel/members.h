#pragma once

#include "management/services.h"
#include "zitadel/api.h"

namespace symbolon::zitadel {

/// Who administers the instance (`/admin/v1/members`), and the organisations themselves (`/admin/v1/orgs/default`,
/// `/management/v1/orgs`, zitadel-idps §5.5).
class Members {
 public:
  explicit Members(const management::Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> add(Call call);
  Task<Answer> replace(Call call);
  Task<Answer> remove(Call call);
  Task<Answer> list(Call call);
  Task<Answer> put(Call call, bool is_new);
  Task<Answer> default_organisation(Call call);
  Task<Answer> my_organisation(Call call);
  Task<Answer> add_organisation(Call call);

  const management::Services& services_;
};

}  // namespace symbolon::zitadel
