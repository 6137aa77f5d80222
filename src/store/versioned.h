#pragma once

#include <concepts>
#include <cstdint>

#include "store/page.h"

namespace symbolon::store {

/// What an UPDATE that names the version it was based on came to; `exists` is asked only when it changed nothing.
template <std::predicate Exists>
Update outcome_of(std::int64_t changed, Exists exists) {
  if (changed > 0) return Update::done;
  return exists() ? Update::changed_meanwhile : Update::missing;
}

}  // namespace symbolon::store
