#pragma once

#include <string_view>

#include "http/response.h"

namespace symbolon::app {

/// An answer that no handler gave: to an unknown address, a request that was not taken, or one whose handler failed.
struct PlainError {
  int status = 500;
  std::string_view path;         ///< decides whose words it is told in; empty: unknown
  std::string_view code;         ///< `error` of protocol endpoints (RFC 6749 §5.2)
  std::string_view description;  ///< a sentence of ours
  std::string_view request_id;   ///< under which the log tells more; empty: it does not
};

/// In the envelope of the API that the path belongs to: `/api/v2` (management-api §1.4), `/admin/v1` and `/management/v1`
/// (zitadel-idps §2.3), everything else.
http::Response render(const PlainError& error);

}  // namespace symbolon::app
