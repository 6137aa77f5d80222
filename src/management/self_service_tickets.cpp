#include "management/self_service_tickets.h"

#include "management/audit.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/self_service_store.h"
#include "tickets/opaque.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::string_view kKind = "self_service";
constexpr std::chrono::seconds kUsualLife{432000};

std::chrono::seconds life_of(const json::object& sent) {
  const auto* seconds = sent.if_contains("ttl_sec");
  const std::chrono::seconds wanted(seconds ? seconds->to_number<std::int64_t>() : 0);
  return wanted.count() == 0 ? kUsualLife : wanted;
}

// A link edits one connection or makes one, whose name must still be free.
std::optional<Problem> check_connection(db::Transaction& tx, const Call& call, const json::object& sent) {
  store::ConnectionStore connections(tx, call.tenant);
  const auto* id = sent.if_contains("connection_id");
  const auto* wanted = sent.if_contains("connection_config");
  if (id && wanted)
    return invalid_body("Payload validation error: 'connection_id and connection_config exclude each other' on property "
                        "connection_id.");
  if (id && !connections.find(ConnectionId(std::string(id->get_string()))))
    return not_found("inexistent_connection", "The connection does not exist");
  if (wanted && connections.is_realm_taken(ConnectionId(), {std::string(wanted->at("name").get_string())}))
    return conflict("connection_conflict", "A connection with the same name already exists");
  return std::nullopt;
}

std::optional<Problem> check_clients(db::Transaction& tx, const Call& call, const json::object& sent) {
  const auto* clients = sent.if_contains("enabled_clients");
  if (!clients) return std::nullopt;
  for (const json::value& client : clients->get_array())
    if (!store::ClientStore(tx, call.tenant).find(ClientId(std::string(client.get_string()))))
      return invalid_body("Payload validation error: 'The client does not exist: " + std::string(client.get_string()) +
                          "' on property enabled_clients.");
  return std::nullopt;
}

}  // namespace

void SelfServiceTickets::register_on(Api& api) {
  api.on("self_service_tickets_create", [this](Call call) { return create(std::move(call)); });
  api.on("self_service_tickets_revoke", [this](Call call) { return revoke(std::move(call)); });
}

Task<Answer> SelfServiceTickets::create(Call call) {
  const Instant now = services_.clock.now();
  const auto made = tickets::make_ticket(services_.random, kKind);
  const json::object sent = call.body.is_object() ? call.object() : json::object();
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::SelfServiceStore profiles(tx, call.tenant);
    const std::string profile = call.path("id");
    if (!profiles.find(profile)) return std::unexpected(not_found({}, "Profile with ID: " + profile + " not found"));
    if (auto problem = check_connection(tx, call, sent)) return std::unexpected(*problem);
    if (auto problem = check_clients(tx, call, sent)) return std::unexpected(*problem);
    profiles.insert_ticket({.hash = made.hash,
                            .profile = profile,
                            .doc = json::serialize(sent),
                            .created_at = now,
                            .expires_at = now + life_of(sent)});
    log_write(tx, call, "Create a self-service ticket", member_names(sent), now);
    const std::string link = call.http.site->url("/self-service/connections-flow?ticket=" + made.value);
    return json_answer(201, json::object{{"ticket", link}});
  });
}

Task<Answer> SelfServiceTickets::revoke(Call call) {
  const Instant now = services_.clock.now();
  const auto hash = tickets::hash_ticket(kKind, call.path("ticket_id"));
  co_await services_.db.write([&](db::Transaction& tx) {
    if (store::SelfServiceStore(tx, call.tenant).remove_ticket(call.path("id"), hash))
      log_write(tx, call, "Revoke a self-service ticket", {}, now);
  });
  co_return http::empty_response(202);
}

}  // namespace symbolon::management
