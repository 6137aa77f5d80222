#pragma once

#include <string_view>

namespace symbolon::http {

/// Whether two host names belong to one owner: they are equal, or have the same registrable domain by the Public Suffix
/// List, which knows that `a.co.uk` and `b.co.uk`, or two customers of one hosting service, are strangers. Addresses and
/// names without a registrable domain belong to themselves only.
bool have_same_owner(std::string_view host, std::string_view other);

/// Whether strangers may register names directly below `host`: `co.uk`, or the shared domain of a hosting service.
bool is_public_suffix(std::string_view host);

}  // namespace symbolon::http
