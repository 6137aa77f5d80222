#include "upstream/hints.h"

#include "base/text.h"

namespace symbolon::upstream::hints {
namespace {

bool differ_by_slash(std::string_view a, std::string_view b) {
  return (a.ends_with('/') && a.substr(0, a.size() - 1) == b) || (b.ends_with('/') && b.substr(0, b.size() - 1) == a);
}

}  // namespace

std::string no_id_token_from_browser() {
  return "Allow this application the implicit flow with ID tokens and response_mode=form_post at the identity "
         "provider, "
         "or change the connection's type to Back Channel.";
}

std::string no_id_token_from_token_endpoint() {
  return "Check that the connection asks for the scope openid and that the identity provider treats this application "
         "as an OpenID Connect one; a plain OAuth 2.0 provider needs a connection of strategy oauth2.";
}

std::string client_authentication(model::UpstreamAuthMethod method) {
  switch (method) {
    case model::UpstreamAuthMethod::client_secret_post:
      return "The client secret is wrong or expired, or the provider wants it in the Authorization header: enter the "
             "secret again, or set token_endpoint_auth_method to client_secret_basic.";
    case model::UpstreamAuthMethod::client_secret_basic:
      return "The client secret is wrong or expired, or the provider wants it in the request body: enter the secret "
             "again, or set token_endpoint_auth_method to client_secret_post.";
    case model::UpstreamAuthMethod::private_key_jwt:
      return "Register the connection's key set URL at the identity provider, and try the other value of "
             "token_endpoint_jwtca_aud_format.";
    case model::UpstreamAuthMethod::none:
      return "The provider wants this client to prove itself: add the client secret to the connection.";
  }
  return {};
}

std::string provider_error(std::string_view error, std::string_view description, model::UpstreamAuthMethod method) {
  const std::string text = to_lower_ascii(description);
  if (error == "invalid_client") return client_authentication(method);
  if (error == "unsupported_response_type") return no_id_token_from_browser();
  if (error == "invalid_scope") return "The provider does not know one of the connection's scopes: correct them.";
  if (error == "unauthorized_client")
    return "Allow this application the flow that the connection uses at the identity provider.";
  if (text.contains("redirect"))
    return "Register the callback URL that the connection's settings show at the provider.";
  if (error == "invalid_grant" &&
      (text.contains("code_verifier") || text.contains("pkce") || text.contains("challenge")))
    return "Set connection_settings.pkce to S256 (Entra ID needs it by hand), or to disabled if the provider does not "
           "know PKCE.";
  if (error == "invalid_grant")
    return "The code was used, expired, or belongs to another redirect URI or client: try again, then compare client "
           "id and callback URL with what the provider has.";
  if (error.empty()) return "The provider gave no reason: see its own log for this moment, and check the endpoint's address.";
  return "Look up this error, and this moment in the provider's own log.";
}

std::string issuer(std::string_view expected, std::string_view received) {
  if (differ_by_slash(expected, received))
    return "The two differ only by the slash at the end: store the issuer exactly as the provider sends it.";
  return "If the received issuer is the right one, accept it as the connection's issuer; if not, the token comes from "
         "another tenant or provider.";
}

std::string algorithm(std::string_view received) {
  if (received.starts_with("HS") || equals_ignoring_case(received, "none"))
    return "Only signatures with a public key are accepted: let the provider sign this application's ID tokens with "
           "RS256 or ES256.";
  return "Add the algorithm to id_token_signed_response_algs, or let the provider sign with one that is listed.";
}

std::string unknown_key() {
  return "The provider signed with a key that its key set does not hold: check jwks_uri, and that the provider "
         "publishes a key before it signs with it.";
}

std::string nonce() {
  return "If this provider never returns the nonce of a login, set send_back_channel_nonce to false; otherwise the "
         "token belongs to another login.";
}

std::string clock() { return "Compare the clocks of this server and of the identity provider."; }

std::string missing_email(model::Strategy strategy) {
  if (strategy == model::Strategy::oauth2)
    return "The user endpoint's answer has no member email: add the scope that releases it, or map another member with "
           "attribute_map.";
  return "The claims are not in the ID token: add scopes, configure the provider to put them into the ID token, or map "
         "them from context.userinfo.";
}

std::string unreachable(std::string_view reason) {
  if (reason == "address_not_allowed")
    return "The name leads to an address that is not public: list its network in options.egress.allowed_networks.";
  if (reason == "tls") return "The certificate was not accepted: for a private authority set options.egress.ca_pem.";
  if (reason == "dns") return "The host name does not exist: check the endpoint's spelling.";
  if (reason == "redirect_refused")
    return "Redirects are not followed: enter the address that the endpoint sends on to.";
  if (reason == "too_large" || reason == "protocol" || reason == "bad_url")
    return "Something else answers at that address: check that it is the provider's endpoint.";
  return "Check that the endpoint is up and can be reached from this server.";
}

std::string missing_endpoints() {
  return "Enter the missing members in the connection, or a discovery URL from which they can be read.";
}

std::string subject_attribute(std::string_view attribute) {
  return "Set id_attribute to the member of the user endpoint's answer that identifies the person; now it is " +
         (attribute.empty() ? std::string("id, then sub") : std::string(attribute)) + ".";
}

std::string unreadable_user() {
  return "Check that userinfo_url is the endpoint that answers with one JSON object about the person who signed in.";
}

}  // namespace symbolon::upstream::hints
