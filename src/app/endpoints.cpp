#include "app/endpoints.h"

#include "management/audit.h"

namespace symbolon::app {

Endpoints::Endpoints(const Foundation& given)
    : foundation(given),
      signing_keys(given.db, given.workers, given.box, given.clock, given.random),
      token_issuer(signing_keys, given.workers, given.random),
      access_tokens(signing_keys, given.clock),
      recent_failures(given.clock, given.random),
      authorization_issuer(given.db, token_issuer, given.random, recent_failures),
      jwks_cache(given.outbound, given.clock),
      assertion_keys(given.db, given.box),
      relying_party(given.outbound, jwks_cache, assertion_keys, given.box, given.workers, given.clock, given.random,
                    given.egress),
      discoverer(given.outbound),
      login_services{given.db,      given.box,            given.clock,    given.random,
                     relying_party, authorization_issuer, recent_failures},
      failures(login_services),
      authorize_flow(login_services, failures),
      callback(login_services, failures),
      first_contact(login_services, failures),
      login_pages(login_services, failures, authorize_flow),
      consent(login_services, authorize_flow),
      initiate(login_services),
      resume(login_services),
      lock_file(given.db),
      try_connection(login_services, failures),
      authorize(given.db, signing_keys, authorize_flow, given.clock, recent_failures),
      client_authentication(given.db, given.workers, given.clock),
      code_grant(given.db, token_issuer, given.clock, given.random),
      refresh_grant(given.db, token_issuer, given.clock, given.random),
      client_credentials_grant(given.db, token_issuer, given.clock),
      token(given.db, given.clock, client_authentication, code_grant, refresh_grant, client_credentials_grant),
      userinfo(given.db, access_tokens, given.clock),
      pushed_requests(given.db, client_authentication, signing_keys, given.clock, given.random),
      revoke(given.db, client_authentication, given.clock),
      introspect(given.db, client_authentication, access_tokens, given.clock),
      logout(login_services),
      legacy_logout(login_services, logout),
      rp_logout(login_services, signing_keys, logout),
      logout_pages(login_services, logout),
      backchannel_logout(given.db, jwks_cache, given.outbound, given.clock, given.egress),
      logout_delivery(given.db, signing_keys, given.workers, given.outbound, given.clock, given.random, given.egress),
      discovery(given.db),
      keys(signing_keys),
      connection_keys(given.db, given.clock),
      management_services{given.db,      given.box,  given.clock,  given.random,
                          given.workers, discoverer, given.egress, given.insecure_upstreams_allowed},
      reference_page(contract),
      management_tokens(given.db, access_tokens),
      api(contract, management_tokens, given.clock, given.management_rates),
      clients(management_services),
      connections(management_services),
      connection_clients(management_services),
      connection_tests(management_services, recent_failures),
      home_realm(management_services),
      tenant_keys(signing_keys),
      link_tokens(signing_keys, given.clock),
      people(management_services, session_end, tenant_keys, link_tokens),
      client_grants(management_services),
      resource_servers(management_services),
      configuration(management_services, given.txt_lookup),
      zitadel(management_services, access_tokens, client_authentication,
              {.token = [this](http::Request request) { return token.handle(std::move(request)); },
               .userinfo = [this](http::Request request) { return userinfo.handle(std::move(request)); },
               .introspect = [this](http::Request request) { return introspect.handle(std::move(request)); },
               .revoke = [this](http::Request request) { return revoke.handle(std::move(request)); }}) {
  management::record_limits(api, management_services);
  clients.register_on(api);
  connections.register_on(api);
  connection_clients.register_on(api);
  connection_tests.register_on(api);
  home_realm.register_on(api);
  people.register_on(api);
  client_grants.register_on(api);
  resource_servers.register_on(api);
  configuration.register_on(api);
}

}  // namespace symbolon::app
