#include "store/client_document.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "json/read.h"
#include "store/client_store.h"
#include "store/document.h"

namespace symbolon::store {
namespace {

using boost::json::object;

model::ClientAuthMethod read_auth_method(const object& doc) {
  using enum model::ClientAuthMethod;
  if (const object* methods = json::find_object(doc, "client_authentication_methods")) {
    // Methods that we lack must not end as a client that proves nothing.
    return json::find_object(*methods, "private_key_jwt") ? private_key_jwt : client_secret_post;
  }
  const std::string method = text_of(doc, "token_endpoint_auth_method");
  if (method == "none") return none;
  if (method == "client_secret_post") return client_secret_post;
  if (method == "client_secret_basic") return client_secret_basic;
  const std::string app_type = text_of(doc, "app_type");
  return app_type == "native" || app_type == "spa" ? none : client_secret_post;
}

std::string read_algorithm(const object& doc) {
  const std::string algorithm = text_of(object_of(doc, "jwt_configuration"), "alg");
  return algorithm == "ES256" || algorithm == "PS256" ? algorithm : "RS256";
}

std::vector<model::RefreshResource> read_refresh_resources(const object& policy) {
  std::vector<model::RefreshResource> resources;
  const auto* policies = policy.if_contains("policies");
  if (!policies || !policies->is_array()) return resources;
  for (const auto& one : policies->get_array())
    if (const auto* entry = one.if_object())
      resources.push_back({text_of(*entry, "audience"), texts_of(*entry, "scope")});
  return resources;
}

model::RefreshTokenPolicy read_refresh_policy(const object& doc) {
  const object& policy = object_of(doc, "refresh_token");
  const model::RefreshTokenPolicy otherwise;
  return {.rotating = text_of(policy, "rotation_type") == "rotating",
          .expiring = text_of(policy, "expiration_type") == "expiring",
          .leeway = seconds_of(policy, "leeway", otherwise.leeway),
          .lifetime = seconds_of(policy, "token_lifetime", otherwise.lifetime),
          .idle_lifetime = seconds_of(policy, "idle_token_lifetime", otherwise.idle_lifetime),
          .infinite_lifetime = flag_of(policy, "infinite_token_lifetime", otherwise.infinite_lifetime),
          .infinite_idle_lifetime = flag_of(policy, "infinite_idle_token_lifetime", otherwise.infinite_idle_lifetime),
          .resources = read_refresh_resources(policy)};
}

// The effective list (login-runtime BC-2): without a choice, what a person or the provider ended.
std::vector<std::string> read_logout_initiators(const object& logout) {
  const object& initiators = object_of(logout, "backchannel_logout_initiators");
  if (text_of(initiators, "mode") == "all") return {"all"};
  std::vector<std::string> selected = texts_of(initiators, "selected_initiators");
  if (selected.empty()) return {"rp-logout", "idp-logout"};
  for (std::string& name : selected)
    if (name == "session-deleted") name = "session-revoked";
  return selected;
}

std::vector<std::string> read_logout_urls(const object& doc) {
  const object& logout = object_of(doc, "oidc_logout");
  if (json::has(logout, "backchannel_logout_urls")) return texts_of(logout, "backchannel_logout_urls");
  return texts_of(object_of(doc, "oidc_backchannel_logout"), "backchannel_logout_urls");
}

std::vector<CredentialUse> read_credential_uses(const object& doc) {
  const object& methods = object_of(doc, "client_authentication_methods");
  const auto of_client = texts_in(object_of(methods, "private_key_jwt"), "credentials", "id");
  const auto of_requests = texts_in(object_of(doc, "signed_request_object"), "credentials", "id");
  std::vector<CredentialUse> uses;
  for (const std::string& id : of_client) uses.push_back({id, true, contains(of_requests, id)});
  for (const std::string& id : of_requests)
    if (!contains(of_client, id)) uses.push_back({id, false, true});
  return uses;
}

model::Client read_client(TenantId tenant, const object& doc) {
  const object& logout = object_of(doc, "oidc_logout");
  return {.tenant = std::move(tenant),
          .id = ClientId(text_of(doc, "client_id")),
          .name = text_of(doc, "name"),
          .app_type = text_of(doc, "app_type"),
          .first_party = flag_of(doc, "is_first_party", true),
          .global = flag_of(doc, "global", false),
          .callbacks = texts_of(doc, "callbacks"),
          .allowed_logout_urls = texts_of(doc, "allowed_logout_urls"),
          .web_origins = texts_of(doc, "web_origins"),
          .allowed_origins = texts_of(doc, "allowed_origins"),
          .grant_types = texts_of(doc, "grant_types"),
          .auth = read_auth_method(doc),
          .auth_is_stated = json::find_object(doc, "client_authentication_methods") != nullptr ||
                            json::find_text(doc, "token_endpoint_auth_method").has_value(),
          .keys = {},
          .id_token_algorithm = read_algorithm(doc),
          .id_token_lifetime =
              seconds_of(object_of(doc, "jwt_configuration"), "lifetime_in_seconds", model::Client().id_token_lifetime),
          .id_token_profile_claims = flag_of(doc, "id_token_profile_claims", true),
          .id_token_claims = text_map_of(doc, "id_token_claims"),
          .initiate_login_uri = text_of(doc, "initiate_login_uri"),
          .logo_uri = text_of(doc, "logo_uri"),
          .require_par = flag_of(doc, "require_pushed_authorization_requests", false),
          .pushed_request_lifetime =
              seconds_of(doc, "par_request_expiry", model::Client().pushed_request_lifetime),
          .require_signed_request = flag_of(object_of(doc, "signed_request_object"), "required", false),
          .auto_redirect_single_connection = flag_of(doc, "auto_redirect_single_connection", false),
          .skip_non_verifiable_callback_confirmation =
              flag_of(doc, "skip_non_verifiable_callback_uri_confirmation_prompt", false),
          .open_redirect_protection = text_of(doc, "redirection_policy") != "allow_always",
          .session_expiry_claim = flag_of(doc, "session_expiry_claim", true),
          .refresh = read_refresh_policy(doc),
          .backchannel_logout_urls = read_logout_urls(doc),
          .backchannel_logout_initiators = read_logout_initiators(logout),
          .backchannel_logout_typ = text_of(doc, "backchannel_logout_token_typ", "JWT"),
          .secret_hash = {},
          .secret = {},
          .doc = {}};
}

}  // namespace

ClientDocument read_client_document(TenantId tenant, std::string doc) {
  const object parsed = parse_document("a client", doc);
  ClientDocument document{read_client(std::move(tenant), parsed), read_credential_uses(parsed)};
  document.client.doc = std::move(doc);
  return document;
}

model::Client client_from_document(TenantId tenant, std::string doc) {
  return std::move(read_client_document(std::move(tenant), std::move(doc)).client);
}

model::ClientKey client_key_from(const CredentialUse& use, const std::string& doc, std::string spki_pem) {
  const object parsed = parse_document("a client credential", doc);
  return {.credential_id = use.id,
          .kid = text_of(parsed, "kid"),
          .algorithm = text_of(parsed, "alg", "RS256"),
          .spki_pem = std::move(spki_pem),
          .expires_at = from_iso8601(text_of(parsed, "expires_at")),
          .authenticates = use.authenticates,
          .signs_requests = use.signs_requests};
}

}  // namespace symbolon::store
