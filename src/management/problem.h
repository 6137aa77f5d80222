#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rate_verdict.h"
#include "http/response.h"

namespace symbolon::management {

/// A refused call to /api/v2, in the envelope that Auth0's SDKs parse (management-api §1.4).
struct Problem {
  int status = 400;
  std::string error_code;  ///< empty: the member is left out
  std::string message;
  std::optional<RateVerdict> limit = std::nullopt;  ///< of an endpoint's own limit that was reached
};

Problem invalid_body(std::string message);
Problem invalid_query(std::string reason, std::string_view parameter, std::string_view description);
Problem invalid_uri(std::string reason, std::string_view parameter, std::string_view description);
Problem not_found(std::string error_code, std::string message);
Problem conflict(std::string error_code, std::string message);
/// The text that deploy-cli splits on; `scopes` joined with commas (D17).
Problem insufficient_scope(std::string_view scopes);
Problem changed_meanwhile();
/// 429 by a limit of the endpoint itself; the rate-limit headers tell of that one.
Problem too_many_requests(std::string message, RateVerdict limit);
Problem no_such_user();
/// A search that cost more than it may; `advice` is a sentence that says how to ask for less (management-api §4.2).
Problem search_too_large(std::string_view advice);

std::string_view status_name(int status);
http::Response render(const Problem& problem);

}  // namespace symbolon::management
