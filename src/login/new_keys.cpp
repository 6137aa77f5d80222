#include "login/new_keys.h"

#include <boost/json.hpp>

#include "store/log_store.h"

namespace symbolon::login {

Task<void> record_new_keys(const Services& services, model::Connection connection) {
  model::LogEvent event;
  event.date = services.clock.now();
  event.type = "idp_keys_refreshed";
  event.description = "The provider signs with a key that was not known; its keys were fetched anew";
  event.connection_id = connection.id;
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.details = boost::json::serialize(
      boost::json::object{{"rule", "RP-11"}, {"jwks_uri", connection.upstream.jwks_uri}});
  co_await services.db.write([&](db::Transaction& tx) { store::LogStore(tx, connection.tenant).insert(event); });
}

}  // namespace symbolon::login
