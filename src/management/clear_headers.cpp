#include "management/clear_headers.h"

#include <boost/json.hpp>

#include "store/connection_store.h"
#include "upstream/custom_headers.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::int64_t kAtOnce = 100;  // a unit of work that others do not notice

}  // namespace

bool seal_clear_headers(model::Connection& connection, const crypto::SecretBox& box) {
  if (!connection.options.contains("\"customHeaders\"")) return false;
  json::value options = json::parse(connection.options);
  const auto* clear = options.as_object().if_contains("customHeaders");
  if (!clear) return false;
  upstream::set_custom_headers(connection, clear->is_object() ? clear->get_object() : json::object(), box);
  options.as_object().erase("customHeaders");
  connection.options = json::serialize(options);
  return true;
}

Task<int> seal_clear_headers(db::Database& db, const crypto::SecretBox& box) {
  TenantId tenant;
  ConnectionId last;
  int sealed = 0;
  for (;;) {
    const auto next = [&](db::Transaction& tx) {
      return store::ConnectionStore::list_with_clear_headers(tx, tenant, last, kAtOnce);
    };
    const auto found = co_await db.read(next);
    if (found.empty()) co_return sealed;
    sealed += co_await db.write([&](db::Transaction& tx) {
      int changed = 0;
      for (model::Connection& connection : next(tx)) {
        if (!seal_clear_headers(connection, box)) continue;
        store::ConnectionStore(tx, connection.tenant).record_sealed_headers(connection);
        ++changed;
      }
      return changed;
    });
    tenant = found.back().tenant;
    last = found.back().id;
  }
}

}  // namespace symbolon::management
