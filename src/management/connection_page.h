#pragma once

#include "management/api.h"
#include "management/paging.h"
#include "management/services.h"
#include "store/connection_store.h"

namespace symbolon::management {

/// One page of connections as `call` asked for it and may see it; a record says when secrets were among them.
http::Response connection_page(db::Transaction& tx, const Call& call, const Services& services,
                               const PagingRules& rules, const Paging& paging,
                               const store::Page<store::ShownConnection>& page, Instant now);

}  // namespace symbolon::management
