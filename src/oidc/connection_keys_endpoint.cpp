#include "oidc/connection_keys_endpoint.h"

#include <boost/json.hpp>

#include "store/connection_store.h"
#include "store/signing_key_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using namespace std::chrono_literals;

constexpr auto kGrace = 5min;

bool is_published(const model::SigningKey& key, Instant now) {
  switch (key.state) {
    case model::KeyState::current:
    case model::KeyState::next:
      return true;
    case model::KeyState::previous:
      return key.current_until && now < *key.current_until + kGrace;
    case model::KeyState::revoked:
      return false;
  }
  return false;
}

std::optional<std::vector<model::SigningKey>> read_keys(db::Transaction& tx, const TenantId& tenant,
                                                        const std::string& name) {
  const auto connection = store::ConnectionStore(tx, tenant).find_by_name(name);
  if (!connection) return std::nullopt;
  return store::SigningKeyStore(tx, tenant, connection->id.str()).list();
}

}  // namespace

Task<http::Response> ConnectionKeysEndpoint::handle(http::Request request) {
  const std::string name = request.parameters.at("name");
  const auto keys =
      co_await db_.read([&](db::Transaction& tx) { return read_keys(tx, request.site->tenant, name); });
  if (!keys) {
    http::Response response =
        http::json_response(404, R"({"error":"not_found","error_description":"there is no such connection"})");
    http::forbid_caching(response);
    co_return response;
  }
  const Instant now = clock_.now();
  bj::array published;
  for (const model::SigningKey& key : *keys)
    if (is_published(key, now)) published.push_back(bj::parse(key.public_jwk));
  http::Response response = http::json_response(200, bj::serialize(bj::object{{"keys", std::move(published)}}));
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("X-Content-Type-Options", "nosniff");
  co_return response;
}

}  // namespace symbolon::oidc
