#pragma once

#include "management/api.h"

namespace symbolon::management {

/// Lists that tools read on every run and that are always empty here: their features belong to kinds of provider that
/// we do not have (management-api §2.13, §6.7).
void register_empty_lists(Api& api);

}  // namespace symbolon::management
