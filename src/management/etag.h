#pragma once

#include <cstdint>
#include <expected>

#include "http/response.h"
#include "management/api.h"
#include "management/problem.h"

namespace symbolon::management {

/// `ETag` of a configuration record: its version (RFC 9110 §8.8.3).
void set_etag(http::Response& response, std::int64_t version);

/// Refuses a change that was based on another version than `version`, when the call says which one with If-Match.
std::expected<void, Problem> check_if_match(const Call& call, std::int64_t version);

}  // namespace symbolon::management
