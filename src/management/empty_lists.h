#pragma once

#include "management/api.h"
#include "management/services.h"

namespace symbolon::management {

/// What tools read on every run and is always empty, or off, here: features of kinds of provider that we do not have,
/// and of passwords (management-api §2.13, §6.7, §7.4).
void register_empty_lists(Api& api, const Services& services);

}  // namespace symbolon::management
