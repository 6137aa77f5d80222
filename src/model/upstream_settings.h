#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::model {

enum class Strategy { oidc, okta, oauth2 };
enum class Channel { front_channel, back_channel };
enum class PkceMode { automatic, s256, plain, disabled };
/// How we prove ourselves at the provider's token endpoint.
enum class UpstreamAuthMethod { client_secret_post, client_secret_basic, private_key_jwt, none };
enum class RootAttributeSync { on_each_login, on_first_login, never_on_login };
enum class MappingMode { bind_all, use_map, basic_profile };
enum class EmailVerifiedMode { from_idp, always, never };
/// ZITADEL's AutoLinkingOption: which attribute proposes an existing user.
enum class AutoLinking { unspecified, username, email };
/// Where under our public URL a provider sends browsers back. The first three are shared by all connections, and one
/// endpoint; two of them are ZITADEL's, under which applications are registered at providers already (zitadel-idps §6.2).
/// The last is an address of the connection's own, so that no answer is taken for another provider's (threats T51).
/// to_string() gives the path, with a placeholder for the connection's name.
enum class CallbackPath { own, zitadel_login, zitadel_idps, of_connection };
/// Those that are shared.
inline constexpr CallbackPath kCallbackPaths[] = {CallbackPath::own, CallbackPath::zitadel_login,
                                                  CallbackPath::zitadel_idps};

std::string_view to_string(Strategy value);
std::string_view to_string(Channel value);
std::string_view to_string(PkceMode value);
std::string_view to_string(UpstreamAuthMethod value);
std::string_view to_string(RootAttributeSync value);
std::string_view to_string(MappingMode value);
std::string_view to_string(EmailVerifiedMode value);
std::string_view to_string(AutoLinking value);
std::string_view to_string(CallbackPath value);
/// The path that the provider of the connection called `connection` sends browsers back to.
std::string callback_path(CallbackPath choice, std::string_view connection);
/// False, and `value` untouched, when `text` names none. PkceMode ignores case ("s256" is printed in manuals).
bool from_text(std::string_view text, Strategy& value);
bool from_text(std::string_view text, Channel& value);
bool from_text(std::string_view text, PkceMode& value);
bool from_text(std::string_view text, UpstreamAuthMethod& value);
bool from_text(std::string_view text, RootAttributeSync& value);
bool from_text(std::string_view text, MappingMode& value);
bool from_text(std::string_view text, EmailVerifiedMode& value);
bool from_text(std::string_view text, AutoLinking& value);
bool from_text(std::string_view text, CallbackPath& value);

/// One rule of `upstream_params` or `authParams`: exactly one of value, alias, suppress (login-runtime RP-26).
struct UpstreamParameter {
  std::string name;
  std::optional<std::string> value;
  std::optional<std::string> alias;  ///< name of the downstream parameter that is passed on
  bool suppress = false;
};

/// ZITADEL's provider options: what may happen at the first contact with a person (login-runtime RP-83).
struct FirstContactOptions {
  bool linking_allowed = false;
  bool creation_allowed = true;
  bool auto_creation = true;
  bool auto_update = true;
  AutoLinking auto_linking = AutoLinking::unspecified;
  bool trust_email = false;     ///< this provider's verified e-mail addresses name our accounts, in its domains
  bool trust_username = false;  ///< whoever has a username there owns the account with that name here
  /// The options were given. Then people need an e-mail address to be created, and an update never empties what is
  /// known of them; without, the provider decides everything (zitadel-idps §6.11, §6.12).
  bool stated = false;
  /// The domains (lower-case A-labels) in which trust_email holds; empty: the connection's domain_aliases.
  std::vector<std::string> trusted_email_domains;
};

/// Everything a login needs to know of a provider, already resolved: explicit option, then metadata (login-runtime
/// RP-1). Computed when a connection is saved or its metadata refreshed, never during a login.
struct UpstreamSettings {
  Strategy strategy = Strategy::oidc;
  Channel channel = Channel::back_channel;
  std::string issuer;  ///< compared byte for byte with `iss`; may hold `{tenantid}` (RP-7)
  std::string authorization_endpoint, token_endpoint, userinfo_endpoint, jwks_uri, end_session_endpoint;
  std::string client_id;
  CallbackPath callback_path = CallbackPath::own;  ///< sent as redirect_uri, in the token request as well
  bool select_account = false;  ///< send prompt=select_account where nothing else says what to send
  UpstreamAuthMethod auth_method = UpstreamAuthMethod::client_secret_post;
  bool auth_method_detected = false;  ///< oauth2: try post, then basic, and remember (RP-80)
  std::string assertion_algorithm = "RS256";
  bool assertion_audience_is_issuer = false;
  std::string scope;  ///< space separated; empty means "openid profile email" for oidc
  PkceMode pkce = PkceMode::automatic;
  std::vector<std::string> challenge_methods_advertised;
  std::optional<bool> send_nonce;
  std::vector<std::string> id_token_algorithms;  ///< allow-list after V2's intersection
  bool iss_parameter_required = false;           ///< metadata announces RFC 9207
  std::vector<std::string> trusted_audiences;
  std::vector<std::string> allowed_tenant_ids;   ///< for templated issuers; empty or "*": every one
  bool session_expiry_supported = false;
  bool strict_auth_time = false;
  MappingMode mapping_mode = MappingMode::bind_all;
  std::string mapping_attributes;  ///< JSON object text of attribute_map.attributes; empty when none
  std::string userinfo_scope;
  bool bind_userinfo = false;  ///< with bind_all: claims of the userinfo endpoint, over those of the ID token
  std::vector<std::string> non_persistent_attributes;
  RootAttributeSync root_sync = RootAttributeSync::on_each_login;
  EmailVerifiedMode email_verified_mode = EmailVerifiedMode::from_idp;
  std::vector<UpstreamParameter> parameters;
  std::string subject_attribute;  ///< oauth2: dot path of the id in the user endpoint's answer
  bool connection_scope_with_commas = false;  ///< oauth2 without useOauthSpecScope
  FirstContactOptions first_contact;
  bool store_upstream_id_token = true;
  bool always_federated_logout = false;
  bool revoke_refresh_tokens_on_idp_logout = false;
  bool bind_refresh_tokens_to_session_expiry = true;
  std::vector<std::string> allowed_networks;  ///< CIDR blocks that calls to this provider may reach although private
  std::string ca_pem, proxy;
  std::vector<std::string> missing;  ///< names of endpoints that are still unknown; a login then explains (RP-2)
};

}  // namespace symbolon::model
