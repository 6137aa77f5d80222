#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/clock.h"

namespace symbolon::zitadel {

/// `2026-01-02T03:04:05.123456Z`: always six digits, as ZITADEL's clients expect (zitadel-idps §2.1).
std::string timestamp(Instant at);

/// A record's state in the answer of a write or read (zitadel-idps §2.2).
struct Details {
  std::int64_t sequence = 0;
  Instant created_at{}, changed_at{};
  std::string resource_owner;
};
boost::json::object created(const Details& details);
boost::json::object changed(const Details& details);
boost::json::object read(const Details& details);

/// `{"details":…}` of a list: `totalResult` counts all matches and is left out when there are none.
boost::json::object list_details(std::int64_t total, std::int64_t sequence, Instant now);

/// Members that are zero are not on the wire.
void put(boost::json::object& out, std::string_view name, const std::string& text);
void put(boost::json::object& out, std::string_view name, bool flag);

}  // namespace symbolon::zitadel
