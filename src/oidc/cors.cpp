#include "oidc/cors.h"

#include <algorithm>

#include "http/url.h"
#include "store/client_origin.h"

namespace symbolon::oidc {

bool is_client_origin(const model::Client& client, std::string_view origin) {
  const auto url = http::parse_url(origin);
  if (!url || url->origin() != origin) return false;
  return std::ranges::any_of(store::registered_origins(client), [&](const store::RegisteredOrigin& registered) {
    return store::matches_origin(registered.pattern, origin);
  });
}

void allow_client_origin(http::Response& response, const http::Request& request, const model::Client* client) {
  response.headers.add("Vary", "Origin");
  const auto origins = request.headers.get_all("Origin");
  if (!client || origins.size() != 1 || !is_client_origin(*client, origins.front())) return;
  response.headers.set("Access-Control-Allow-Origin", std::string(origins.front()));
  response.headers.set("Access-Control-Expose-Headers", "WWW-Authenticate, X-Request-Id");
}

}  // namespace symbolon::oidc
