#include "management/metadata_refresh.h"

#include <array>
#include <boost/json.hpp>

#include "http/url.h"
#include "management/connection_options.h"
#include "http/registrable_domain.h"
#include "store/connection_store.h"
#include "store/log_store.h"
#include "upstream/effective_settings.h"
#include "upstream/wire_options.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using model::ConnectionStatus;

constexpr std::chrono::hours kRefreshAfter{24};
constexpr std::chrono::hours kRetryAfter{1};
constexpr std::array<std::string_view, 5> kEndpoints{"authorization_endpoint", "token_endpoint", "userinfo_endpoint",
                                                     "jwks_uri", "end_session_endpoint"};

json::object parse_object(const std::string& text) {
  return text.empty() ? json::object() : std::move(json::parse(text).as_object());
}

std::string text(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string host_of(const std::string& url) {
  const auto parsed = http::parse_url(url);
  return parsed ? parsed->host : std::string();
}

// Endpoints that are new are held to the domains of all that are known.
bool is_within_known_domains(const json::object& known, std::string_view name, const std::string& url) {
  if (const std::string before = text(known, name); !before.empty())
    return http::have_same_owner(host_of(before), host_of(url));
  if (http::have_same_owner(host_of(text(known, "issuer")), host_of(url))) return true;
  return std::ranges::any_of(kEndpoints, [&](std::string_view other) {
    const std::string endpoint = text(known, other);
    return !endpoint.empty() && http::have_same_owner(host_of(endpoint), host_of(url));
  });
}

std::optional<MetadataRefusal> find_refusal(const json::object& known, const json::object& document) {
  if (known.empty()) return std::nullopt;
  if (text(known, "issuer") != text(document, "issuer"))
    return MetadataRefusal{ConnectionStatus::issuer_changed,
                           "issuer was " + text(known, "issuer") + " and is now " + text(document, "issuer")};
  for (const std::string_view name : kEndpoints) {
    const std::string url = text(document, name);
    if (url.empty() || url == text(known, name) || is_within_known_domains(known, name, url)) continue;
    return MetadataRefusal{ConnectionStatus::metadata_changed, std::string(name) + " was " + text(known, name) +
                                                                   " and is now " + url + ", in another domain"};
  }
  return std::nullopt;
}

// An option that only repeats the old document came from it (N-3).
void follow_document(json::object& options, const json::object& known, const json::object& document) {
  for (const std::string_view name : kEndpoints)
    if (!text(known, name).empty() && text(options, name) == text(known, name) && !text(document, name).empty())
      options[name] = text(document, name);
}

model::LogEvent event_of(const model::Connection& connection, std::string description) {
  model::LogEvent event;
  event.type = "idp_metadata_changed";
  event.description = std::move(description);
  event.connection_id = connection.id;
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.details = json::serialize(json::object{{"rule", "RP-8"}, {"status", to_string(connection.status)}});
  return event;
}

}  // namespace

std::optional<MetadataRefusal> take_over_metadata(model::Connection& connection, json::object document) {
  const json::object known = parse_object(connection.oidc_metadata);
  if (auto refusal = find_refusal(known, document)) return refusal;
  json::object options = parse_object(connection.options);
  follow_document(options, known, document);
  auto settings = upstream::resolve_settings(connection.upstream.strategy, options, document,
                                             !connection.client_secret.empty());
  if (!settings)
    return MetadataRefusal{ConnectionStatus::metadata_changed,
                           settings.error().member + " " + settings.error().message};
  Health health = judge_health(*settings, document);
  connection.upstream = std::move(*settings);
  connection.status = health.status;
  connection.status_detail = std::move(health.detail);
  // Kept byte for byte while nothing has changed, so that nobody's If-Match fails for nothing.
  if (parse_object(connection.options) != options) connection.options = json::serialize(options);
  if (known != document) connection.oidc_metadata = json::serialize(document);
  return std::nullopt;
}

Task<bool> MetadataRefresh::refresh_next() {
  const Instant now = services_.clock.now();
  const auto due = co_await services_.db.read([&](db::Transaction& tx) {
    auto stale = store::ConnectionStore::find_stale_metadata(tx, now - kRefreshAfter);
    return stale ? std::move(stale) : store::ConnectionStore::find_failed_metadata(tx, now - kRetryAfter);
  });
  if (!due) co_return false;

  model::Connection connection = *due;
  const std::string source =
      upstream::discovery_source(connection.upstream.strategy, parse_object(connection.options));
  const upstream::Discovery found = co_await look_up_configuration(services_, source, connection.upstream);
  connection.metadata_fetched_at = services_.clock.now();
  if (found.status != upstream::Discovery::Status::ok) {
    if (connection.status != ConnectionStatus::incomplete) connection.status = ConnectionStatus::unreachable;
    connection.status_detail = found.requested_url + ": " + why_unusable(found);
  } else if (auto refusal = take_over_metadata(connection, read_found_document(found))) {
    connection.status = refusal->status;
    connection.status_detail = std::move(refusal->detail);
  }
  co_await save(std::move(connection), *due);
  co_return true;
}

// When somebody changed the connection meanwhile, what was found belongs to the past: the next round looks again.
Task<void> MetadataRefresh::save(model::Connection connection, model::Connection before) {
  const bool document_changed = connection.oidc_metadata != before.oidc_metadata || connection.options != before.options;
  const bool is_refused = connection.status == ConnectionStatus::issuer_changed ||
                          connection.status == ConnectionStatus::metadata_changed;
  const bool is_news = document_changed || (is_refused && connection.status_detail != before.status_detail);
  if (document_changed) connection.updated_at = connection.metadata_fetched_at;
  co_await services_.db.write([&](db::Transaction& tx) {
    store::ConnectionStore connections(tx, connection.tenant);
    const bool stored = document_changed
                            ? connections.update(connection, before.version) == store::Update::done
                            : connections.record_metadata_check(connection);
    if (!stored || !is_news) return;
    model::LogEvent event = event_of(connection, document_changed ? "The provider's configuration was taken over"
                                                                  : connection.status_detail);
    event.date = connection.metadata_fetched_at;
    store::LogStore(tx, connection.tenant).insert(std::move(event));
  });
}

}  // namespace symbolon::management
