#include "management/tenant_settings.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "management/etag.h"
#include "management/paging.h"
#include "management/tenant_document.h"
#include "store/session_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// Sections of the same document that have endpoints of their own.
constexpr std::array<std::string_view, 2> kSections{"branding", "prompts"};
constexpr std::array<std::string_view, 4> kLifetimes{"session_lifetime", "idle_session_lifetime",
                                                     "ephemeral_session_lifetime", "idle_ephemeral_session_lifetime"};

// What a tenant does that was never told otherwise; model::Tenant and the pages have the same defaults.
json::object defaults() {
  return {{"flags",
           {{"enable_client_connections", false},
            {"enable_pipeline2", true},
            {"enable_dynamic_client_registration", false},
            {"no_disclose_enterprise_connections", false},
            {"revoke_refresh_token_grant", false}}},
          {"enabled_locales", json::array{"en", "fr", "fr-CA"}},
          {"session_lifetime", 168},
          {"idle_session_lifetime", 72}};
}

// Whole hours as an integer, so that tools see the number that they sent.
json::value in_hours(double minutes) {
  const double hours = minutes / 60;
  if (hours == std::floor(hours)) return static_cast<std::int64_t>(hours);
  return hours;
}

std::optional<Problem> take_lifetimes(json::object& sent) {
  for (const std::string_view name : kLifetimes) {
    const std::string in_minutes = std::string(name) + "_in_minutes";
    const auto* minutes = sent.if_contains(in_minutes);
    if (!minutes) continue;
    if (sent.contains(name))
      return invalid_body("Payload validation error: '" + std::string(name) + " and " + in_minutes +
                          " exclude each other' on property " + in_minutes + ".");
    const double value = minutes->to_number<double>();
    sent.erase(in_minutes);
    sent[name] = in_hours(value);
  }
  return std::nullopt;
}

json::object show(const model::Tenant& tenant) {
  json::object shown = defaults();
  json::object flags = shown.at("flags").get_object();
  const json::value document = json::parse(tenant.doc);
  merge_members(shown, document.get_object());
  if (const auto* own = document.get_object().if_contains("flags"); own && own->is_object())
    merge_members(flags, own->get_object());
  shown["flags"] = std::move(flags);
  for (const std::string_view section : kSections) shown.erase(section);
  return shown;
}

// Open sessions end when the new settings say so, and their applications are told then. In small pieces, since there may
// be very many; whatever is not done after a crash acts all the same when the session is used.
Task<void> shorten_sessions(db::Database& db, const model::Tenant& tenant) {
  constexpr std::int64_t kAtATime = 1000;
  SessionId after;
  do {
    after = co_await db.write([&](db::Transaction& tx) {
      return store::SessionStore(tx, tenant.id).shorten(tenant.sessions, after, kAtATime);
    });
  } while (!after.empty());
}

http::Response answer(const Call& call, const model::Tenant& tenant) {
  http::Response response = json_answer(200, FieldFilter(call, "").apply(show(tenant)));
  set_etag(response, tenant.version);
  return response;
}

}  // namespace

void TenantSettings::register_on(Api& api) {
  api.on("tenant_settings_get", [this](Call call) { return get(std::move(call)); });
  api.on("tenant_settings_update", [this](Call call) { return update(std::move(call)); });
}

Task<Answer> TenantSettings::get(Call call) {
  const model::Tenant tenant = co_await read_tenant(services_, call);
  co_return answer(call, tenant);
}

Task<Answer> TenantSettings::update(Call call) {
  json::object sent = call.object();
  if (auto problem = take_lifetimes(sent)) co_return std::unexpected(*problem);
  TenantChange change = [&sent](json::object& document) -> std::optional<Problem> {
    json::object flags;
    if (const auto* stored = document.if_contains("flags"); stored && stored->is_object()) flags = stored->get_object();
    if (const auto* changed = sent.if_contains("flags")) merge_members(flags, changed->get_object());
    merge_members(document, sent);
    if (!flags.empty()) document["flags"] = std::move(flags);
    return std::nullopt;
  };
  const auto changed = co_await change_tenant(services_, call, "Update tenant settings", std::move(change));
  if (!changed) co_return std::unexpected(changed.error());
  if (std::ranges::any_of(kLifetimes, [&](std::string_view name) { return sent.contains(name); }))
    co_await shorten_sessions(services_.db, *changed);
  co_return answer(call, *changed);
}

}  // namespace symbolon::management
