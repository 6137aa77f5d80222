#include "management/client_connections.h"

#include "management/audit.h"
#include "management/connection_document.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/tenant_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "connections", .default_take = 50, .checkpoint_only = true};

}  // namespace

void ClientConnections::register_on(Api& api) {
  api.on("client_connections_list", [this](Call call) { return list(std::move(call)); });
}

Task<Answer> ClientConnections::list(Call call) {
  const Instant now = services_.clock.now();
  const ClientId client(call.path("id"));
  const auto paging = read_paging(call, kRules, "client_connections/" + client.str(), services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  store::ConnectionFilter filter;
  filter.strategies = call.query.get_all("strategy");
  filter.enabled_for = client;
  const FieldFilter fields(call, "id");
  const bool may_show_secret = call.caller.has("read:connections_options");
  co_return co_await read_unit(services_.db, may_show_secret, [&](db::Transaction& tx) -> Answer {
    if (!store::ClientStore(tx, call.tenant).find(client))
      return std::unexpected(not_found("inexistent_client", "The client does not exist"));
    store::ConnectionStore connections(tx, call.tenant);
    const auto tenant = store::TenantStore(tx).find(call.tenant).value_or(model::Tenant{});
    const auto visibility = options_visibility(tenant, call.caller, false);
    const auto page = connections.list(filter, paging->window);
    json::array items;
    bool shows_secret = false;
    for (const model::Connection& connection : page.items) {
      json::object shown = fields.apply(
          show_connection(connection, connections.enabled_clients(connection.id), services_.box, visibility));
      const auto* options = shown.if_contains("options");
      shows_secret = shows_secret || (options && options->get_object().contains("client_secret"));
      items.push_back(std::move(shown));
    }
    if (shows_secret) log_secret_read(tx, call, "Read connection secrets", now);
    return json_answer(200, page_answer(kRules, *paging, std::move(items), page.next, page.total, call, services_.box,
                                        now));
  });
}

}  // namespace symbolon::management
