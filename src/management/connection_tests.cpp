#include "management/connection_tests.h"

#include "base/text.h"
#include "json/parse.h"
#include "management/audit.h"
#include "management/connection_options.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "store/ticket_store.h"
#include "tickets/try_link.h"
#include "upstream/effective_settings.h"
#include "upstream/relying_party.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using store::TicketKind;

void set_text(json::object& object, std::string_view name, std::string_view text) {
  if (!text.empty()) object[name] = text;
}

json::object show_probe(const upstream::Discovery& found) {
  json::array problems, warnings;
  for (const auto& problem : found.problems)
    problems.push_back(json::object{{"member", problem.member}, {"code", problem.code}});
  for (const auto& warning : found.warnings)
    warnings.push_back(json::object{{"code", warning.code}, {"detail", warning.detail}});
  json::object shown{{"status", to_string(found.status)},
                     {"requested_url", found.requested_url},
                     {"problems", std::move(problems)},
                     {"warnings", std::move(warnings)}};
  if (found.http_status != 0) shown["http_status"] = found.http_status;
  set_text(shown, "reason", found.reason);
  set_text(shown, "issuer", found.issuer);
  if (found.document.empty()) return shown;
  auto document = symbolon::json::parse(found.document, {.refuse_duplicates = false});
  if (document) shown["document"] = std::move(*document);
  shown["suggestions"] = json::object{{"type", found.suggestions.type},
                                      {"pkce", found.suggestions.pkce},
                                      {"token_endpoint_auth_method", found.suggestions.token_endpoint_auth_method},
                                      {"scopes_missing", json::value_from(found.suggestions.scopes_missing)}};
  return shown;
}

// The egress rules that a connection with these options would have; they are judged as if it were saved.
std::expected<http::EgressPolicy, Problem> egress_of(const Services& services, const json::object& body) {
  json::object options{{"client_id", "probe"}};
  if (const auto* egress = body.if_contains("egress")) options["egress"] = *egress;
  const auto settings = upstream::resolve_settings(model::Strategy::oidc, options, {}, false);
  if (settings) return upstream::egress_for(services.egress, *settings);
  const std::string member(std::string_view(settings.error().member).substr(sizeof("options.") - 1));
  return std::unexpected(
      invalid_body("Payload validation error: '" + settings.error().message + "' on property " + member + "."));
}

std::optional<model::Channel> channel_of(const json::object& body) {
  model::Channel channel{};
  const auto* given = body.if_contains("channel");
  if (given && from_text(std::string_view(given->get_string()), channel)) return channel;
  return std::nullopt;
}

// As printed on the page: people write it in lower case, and leave the hyphen out.
std::string read_reference(std::string_view typed) {
  std::string reference;
  for (const char letter : typed) {
    if (letter == '-' || letter == ' ') continue;
    reference.push_back(letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter);
    if (reference.size() == 4) reference.push_back('-');
  }
  return reference;
}

json::object show_failure(const model::LogEvent& event) {
  auto details = symbolon::json::parse_object(event.details);
  json::object shown = details ? std::move(*details) : json::object();
  shown["reference"] = event.reference;
  set_text(shown, "log_id", event.log_id);
  shown["date"] = to_iso8601(event.date);
  shown["type"] = event.type;
  set_text(shown, "client_id", event.client.str());
  set_text(shown, "client_name", event.client_name);
  set_text(shown, "connection_id", event.connection_id.str());
  set_text(shown, "connection", event.connection);
  set_text(shown, "strategy", event.strategy);
  set_text(shown, "user_id", event.user.str());
  set_text(shown, "ip", event.ip);
  set_text(shown, "user_agent", event.user_agent);
  set_text(shown, "hostname", event.hostname);
  return shown;
}

}  // namespace

void ConnectionTests::register_on(Api& api) {
  api.on("connections_probe", [this](Call call) { return probe(std::move(call)); });
  api.on("connections_try", [this](Call call) { return order(std::move(call)); });
  api.on("connection_try_results_get", [this](Call call) { return result(std::move(call)); });
  api.on("login_failures_get", [this](Call call) { return explain(std::move(call)); });
}

Task<Answer> ConnectionTests::probe(Call call) {
  auto egress = egress_of(services_, call.object());
  if (!egress) co_return std::unexpected(egress.error());
  const std::string key = call.tenant.str() + "|" + call.caller.client.str();
  if (const RateVerdict verdict = probes_.take(key, services_.clock.now()); !verdict.allowed)
    co_return std::unexpected(too_many_requests("At most 30 lookups a minute are made. Wait a moment.", verdict));
  std::string url(call.object().at("url").get_string());
  const auto channel = channel_of(call.object());
  const upstream::Discovery found =
      co_await services_.discoverer.discover(std::move(url), channel, std::move(*egress));
  co_return json_answer(200, show_probe(found));
}

Task<Answer> ConnectionTests::order(Call call) {
  const Instant now = services_.clock.now();
  const tickets::TryLink link = tickets::make_try_link(services_.random);
  const ConnectionId id(call.path("id"));
  const auto found = co_await services_.db.write([&](db::Transaction& tx) {
    auto connection = store::ConnectionStore(tx, call.tenant).find(id);
    if (!connection) return connection;
    const tickets::TryOrder order{id, call.caller.client, now + tickets::kTryLinkLifetime};
    store::TicketStore(tx, call.tenant)
        .insert({.kind = TicketKind::try_connection,
                 .hash = tickets::try_order_hash(link.report_id),
                 .subject = id.str(),
                 .doc = to_document(order),
                 .created_at = now,
                 .expires_at = now + tickets::kTryLifetime,
                 .used_at = {}});
    log_write(tx, call, "Order a test of a connection", {connection->name}, now);
    return connection;
  });
  if (!found) co_return std::unexpected(not_found("inexistent_connection", "The connection does not exist"));
  co_return json_answer(
      201, json::object{{"url", call.http.site->url("/try/" + link.ticket)},
                        {"expires_in", tickets::kTryLinkLifetime.count()},
                        {"result_id", link.report_id},
                        {"callback_url", call.http.site->url(
                                             model::callback_path(found->upstream.callback_path, found->name))}});
}

Task<Answer> ConnectionTests::result(Call call) {
  const Instant now = services_.clock.now();
  const std::string id = call.path("id");
  auto rows = co_await services_.db.read([&](db::Transaction& tx) {
    store::TicketStore kept(tx, call.tenant);
    return std::pair(kept.find(TicketKind::try_report, tickets::try_report_hash(id), now),
                     kept.find(TicketKind::try_connection, tickets::try_order_hash(id), now));
  });
  if (rows.first) {
    const auto report = tickets::open_try_report(services_.box, call.tenant, id, rows.first->doc);
    if (report) co_return json_answer(200, json::parse(*report));
  } else if (rows.second) {
    const auto order = tickets::read_try_order(rows.second->doc);
    const bool may_start = order && now < order->start_by;
    if (rows.second->used_at || may_start)
      co_return json_answer(200, json::object{{"id", id}, {"status", rows.second->used_at ? "started" : "waiting"}});
  }
  co_return std::unexpected(
      not_found("inexistent_try_result", "There is no such test, or it was not used in time, or its result expired"));
}

Task<Answer> ConnectionTests::explain(Call call) {
  const std::string reference = read_reference(call.path("reference"));
  auto event = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::LogStore(tx, call.tenant).find_by_reference(reference); });
  if (!event) event = recent_failures_.find(call.tenant, reference);
  if (!event)
    co_return std::unexpected(not_found("inexistent_login_failure",
                                        "No sign-in with this reference is on record. Those that did not reach a "
                                        "provider are kept for a day at most, and not beyond a restart"));
  co_return json_answer(200, show_failure(*event));
}

}  // namespace symbolon::management
