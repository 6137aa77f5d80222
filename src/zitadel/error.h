#pragma once

#include <string>
#include <string_view>

#include "http/response.h"

namespace symbolon::zitadel {

/// The gRPC codes that the API uses; numbers are on the wire (zitadel-idps §2.3).
enum class Code {
  unknown = 2,
  invalid_argument = 3,
  not_found = 5,
  already_exists = 6,
  permission_denied = 7,
  resource_exhausted = 8,
  failed_precondition = 9,
  aborted = 10,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  unauthenticated = 16,
};

/// A refused call. One with an `id` is an application error and has details; one without is a plain status.
struct Error {
  Code code = Code::unknown;
  std::string id;    ///< `INST-D32ef`: what clients match on
  std::string text;  ///< in plain words

  /// `text (id)`
  std::string message() const;
};

/// The text for a message key of ZITADEL's, in our words; the key itself when there is none.
std::string_view text_of(std::string_view key);

Error plain(Code code, std::string text);
Error failure(Code code, std::string_view id, std::string_view key);
Error failure_saying(Code code, std::string_view id, std::string text);

int http_status(Code code);
http::Response render(const Error& error);

}  // namespace symbolon::zitadel
