#pragma once

#include <string>
#include <vector>

#include "http/address.h"
#include "http/headers.h"

namespace symbolon::http {

/// Whose request this is: `peer`, or when it is a listed proxy, the right-most hop of X-Forwarded-For that is not one
/// (design §2 rule 8, threats T43). What stands left of that hop was written by the client and is not looked at; an
/// unreadable hop ends the search at the proxy that reported it.
Address client_address(const Address& peer, const Headers& headers, const std::vector<Network>& trusted_proxies);

}  // namespace symbolon::http
