#pragma once

#include <optional>

#include "base/id.h"
#include "db/transaction.h"
#include "http/egress.h"
#include "management/problem.h"
#include "model/client.h"

namespace symbolon::management {

/// Judges where and of what a client wants to be told (login-runtime BC-1, BC-2). Addresses are https, or http where
/// providers may use it as well, without a fragment, no host of this server, and no address literal that a call could
/// not reach; what a name stands for is judged when it is called. `rp-logout` is always among the causes.
std::optional<Problem> check_logout_listeners(db::Transaction& tx, const http::EgressPolicy& egress,
                                              const model::Client& client);

/// What waits for addresses that the client has given up is not delivered any more (BC-10).
void forget_logout_listeners(db::Transaction& tx, const model::Client& before, const model::Client& after);

}  // namespace symbolon::management
