#include "management/audit.h"
#include "management/connections.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "tickets/page_token.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDefaultTake = 50;

Problem no_such_connection() { return not_found("inexistent_connection", "The connection does not exist"); }

}  // namespace

void ConnectionClients::register_on(Api& api) {
  api.on("connection_clients_list", [this](Call call) { return list(std::move(call)); });
  api.on("connection_clients_update", [this](Call call) { return update(std::move(call)); });
}

Task<Answer> ConnectionClients::list(Call call) {
  const Instant now = services_.clock.now();
  const ConnectionId id(call.path("id"));
  const std::string bound_to = "connection_clients?" + id.str();
  const std::string from = call.query.get("from");
  std::optional<std::string> after = std::string();
  if (!from.empty()) after = tickets::open_page_token(services_.box, call.tenant, bound_to, from, now);
  if (!after)
    co_return std::unexpected(Problem{400, "invalid_paging", "The cursor in from is unknown or has expired."});
  const std::string take = call.query.get("take");
  const std::int64_t limit = take.empty() ? kDefaultTake : std::stoll(take);

  // Client ids are the order here, so the cursor is the last id of the page.
  auto page = co_await services_.db.read([&](db::Transaction& tx) -> std::optional<store::Page<ClientId>> {
    store::ConnectionStore connections(tx, call.tenant);
    if (!connections.find(id)) return std::nullopt;
    return connections.list_enabled_clients(id, *after, limit);
  });
  if (!page) co_return std::unexpected(no_such_connection());
  json::array clients;
  for (const ClientId& client : page->items) clients.push_back(json::object{{"client_id", client.str()}});
  json::object answer{{"clients", std::move(clients)}};
  if (page->next)
    answer["next"] =
        tickets::seal_page_token(services_.box, call.tenant, bound_to, page->items.back().str(), now);
  co_return json_answer(200, answer);
}

Task<Answer> ConnectionClients::update(Call call) {
  const Instant now = services_.clock.now();
  const ConnectionId id(call.path("id"));
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::ConnectionStore connections(tx, call.tenant);
    store::ClientStore clients(tx, call.tenant);
    const auto connection = connections.find(id);
    if (!connection) return no_such_connection();
    for (const json::value& item : call.body.get_array())
      if (!clients.find(ClientId(std::string(item.at("client_id").get_string()))))
        return not_found("inexistent_client", "The client does not exist");
    for (const json::value& item : call.body.get_array()) {
      const ClientId client(std::string(item.at("client_id").get_string()));
      if (item.at("status").get_bool())
        connections.enable(id, client);
      else
        connections.disable(id, client);
    }
    connections.mark_changed(id, now);
    log_write(tx, call, "Change the clients of a connection", {"enabled_clients"}, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

}  // namespace symbolon::management
