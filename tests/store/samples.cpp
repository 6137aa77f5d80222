#include "store/samples.h"

#include "store/connection_store.h"
#include "store/consent_store.h"
#include "store/custom_text_store.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/refresh_token_store.h"
#include "store/resource_server_store.h"
#include "store/session_store.h"
#include "store/signing_key_store.h"
#include "store/user_store.h"

namespace symbolon::store {

using namespace std::chrono_literals;

model::UpstreamSettings sample_settings() {
  model::UpstreamSettings s;
  s.strategy = model::Strategy::okta;
  s.channel = model::Channel::front_channel;
  s.issuer = "https://idp.example/";
  s.authorization_endpoint = "https://idp.example/authorize";
  s.token_endpoint = "https://idp.example/token";
  s.userinfo_endpoint = "https://idp.example/userinfo";
  s.jwks_uri = "https://idp.example/jwks";
  s.end_session_endpoint = "https://idp.example/logout";
  s.client_id = "broker";
  s.callback_path = model::CallbackPath::zitadel_login;
  s.select_account = true;
  s.bind_userinfo = true;
  s.auth_method = model::UpstreamAuthMethod::private_key_jwt;
  s.auth_method_detected = true;
  s.assertion_algorithm = "ES256";
  s.assertion_audience_is_issuer = true;
  s.scope = "openid profile email";
  s.pkce = model::PkceMode::s256;
  s.challenge_methods_advertised = {"plain", "S256"};
  s.send_nonce = false;
  s.id_token_algorithms = {"RS256", "ES256"};
  s.iss_parameter_required = true;
  s.trusted_audiences = {"other"};
  s.allowed_tenant_ids = {"*"};
  s.session_expiry_supported = true;
  s.strict_auth_time = true;
  s.mapping_mode = model::MappingMode::use_map;
  s.mapping_attributes = R"({"email":"${context.tokenset.email}"})";
  s.userinfo_scope = "groups";
  s.non_persistent_attributes = {"groups"};
  s.root_sync = model::RootAttributeSync::never_on_login;
  s.email_verified_mode = model::EmailVerifiedMode::always;
  s.parameters = {{"acr_values", "gold", {}, false}, {"hd", {}, "login_hint", false}, {"prompt", {}, {}, true}};
  s.subject_attribute = "data.id";
  s.connection_scope_with_commas = true;
  s.first_contact = {true, false, false, false, model::AutoLinking::email, true, true, true, {"example.com"}};
  s.store_upstream_id_token = false;
  s.always_federated_logout = true;
  s.revoke_refresh_tokens_on_idp_logout = true;
  s.bind_refresh_tokens_to_session_expiry = false;
  s.allowed_networks = {"10.0.0.0/8"};
  s.ca_pem = "-----BEGIN CERTIFICATE-----\n";
  s.proxy = "http://proxy.example:3128";
  s.missing = {"jwks_uri"};
  return s;
}

model::Tenant sample_tenant(const TenantId& id) {
  model::Tenant tenant = tenant_from_document(id, R"({"friendly_name":"Example","flags":{"enable_sso":true}})");
  tenant.version = 3;
  tenant.created_at = kNow;
  return tenant;
}

Domain sample_domain(const TenantId& tenant, const std::string& host) {
  return {host, "https://" + host, tenant, "cd_" + host, true, kNow + 1s, R"({"domain":"x"})", 2, kNow};
}

model::Client sample_client(const TenantId& tenant, const std::string& id) {
  model::Client client = client_from_document(
      tenant, R"({"client_id":")" + id +
                  R"(","name":"Shop","app_type":"regular_web","is_first_party":true,)"
                  R"("callbacks":["https://shop.example.com/callback"],"web_origins":["https://www.example.com:8443"],)"
                  R"("allowed_origins":["https://*.preview.example.com"],"grant_types":["authorization_code"]})");
  client.secret_hash = hash_of<model::ClientSecretHash>("secret of " + id);
  client.secret.bytes = "sealed secret of " + id;
  client.version = 4;
  client.created_at = kNow;
  client.updated_at = kNow + 1s;
  return client;
}

ClientCredential sample_credential(const std::string& client, const std::string& id) {
  return {id, ClientId(client), R"({"kid":"kid_)" + id + R"(","alg":"PS256","expires_at":"2030-01-01T00:00:00.000Z"})",
          "PEM of " + id, kNow};
}

model::Connection sample_connection(const TenantId& tenant, const std::string& id, const std::string& name) {
  return {.tenant = tenant,
          .id = ConnectionId(id),
          .name = name,
          .display_name = "The " + name + " company",
          .authentication_active = false,
          .connected_accounts_active = true,
          .is_domain_connection = true,
          .show_as_button = true,
          .realms = {"realm of " + id, "second, \"quoted\" realm of " + id},
          .domain_aliases = {"corp.example", "xn--bcher-kva.example"},
          .icon_url = "https://cdn.example/icon.png",
          .upstream = sample_settings(),
          .client_secret = {"sealed secret of " + id},
          .custom_headers = {"sealed headers of " + id},
          .status = model::ConnectionStatus::metadata_changed,
          .status_detail = "token_endpoint moved",
          .doc = R"({ "name" : "kept as written" })",
          .options = R"({"client_id":"broker","z":1,"a":null})",
          .oidc_metadata = R"({"issuer":"https://idp.example/"})",
          .metadata_pinned = true,
          .metadata_fetched_at = kNow - 1h,
          .zitadel_id = "1" + id,
          .zitadel_owner = "org_1",
          .version = 5,
          .created_at = kNow,
          .updated_at = kNow + 1s};
}

model::Identity sample_identity(const std::string& connection, const std::string& subject) {
  return {ConnectionId(connection), "Corp", "oidc", subject, R"({"name":"linked"})", kNow - 1min};
}

model::User sample_user(const TenantId& tenant, const std::string& id, const std::string& subject) {
  return {.tenant = tenant,
          .id = UserId(id),
          .profile = R"({"name":"Jane"})",
          .email = "Jane@Example.com",
          .email_verified = true,
          .username = "Jane.D",
          .organisation = model::OrganisationId("org_1"),
          .user_metadata = R"({"a":1})",
          .app_metadata = R"({"b":2})",
          .blocked = true,
          .identities = {sample_identity("con_1", subject)},
          .created_at = kNow,
          .updated_at = kNow + 1s,
          .last_login = kNow + 2s,
          .last_ip = "192.0.2.1",
          .logins_count = 7,
          .tokens_valid_after = kNow - 1h,
          .version = 9};
}

model::Session sample_session(const TenantId& tenant, const std::string& id) {
  return {.tenant = tenant,
          .id = SessionId(id),
          .user = UserId("oidc|Corp|jane"),
          .connection = ConnectionId("con_1"),
          .base_url = "https://login.example.com",
          .cookie = hash_of<model::SessionCookieHash>("cookie of " + id),
          .previous_cookie = hash_of<model::SessionCookieHash>("previous of " + id),
          .previous_cookie_until = kNow + 10s,
          .created_at = kNow,
          .updated_at = kNow + 1s,
          .authenticated_at = kNow + 2s,
          .last_interacted_at = kNow + 3s,
          .idle_expires_at = kNow + 1h,
          .expires_at = kNow + 24h,
          .persistent = false,
          .upstream_expiry = kNow + 12h,
          .upstream_issuer = "https://idp.example/",
          .upstream_subject = "jane",
          .upstream_sid = "upstream sid of " + id,
          .upstream_id_token = {"sealed id token"},
          .acr = "gold",
          .amr = {"pwd", "one time \"code\""},
          .initial_user_agent = "Firefox",
          .initial_ip = "192.0.2.1",
          .last_user_agent = "Chromium",
          .last_ip = "192.0.2.2",
          .clients = {},
          .metadata = R"({"k":"v"})"};
}

model::Grant sample_grant(const TenantId& tenant, const std::string& id) {
  return {.tenant = tenant,
          .id = GrantId(id),
          .client = ClientId("client_1"),
          .user = UserId("oidc|Corp|jane"),
          .session = SessionId("sid_1"),
          .connection = ConnectionId("con_1"),
          .base_url = "https://login.example.com",
          .scope = {"openid", "offline_access"},
          .audience = "https://api.example.com",
          .created_at = kNow,
          .auth_time = kNow - 5s,
          .acr = "gold",
          .amr = {"pwd", "two words"},
          .session_expiry = kNow + 12h,
          .login_claims = R"({"groups":["a"]})",
          .claims = {{"email"}, {"phone_number", "address"}},
          .revoked_at = {},
          .expires_at = kNow + 48h};
}

model::AuthorizationCode sample_code(const std::string& seed, const std::string& grant) {
  return {.hash = hash_of<model::CodeHash>(seed),
          .grant = GrantId(grant),
          .client = ClientId("client_1"),
          .base_url = "https://login.example.com",
          .redirect_uri = "https://shop.example.com/callback",
          .redirect_uri_was_sent = false,
          .challenge = "challenge",
          .challenge_method = "S256",
          .nonce = "nonce",
          .expires_at = kNow + 60s};
}

model::AccessToken sample_access_token(const std::string& seed, const std::string& grant) {
  return {.hash = hash_of<model::AccessTokenHash>(seed),
          .grant = GrantId(grant),
          .client = ClientId("client_1"),
          .user = UserId("oidc|Corp|jane"),
          .base_url = "https://login.example.com",
          .scope = {"openid", "email"},
          .issued_at = kNow,
          .expires_at = kNow + 1h};
}

model::RefreshToken sample_refresh_token(const std::string& id, const std::string& family) {
  return {.id = id,
          .hash = hash_of<model::RefreshTokenHash>(id),
          .family = family,
          .grant = GrantId("grant_1"),
          .client = ClientId("client_1"),
          .user = UserId("oidc|Corp|jane"),
          .session = SessionId("sid_1"),
          .base_url = "https://login.example.com",
          .rotating = true,
          .online = true,
          .created_at = kNow,
          .last_used_at = kNow + 1s,
          .expires_at = kNow + 24h,
          .idle_expires_at = kNow + 1h,
          .replaced_at = {},
          .generation = 1};
}

model::ResourceServer sample_resource_server(const TenantId& tenant, const std::string& id,
                                             const std::string& identifier) {
  model::ResourceServer server = resource_server_from_document(
      tenant, R"({"id":")" + id + R"(","identifier":")" + identifier +
                  R"(","name":"API","scopes":[{"value":"read:x","description":"d"},{"value":"write:x"}]})");
  server.signing_secret.bytes = "sealed signing secret";
  server.version = 2;
  server.created_at = kNow;
  return server;
}

model::ClientGrant sample_client_grant(const TenantId& tenant, const std::string& id, const std::string& client) {
  model::ClientGrant grant =
      client_grant_from_document(tenant, R"({"id":")" + id + R"(","client_id":")" + client +
                                             R"(","audience":"https://api.example.com","scope":["read:x"]})");
  grant.version = 2;
  grant.created_at = kNow;
  return grant;
}

model::SigningKey sample_key(const TenantId& tenant, const std::string& kid, const std::string& owner) {
  return {.tenant = tenant,
          .owner = owner,
          .kid = kid,
          .algorithm = "ES256",
          .state = model::KeyState::previous,
          .private_key = {"sealed key"},
          .certificate = "PEM",
          .public_jwk = R"({"kty":"EC"})",
          .created_at = kNow,
          .current_since = kNow + 1s,
          .current_until = kNow + 2s,
          .revoked_at = kNow + 3s};
}

model::LogEvent sample_event() {
  return {.log_id = {},
          .date = kNow,
          .type = "s",
          .description = "Successful login",
          .client = ClientId("client_1"),
          .client_name = "Shop",
          .connection_id = ConnectionId("con_1"),
          .connection = "Corp",
          .strategy = "oidc",
          .user = UserId("oidc|Corp|jane"),
          .user_name = "Jane",
          .ip = "192.0.2.1",
          .user_agent = "Firefox",
          .hostname = "login.example.com",
          .audience = "https://api.example.com",
          .scope = "openid",
          .reference = "R-1",
          .details = R"({"step":"id_token"})"};
}

OutboxItem sample_item(const TenantId& tenant, const std::string& id) {
  return {tenant, id, "logout_token", "https://shop.example.com/logout", R"({"try":1})", 2, kNow, kNow - 1s};
}

StoredTicket sample_ticket(const std::string& seed) {
  return {TicketKind::pushed_request,
          hash_of<model::TicketHash>(seed),
          "client_1",
          R"({"scope":"openid"})",
          kNow,
          kNow + 60s,
          {}};
}

ScimConfiguration sample_scim(const std::string& connection) {
  return {.connection = ConnectionId(connection),
          .user_id_attribute = "externalId",
          .mapping = R"([{"scim":"userName","auth0":"username"}])",
          .version = 2,
          .created_at = kNow,
          .updated_at = kNow + std::chrono::seconds(1)};
}

ScimToken sample_scim_token(const std::string& id, const std::string& connection) {
  return {.id = id,
          .connection = ConnectionId(connection),
          .hash = hash_of<model::TicketHash>(id),
          .scopes = {"get:users", "post:users"},
          .created_at = kNow,
          .expires_at = kNow + std::chrono::hours(1),
          .last_used_at = kNow + std::chrono::minutes(1)};
}

SelfServiceProfile sample_profile(const std::string& id) {
  return {.id = id,
          .doc = R"({"name":"customers"})",
          .version = 2,
          .created_at = kNow,
          .updated_at = kNow + std::chrono::seconds(1)};
}

SelfServiceTicket sample_setup_ticket(const std::string& seed, const std::string& profile) {
  return {.hash = hash_of<model::TicketHash>(seed),
          .profile = profile,
          .doc = R"({"enabled_clients":[]})",
          .created_at = kNow,
          .expires_at = kNow + std::chrono::hours(120)};
}

void populate(db::Transaction& tx, const TenantId& tenant) {
  TenantStore(tx).insert(sample_tenant(tenant));
  TenantStore(tx).insert_domain(sample_domain(tenant, tenant.str() + ".example.com"));
  ClientStore(tx, tenant).insert(sample_client(tenant));
  ClientStore(tx, tenant).insert_credential(sample_credential());
  ConnectionStore(tx, tenant).insert(sample_connection(tenant));
  ConnectionStore(tx, tenant).enable(ConnectionId("con_1"), ClientId("client_1"));
  UserStore(tx, tenant).insert(sample_user(tenant));
  SessionStore(tx, tenant).insert(sample_session(tenant));
  SessionStore(tx, tenant).add_client(SessionId("sid_1"), ClientId("client_1"), kNow);
  GrantStore(tx, tenant).insert(sample_grant(tenant));
  CodeStore(tx, tenant).insert(sample_code());
  AccessTokenStore(tx, tenant).insert(sample_access_token());
  RefreshTokenStore(tx, tenant).insert(sample_refresh_token());
  ResourceServerStore(tx, tenant).insert(sample_resource_server(tenant));
  ClientGrantStore(tx, tenant).insert(sample_client_grant(tenant));
  ConsentStore(tx, tenant).add(UserId("oidc|Corp|jane"), ClientId("client_1"), "", {"openid"}, kNow);
  SigningKeyStore(tx, tenant).insert(sample_key(tenant));
  SigningKeyStore(tx, tenant, "con_1").insert(sample_key(tenant, "kid_2", "con_1"));
  ScimStore(tx, tenant).insert(sample_scim());
  ScimStore(tx, tenant).insert_token(sample_scim_token());
  SelfServiceStore(tx, tenant).insert(sample_profile());
  SelfServiceStore(tx, tenant).insert_ticket(sample_setup_ticket());
  CustomTextStore(tx, tenant).put(TextKind::prompt, "login", "en", R"({"login":{"title":"Hello"}})", kNow);
  LogStore(tx, tenant).insert(sample_event());
  OutboxStore(tx).insert(sample_item(tenant));
  TicketStore(tx, tenant).insert(sample_ticket());
  TicketStore(tx, tenant)
      .burn(TicketKind::login_state, hash_of<model::TicketHash>("state_1"), kNow + std::chrono::seconds(60));
}

}  // namespace symbolon::store
