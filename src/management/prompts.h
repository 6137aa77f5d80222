#pragma once

#include "management/api.h"
#include "management/services.h"
#include "store/custom_text_store.h"

namespace symbolon::management {

/// /api/v2/prompts (management-api §6.6): how people are asked, in whose words. The settings are `prompts` in the
/// tenant's document; texts and partials are records of their own. Partials are kept and returned, not rendered.
class Prompts {
 public:
  explicit Prompts(const Services& services) : services_(services) {}

  void register_on(Api& api);

 private:
  Task<Answer> get(Call call);
  Task<Answer> update(Call call);
  Task<Answer> get_text(Call call, store::TextKind kind);
  Task<Answer> put_text(Call call, store::TextKind kind);

  const Services& services_;
};

}  // namespace symbolon::management
