#pragma once

#include <string>

#include "base/clock.h"
#include "base/random.h"

namespace symbolon::model {

/// An id of 18 decimal digits, as clients of the ZITADEL API expect it (zitadel-idps §2.4): 39 bits of time in units of
/// 10 ms since 2019-04-29, then 24 random bits. Guessable by design, so never a secret. Throws std::runtime_error when
/// the clock is so wrong that the id would have another length (before 2021-03 or after 2038-03).
std::string make_number_id(Instant now, Random& random);

}  // namespace symbolon::model
