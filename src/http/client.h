#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.h"
#include "http/egress.h"
#include "http/headers.h"
#include "http/request.h"

namespace symbolon::http {

/// Why no usable answer came. The names are the reasons of login-runtime DB-12.
enum class FetchFailure {
  dns,
  connect,
  tls,
  timeout,
  too_large,
  redirect_refused,
  address_not_allowed,
  bad_url,
  protocol,
};

std::string_view to_string(FetchFailure failure);

struct FetchError {
  FetchFailure failure;
  std::string detail;       ///< for the log and the administrator only
  bool sent_nothing = false;  ///< true when the request certainly did not leave, so that it may be repeated
};

/// One call to somebody else's server. Limits are login-runtime §0.4.
struct OutboundRequest {
  Method method = Method::get;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  EgressPolicy egress;
  std::size_t max_body_bytes = 1 << 20;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds total_timeout{10000};
  int max_redirects = 0;  ///< only within the same origin, https, and only for GET
};

struct OutboundResponse {
  int status = 0;
  Headers headers;
  std::string body;
  std::string final_url;
  std::chrono::milliseconds elapsed{0};
};

/// The one door to the outside (design §2 rule 6): every address is checked at the moment of connecting, so a name
/// that resolves differently a second time gains nothing. Implemented by net::CurlClient; tests use a fake.
class Client {
 public:
  virtual ~Client() = default;
  virtual Task<std::expected<OutboundResponse, FetchError>> send(OutboundRequest request) = 0;
};

}  // namespace symbolon::http
