#include "management/connection_document.h"

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <type_traits>

#include "json/object_text.h"
#include "management/clear_headers.h"
#include "upstream/custom_headers.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// Members that are kept and shown as they were sent.
constexpr std::array<std::string_view, 3> kEchoed{"metadata", "cross_app_access_requesting_app",
                                                  "cross_app_access_resource_app"};

std::string associated(const model::Connection& connection) {
  return connection.tenant.str() + "|" + connection.id.str();
}

bool active(const json::object& body, std::string_view member, bool otherwise) {
  const auto* section = body.if_contains(member);
  if (!section || !section->is_object()) return otherwise;
  const auto* value = section->get_object().if_contains("active");
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

bool flag(const json::object& body, std::string_view member, bool otherwise) {
  const auto* value = body.if_contains(member);
  return value && value->is_bool() ? value->get_bool() : otherwise;
}

void show_switch(json::object& shown, std::string_view member, bool value) {
  json::value& section = shown[member];
  if (!section.is_object()) section = json::object();
  section.get_object()["active"] = value;
}

// A null value in metadata drops its key; the rest replaces what was stored (D32).
json::object without_nulls(const json::object& metadata) {
  json::object kept;
  for (const auto& [name, value] : metadata)
    if (!value.is_null()) kept[name] = value;
  return kept;
}

// True when there was one.
bool add_secrets(symbolon::json::ObjectText& options, const model::Connection& connection,
                 const crypto::SecretBox& box) {
  const std::string secret = open_connection_secret(connection, box);
  if (!secret.empty()) options.add_string("client_secret", secret);
  const json::object headers = upstream::open_custom_headers(connection, box);
  if (!headers.empty()) options.add_json("customHeaders", json::serialize(headers));
  return !secret.empty() || !headers.empty();
}

// The stored text with what is kept apart from it. Headers that still stand in clear are shown as they will be.
std::string options_text(const model::Connection& stored, const crypto::SecretBox& box, bool with_secrets,
                         bool& has_secret) {
  std::optional<model::Connection> sealed;
  if (stored.options.contains("\"customHeaders\"")) seal_clear_headers(sealed.emplace(stored), box);
  const model::Connection& connection = sealed ? *sealed : stored;
  symbolon::json::ObjectText text(connection.options);
  if (!connection.oidc_metadata.empty()) text.add_json("oidc_metadata", connection.oidc_metadata);
  if (with_secrets) has_secret = add_secrets(text, connection, box);
  return text.take();
}

template <class T>
std::string list_text(const std::vector<T>& list) {
  std::string text = "[";
  for (const T& item : list) {
    if (text.size() > 1) text += ',';
    if constexpr (std::is_same_v<T, std::string>)
      symbolon::json::append_quoted(text, item);
    else
      symbolon::json::append_quoted(text, item.str());
  }
  return text += ']';
}

// Members that are kept as they were sent, with today's state of the switches.
void add_document(symbolon::json::ObjectText& text, const model::Connection& connection, const FieldFilter& fields) {
  json::object doc;
  if (connection.doc != "{}") doc = json::parse(connection.doc).get_object();
  show_switch(doc, "authentication", connection.authentication_active);
  show_switch(doc, "connected_accounts", connection.connected_accounts_active);
  for (const auto& [name, value] : doc)
    if (fields.keeps(name)) text.add_json(name, json::serialize(value));
}

}  // namespace

void apply_members(model::Connection& connection, const json::object& body) {
  json::value parsed = json::parse(connection.doc.empty() ? "{}" : connection.doc);
  json::object& doc = parsed.get_object();
  if (const auto* name = body.if_contains("display_name"); name && name->is_string())
    connection.display_name = std::string(name->get_string());
  if (connection.display_name.empty() && connection.upstream.strategy != model::Strategy::oauth2)
    connection.display_name = connection.name;
  if (const auto* realms = body.if_contains("realms"); realms && realms->is_array()) {
    connection.realms.clear();
    for (const json::value& realm : realms->get_array()) connection.realms.emplace_back(realm.get_string());
  }
  if (connection.realms.empty()) connection.realms = {connection.name};
  connection.is_domain_connection = flag(body, "is_domain_connection", connection.is_domain_connection);
  connection.show_as_button = flag(body, "show_as_button", connection.show_as_button);
  connection.authentication_active = active(body, "authentication", connection.authentication_active);
  connection.connected_accounts_active = active(body, "connected_accounts", connection.connected_accounts_active);
  for (const std::string_view member : {"authentication", "connected_accounts"})
    if (const auto* section = body.if_contains(member); section && section->is_object()) doc[member] = *section;
  for (const std::string_view member : kEchoed) {
    const auto* value = body.if_contains(member);
    if (!value) continue;
    if (value->is_null())
      doc.erase(member);
    else
      doc[member] = member == "metadata" ? json::value(without_nulls(value->get_object())) : *value;
  }
  connection.doc = json::serialize(doc);
}

OptionsVisibility options_visibility(const model::Tenant& tenant, const Caller& caller, bool just_made) {
  const bool named = just_made || caller.has("read:connections_options");
  return {.options = named || !tenant.options_need_own_scopes, .secret = named && !tenant.hide_connection_secrets};
}

std::string open_connection_secret(const model::Connection& connection, const crypto::SecretBox& box) {
  if (connection.client_secret.empty()) return {};
  return box.open("connection-secret", associated(connection), connection.client_secret.bytes).value_or("");
}

void set_connection_secret(model::Connection& connection, const std::string& secret, const crypto::SecretBox& box) {
  connection.client_secret.bytes =
      secret.empty() ? std::string() : box.seal("connection-secret", associated(connection), secret);
}

ConnectionText connection_text(const model::Connection& connection, const std::vector<ClientId>& enabled,
                               const crypto::SecretBox& box, const OptionsVisibility& visibility,
                               const FieldFilter& fields) {
  ConnectionText shown;
  symbolon::json::ObjectText text;
  const auto show = [&](std::string_view name, const auto& value) {
    if (!fields.keeps(name)) return;
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>)
      text.add_flag(name, value);
    else
      text.add_string(name, value);
  };
  show("id", connection.id.str());
  if (visibility.options && fields.keeps("options"))
    text.add_json("options", options_text(connection, box, visibility.secret, shown.has_secret));
  show("strategy", to_string(connection.upstream.strategy));
  show("name", connection.name);
  if (!connection.display_name.empty()) show("display_name", connection.display_name);
  show("is_domain_connection", connection.is_domain_connection);
  if (connection.upstream.strategy != model::Strategy::oauth2) show("show_as_button", connection.show_as_button);
  if (fields.keeps("realms")) text.add_json("realms", list_text(connection.realms));
  add_document(text, connection, fields);
  if (fields.keeps("enabled_clients")) text.add_json("enabled_clients", list_text(enabled));
  shown.text = text.take();
  return shown;
}

}  // namespace symbolon::management
