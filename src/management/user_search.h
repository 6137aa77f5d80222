#pragma once

#include <expected>
#include <vector>

#include "management/api.h"
#include "management/paging.h"
#include "management/services.h"
#include "model/user.h"

namespace symbolon::management {

/// The users that a call to GET /users asks for with q and sort (management-api §4.2): the window of `paging`, and how
/// many match when the call wants totals. A search looks at users one stretch after the other, as far as its budget goes;
/// what has an index is asked first.
Task<std::expected<store::Page<model::User>, Problem>> search_users(const Services& services, Call call,
                                                                    Paging paging);

}  // namespace symbolon::management
