#pragma once

#include <string>
#include <string_view>

namespace symbolon::http {

/// Under what calls from `client_address` are counted where an address may make so many only: the address itself, and of
/// IPv6 the block of 64 bits, since whoever has one address there has all of them. What is no address stays as it is.
std::string counted_address(std::string_view client_address);

}  // namespace symbolon::http
