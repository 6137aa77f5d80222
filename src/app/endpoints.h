#pragma once

#include "app/link_tokens.h"
#include "app/session_end.h"
#include "app/reference_page.h"
#include "app/stored_assertion_keys.h"
#include "app/tenant_keys.h"
#include "app/token_verifier.h"
#include "login/authorize_flow.h"
#include "login/callback_endpoint.h"
#include "login/consent_endpoint.h"
#include "login/failure.h"
#include "login/first_contact_endpoint.h"
#include "login/initiate_endpoint.h"
#include "login/lock_file.h"
#include "login/login_pages.h"
#include "login/recent_failures.h"
#include "login/resume_endpoint.h"
#include "login/services.h"
#include "login/try_connection.h"
#include "management/api.h"
#include "management/client_grants.h"
#include "management/clients.h"
#include "management/configuration.h"
#include "management/connection_tests.h"
#include "management/connections.h"
#include "management/contract.h"
#include "management/home_realm.h"
#include "management/people.h"
#include "management/resource_servers.h"
#include "management/services.h"
#include "oidc/access_token_verifier.h"
#include "oidc/authorization_issuer.h"
#include "oidc/authorize_endpoint.h"
#include "oidc/backchannel_logout_endpoint.h"
#include "oidc/client_authentication.h"
#include "oidc/client_credentials_grant.h"
#include "oidc/code_grant.h"
#include "oidc/connection_keys_endpoint.h"
#include "oidc/discovery_endpoint.h"
#include "oidc/introspect_endpoint.h"
#include "oidc/keys_endpoint.h"
#include "oidc/logout.h"
#include "oidc/logout_delivery.h"
#include "oidc/logout_endpoint.h"
#include "oidc/logout_pages.h"
#include "oidc/pushed_request_endpoint.h"
#include "oidc/revoke_endpoint.h"
#include "oidc/rp_logout_endpoint.h"
#include "oidc/signing_keys.h"
#include "oidc/token_endpoint.h"
#include "oidc/token_issuer.h"
#include "oidc/userinfo_endpoint.h"
#include "upstream/discovery.h"
#include "upstream/jwks_cache.h"
#include "upstream/relying_party.h"
#include "zitadel/surface.h"

namespace symbolon::app {

/// What the whole server stands on. Tests put fakes here.
struct Foundation {
  db::Database& db;
  const crypto::SecretBox& box;
  const Clock& clock;
  Random& random;
  Workers& workers;
  http::Client& outbound;
  http::TxtLookup& txt_lookup;
  http::EgressPolicy egress;
  bool insecure_upstreams_allowed = false;
  management::ApiRates management_rates = {};
};

/// Every use case and endpoint, wired together once. Members are in the order of their dependencies.
struct Endpoints {
  explicit Endpoints(const Foundation& foundation);

  const Foundation foundation;
  oidc::SigningKeys signing_keys;
  oidc::TokenIssuer token_issuer;
  oidc::AccessTokenVerifier access_tokens;
  login::RecentFailures recent_failures;
  oidc::AuthorizationIssuer authorization_issuer;

  upstream::JwksCache jwks_cache;
  StoredAssertionKeys assertion_keys;
  upstream::RelyingParty relying_party;
  upstream::Discoverer discoverer;

  login::Services login_services;
  login::FailureReporter failures;
  login::AuthorizeFlow authorize_flow;
  login::CallbackEndpoint callback;
  login::FirstContactEndpoint first_contact;
  login::LoginPages login_pages;
  login::ConsentEndpoint consent;
  login::InitiateEndpoint initiate;
  login::ResumeEndpoint resume;
  login::LockFile lock_file;
  login::TryConnection try_connection;

  oidc::AuthorizeEndpoint authorize;
  oidc::ClientAuthentication client_authentication;
  oidc::CodeGrant code_grant;
  oidc::RefreshGrant refresh_grant;
  oidc::ClientCredentialsGrant client_credentials_grant;
  oidc::TokenEndpoint token;
  oidc::UserinfoEndpoint userinfo;
  oidc::PushedRequestEndpoint pushed_requests;
  oidc::RevokeEndpoint revoke;
  oidc::IntrospectEndpoint introspect;
  oidc::Logout logout;
  oidc::LogoutEndpoint legacy_logout;
  oidc::RpLogoutEndpoint rp_logout;
  oidc::LogoutPages logout_pages;
  oidc::BackchannelLogoutEndpoint backchannel_logout;
  oidc::LogoutDelivery logout_delivery;
  oidc::DiscoveryEndpoint discovery;
  oidc::KeysEndpoint keys;
  oidc::ConnectionKeysEndpoint connection_keys;

  management::Services management_services;
  management::Contract contract;
  ReferencePage reference_page;
  ManagementTokenVerifier management_tokens;
  management::Api api;
  management::Clients clients;
  management::Connections connections;
  management::ConnectionClients connection_clients;
  management::ConnectionTests connection_tests;
  management::HomeRealmDiscovery home_realm;
  StoredSessionEnd session_end;
  PublishedTenantKeys tenant_keys;
  VerifiedLinkTokens link_tokens;
  management::People people;
  management::ClientGrants client_grants;
  management::ResourceServers resource_servers;
  management::Configuration configuration;

  zitadel::Surface zitadel;
};

}  // namespace symbolon::app
