#include "login/event_names.h"

#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::login {

void fill_names(db::Transaction& tx, const TenantId& tenant, model::LogEvent& event) {
  if (!event.client.empty() && event.client_name.empty())
    if (const auto client = store::ClientStore(tx, tenant).find(event.client)) event.client_name = client->name;
  if (!event.connection_id.empty() && event.connection.empty())
    if (const auto connection = store::ConnectionStore(tx, tenant).find(event.connection_id)) {
      event.connection = connection->name;
      event.strategy = to_string(connection->upstream.strategy);
    }
  if (!event.user.empty() && event.user_name.empty())
    if (const auto user = store::UserStore(tx, tenant).find(event.user)) event.user_name = user->email;
}

}  // namespace symbolon::login
