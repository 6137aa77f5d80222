#include "management/client_connections.h"

#include "management/audit.h"
#include "management/connection_page.h"
#include "management/paging.h"
#include "store/client_store.h"
#include "store/connection_store.h"

namespace symbolon::management {
namespace {

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
  const bool may_show_secret = call.caller.has("read:connections_options");
  co_return co_await read_unit(services_.db, may_show_secret, [&](db::Transaction& tx) -> Answer {
    if (!store::ClientStore(tx, call.tenant).find(client))
      return std::unexpected(not_found("inexistent_client", "The client does not exist"));
    const auto page = store::ConnectionStore(tx, call.tenant).list_shown(filter, paging->window);
    return connection_page(tx, call, services_, kRules, *paging, page, now);
  });
}

}  // namespace symbolon::management
