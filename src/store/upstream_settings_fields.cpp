#include "store/upstream_settings_fields.h"

#include <boost/json.hpp>
#include <concepts>

#include "db/transaction.h"
#include "json/fields.h"

namespace symbolon::model {
namespace {

// Most texts and lists of a provider are empty; they would only make the row longer.
template <class V, class T>
void unless_empty(V& v, std::string_view name, T& member) {
  if constexpr (std::same_as<V, json::FieldWriter>) {
    if (member.empty()) return;
  }
  v(name, member);
}

// Rows of connections that were made before the member existed stay as they are.
template <class V, class T>
void unless_usual(V& v, std::string_view name, T& member) {
  if constexpr (std::same_as<V, json::FieldWriter>) {
    if (member == T()) return;
  }
  v(name, member);
}

}  // namespace

template <class V>
void fields(V& v, UpstreamParameter& p) {
  v("name", p.name);
  v("value", p.value);
  v("alias", p.alias);
  v("suppress", p.suppress);
}

template <class V>
void fields(V& v, FirstContactOptions& o) {
  v("linking_allowed", o.linking_allowed);
  v("creation_allowed", o.creation_allowed);
  v("auto_creation", o.auto_creation);
  v("auto_update", o.auto_update);
  v("auto_linking", o.auto_linking);
  v("trust_email", o.trust_email);
  v("trust_username", o.trust_username);
  v("stated", o.stated);
  unless_empty(v, "trusted_email_domains", o.trusted_email_domains);
}

template <class V>
void fields(V& v, UpstreamSettings& s) {
  v("strategy", s.strategy);
  v("channel", s.channel);
  unless_empty(v, "issuer", s.issuer);
  unless_empty(v, "authorization_endpoint", s.authorization_endpoint);
  unless_empty(v, "token_endpoint", s.token_endpoint);
  unless_empty(v, "userinfo_endpoint", s.userinfo_endpoint);
  unless_empty(v, "jwks_uri", s.jwks_uri);
  unless_empty(v, "end_session_endpoint", s.end_session_endpoint);
  unless_empty(v, "client_id", s.client_id);
  unless_usual(v, "callback_path", s.callback_path);
  unless_usual(v, "select_account", s.select_account);
  v("auth_method", s.auth_method);
  v("auth_method_detected", s.auth_method_detected);
  v("assertion_algorithm", s.assertion_algorithm);
  v("assertion_audience_is_issuer", s.assertion_audience_is_issuer);
  unless_empty(v, "scope", s.scope);
  v("pkce", s.pkce);
  unless_empty(v, "challenge_methods_advertised", s.challenge_methods_advertised);
  v("send_nonce", s.send_nonce);
  unless_empty(v, "id_token_algorithms", s.id_token_algorithms);
  v("iss_parameter_required", s.iss_parameter_required);
  unless_empty(v, "trusted_audiences", s.trusted_audiences);
  unless_empty(v, "allowed_tenant_ids", s.allowed_tenant_ids);
  v("session_expiry_supported", s.session_expiry_supported);
  v("strict_auth_time", s.strict_auth_time);
  v("mapping_mode", s.mapping_mode);
  unless_empty(v, "mapping_attributes", s.mapping_attributes);
  unless_empty(v, "userinfo_scope", s.userinfo_scope);
  unless_usual(v, "bind_userinfo", s.bind_userinfo);
  unless_empty(v, "non_persistent_attributes", s.non_persistent_attributes);
  v("root_sync", s.root_sync);
  v("email_verified_mode", s.email_verified_mode);
  unless_empty(v, "parameters", s.parameters);
  unless_empty(v, "subject_attribute", s.subject_attribute);
  v("connection_scope_with_commas", s.connection_scope_with_commas);
  v("first_contact", s.first_contact);
  v("store_upstream_id_token", s.store_upstream_id_token);
  v("always_federated_logout", s.always_federated_logout);
  v("revoke_refresh_tokens_on_idp_logout", s.revoke_refresh_tokens_on_idp_logout);
  v("bind_refresh_tokens_to_session_expiry", s.bind_refresh_tokens_to_session_expiry);
  unless_empty(v, "allowed_networks", s.allowed_networks);
  unless_empty(v, "ca_pem", s.ca_pem);
  unless_empty(v, "proxy", s.proxy);
  unless_empty(v, "missing", s.missing);
}

}  // namespace symbolon::model

namespace symbolon::store {

std::string settings_to_text(const model::UpstreamSettings& settings) {
  static const boost::json::object kUsual = json::to_json(model::UpstreamSettings());
  const boost::json::object all = json::to_json(settings);
  boost::json::object unusual;
  for (const auto& [name, value] : all)
    if (const auto* usual = kUsual.if_contains(name); usual == nullptr || *usual != value) unusual[name] = value;
  return boost::json::serialize(unusual);
}

model::UpstreamSettings settings_from_text(std::string_view text) {
  auto settings = json::parse_fields<model::UpstreamSettings>(text);
  if (!settings) throw db::DatabaseError("a connection's settings cannot be read [" + settings.error().member + "]");
  return std::move(*settings);
}

}  // namespace symbolon::store
