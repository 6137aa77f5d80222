#include "oidc/cors.h"

#include <algorithm>

#include "http/url.h"
#include "store/client_origin.h"
#include "store/client_store.h"

namespace symbolon::oidc {
namespace {

// Empty when there is none, or no telling which.
std::string_view one_origin(const http::Request& request) {
  const auto origins = request.headers.get_all("Origin");
  return origins.size() == 1 ? std::string_view(origins.front()) : std::string_view();
}

void allow(http::Response& response, std::string_view origin) {
  response.headers.set("Access-Control-Allow-Origin", std::string(origin));
  response.headers.set("Access-Control-Expose-Headers", "WWW-Authenticate, X-Request-Id");
}

}  // namespace

bool is_client_origin(const model::Client& client, std::string_view origin) {
  const auto url = http::parse_url(origin);
  if (!url || url->origin() != origin) return false;
  return std::ranges::any_of(store::registered_origins(client), [&](const store::RegisteredOrigin& registered) {
    return store::matches_origin(registered.pattern, origin);
  });
}

void allow_client_origin(http::Response& response, const http::Request& request, const model::Client& client) {
  response.headers.add("Vary", "Origin");
  const auto origin = one_origin(request);
  if (!origin.empty() && is_client_origin(client, origin)) allow(response, origin);
}

Task<http::Response> allow_known_origin(http::Response response, const http::Request& request, db::Database& db) {
  response.headers.add("Vary", "Origin");
  const auto origin = one_origin(request);
  if (origin.empty()) co_return response;
  const bool known = co_await db.read(
      [&](db::Transaction& tx) { return store::ClientStore(tx, request.site->tenant).is_known_origin(origin); });
  if (known) allow(response, origin);
  co_return response;
}

}  // namespace symbolon::oidc
