#include "oidc/discovery_endpoint.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "oidc/request_object.h"
#include "oidc/scopes.h"
#include "oidc/signing_algorithm.h"
#include "pages/frame.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

bj::array scopes() {
  bj::array out;
  for (const std::string_view scope : openid_scopes()) out.emplace_back(scope);
  return out;
}

bj::array algorithms() {
  bj::array out;
  for (const auto algorithm : signing_algorithms()) out.emplace_back(to_string(algorithm));
  return out;
}

bj::array request_object_algorithms() {
  bj::array out;
  for (const std::string_view name : kRequestObjectAlgorithms) out.emplace_back(name);
  return out;
}

bj::array locales(const model::Tenant& tenant) {
  return bj::value_from(pages::served_languages(tenant.enabled_locales)).as_array();
}

}  // namespace

bj::object discovery_document(const http::Site& site, const model::Tenant& tenant) {
  bj::object document{
      {"issuer", site.issuer()},
      {"authorization_endpoint", site.url("/authorize")},
      {"token_endpoint", site.url("/oauth/token")},
      {"userinfo_endpoint", site.url("/userinfo")},
      {"revocation_endpoint", site.url("/oauth/revoke")},
      {"introspection_endpoint", site.url("/oauth/v2/introspect")},
      {"jwks_uri", site.url("/.well-known/jwks.json")},
      {"scopes_supported", scopes()},
      {"response_types_supported",
       {"code", "token", "id_token", "code token", "code id_token", "token id_token", "code token id_token"}},
      {"response_modes_supported", {"query", "fragment", "form_post", "web_message"}},
      {"grant_types_supported",
       {"authorization_code", "refresh_token", "client_credentials", "implicit",
        "urn:ietf:params:oauth:grant-type:jwt-bearer"}},
      {"subject_types_supported", bj::array{"public"}},
      {"id_token_signing_alg_values_supported", algorithms()},
      {"token_endpoint_auth_methods_supported",
       {"client_secret_basic", "client_secret_post", "private_key_jwt", "none"}},
      {"token_endpoint_auth_signing_alg_values_supported", {"RS256", "RS384", "PS256", "PS384", "ES256", "ES384"}},
      {"code_challenge_methods_supported", bj::array{"S256"}},
      {"request_parameter_supported", true},
      {"request_object_signing_alg_values_supported", request_object_algorithms()},
      {"request_uri_parameter_supported", false},
      {"claims_parameter_supported", true},
      {"claims_supported",
       {"acr",
        "address",
        "amr",
        "aud",
        "auth_time",
        "birthdate",
        "created_at",
        "email",
        "email_verified",
        "exp",
        "family_name",
        "gender",
        "given_name",
        "iat",
        "identities",
        "iss",
        "locale",
        "middle_name",
        "name",
        "nickname",
        "nonce",
        "phone_number",
        "phone_number_verified",
        "picture",
        "preferred_username",
        "profile",
        "session_expiry",
        "sid",
        "sub",
        "updated_at",
        "website",
        "zoneinfo"}},
      {"ui_locales_supported", locales(tenant)},
      {"authorization_response_iss_parameter_supported", tenant.iss_parameter},
      {"backchannel_logout_supported", true},
      {"backchannel_logout_session_supported", true},
  };
  if (tenant.par_supported) {
    document["pushed_authorization_request_endpoint"] = site.url("/oauth/par");
    document["require_pushed_authorization_requests"] = false;
  }
  if (tenant.end_session_in_discovery) document["end_session_endpoint"] = site.url("/oidc/logout");
  return document;
}

Task<http::Response> DiscoveryEndpoint::handle(http::Request request) {
  const auto tenant =
      co_await db_.read([&](db::Transaction& tx) { return store::TenantStore(tx).find(request.site->tenant); });
  if (!tenant) throw std::runtime_error("a site without a tenant");
  http::Response response = http::json_response(200, bj::serialize(discovery_document(*request.site, *tenant)));
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("X-Content-Type-Options", "nosniff");
  co_return response;
}

}  // namespace symbolon::oidc
