#include "oidc/keys_endpoint.h"

namespace symbolon::oidc {

Task<http::Response> KeysEndpoint::handle(http::Request request) {
  const auto keys = co_await keys_.get(request.site->tenant);
  http::Response response = http::json_response(200, keys->jwks());
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("X-Content-Type-Options", "nosniff");
  co_return response;
}

}  // namespace symbolon::oidc
