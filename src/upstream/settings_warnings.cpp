#include "upstream/settings_warnings.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "json/read.h"
#include "upstream/attribute_map.h"
#include "upstream/pkce_choice.h"

namespace symbolon::upstream {
namespace {

using model::Channel;
using model::PkceMode;
using model::UpstreamAuthMethod;
using model::UpstreamSettings;

void warn_of_pkce(const UpstreamSettings& settings, std::vector<std::string>& out) {
  const bool knows_plain_only = !advertises_s256(settings) && contains(settings.challenge_methods_advertised, "plain");
  if (settings.auth_method == UpstreamAuthMethod::none)
    out.push_back(
        "There is no client secret and no private_key_jwt: PKCE S256 is used, whatever connection_settings.pkce says.");
  else if (settings.pkce == PkceMode::disabled && advertises_s256(settings))
    out.push_back("PKCE is disabled, but the provider offers S256, so it is used all the same.");
  else if (settings.pkce == PkceMode::disabled)
    out.push_back("PKCE is disabled.");
  else if (settings.pkce == PkceMode::s256 && knows_plain_only)
    out.push_back("PKCE is set to S256, but the provider lists only plain.");
  else if (choose_challenge_method(settings).empty())
    out.push_back(
        "The provider does not say that it knows PKCE, so none is used. Set connection_settings.pkce to S256 if it "
        "does (Entra ID does).");
}

void warn_of_client_authentication(const UpstreamSettings& settings, const boost::json::object& metadata,
                                   std::vector<std::string>& out) {
  const bool by_secret = settings.auth_method == UpstreamAuthMethod::client_secret_post ||
                         settings.auth_method == UpstreamAuthMethod::client_secret_basic;
  const auto offered = json::find_strings(metadata, "token_endpoint_auth_methods_supported");
  if (!by_secret || !offered || contains(*offered, to_string(settings.auth_method))) return;
  out.push_back("The provider does not list the client authentication method " +
                std::string(to_string(settings.auth_method)) + ".");
}

// Threats T51: another connection's provider could pass off this one's answers as its own.
void warn_of_mix_up(const UpstreamSettings& settings, std::vector<std::string>& out) {
  if (settings.iss_parameter_required || settings.callback_path == model::CallbackPath::of_connection) return;
  out.push_back(
      "The provider does not say that its answers name their issuer (RFC 9207), and they come to an address that "
      "connections share. Where other connections lead to providers that you do not trust, set callback_path to "
      "/login/callback/{connection} and register only that address at the provider.");
}

}  // namespace

std::vector<std::string> find_settings_warnings(const UpstreamSettings& settings, const boost::json::object& metadata) {
  std::vector<std::string> out;
  const bool oidc = settings.strategy != model::Strategy::oauth2;
  const bool reads_userinfo =
      oidc && settings.mapping_mode == model::MappingMode::use_map && map_reads_userinfo(settings.mapping_attributes);
  if (settings.channel == Channel::back_channel) {
    warn_of_pkce(settings, out);
    warn_of_client_authentication(settings, metadata, out);
    warn_of_mix_up(settings, out);
    if (oidc && settings.send_nonce == false)
      out.push_back("send_back_channel_nonce is false: ID tokens are not tied to one sign-in by a nonce.");
    if (reads_userinfo && settings.userinfo_endpoint.empty())
      out.push_back("The attribute map reads context.userinfo, but no userinfo endpoint is known.");
  } else if (reads_userinfo) {
    out.push_back("The attribute map reads context.userinfo, which is never fetched in the front channel.");
  }
  if (settings.first_contact.auto_linking == model::AutoLinking::email && !settings.first_contact.trust_email)
    out.push_back(
        "Accounts found by e-mail address are linked only after the person has proved to own them, and only when both "
        "addresses are verified.");
  if (settings.first_contact.trust_email && settings.first_contact.trusted_email_domains.empty())
    out.push_back(
        "trust_email holds for addresses in the connection's domain_aliases only, and for none where there are none; "
        "trusted_email_domains can name others.");
  return out;
}

}  // namespace symbolon::upstream
