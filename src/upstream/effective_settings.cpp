#include "upstream/effective_settings.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "http/address.h"
#include "jose/algorithm_set.h"
#include "json/read.h"
#include "upstream/attribute_map.h"
#include "upstream/issuer.h"
#include "upstream/oauth2_settings.h"
#include "upstream/option_reader.h"
#include "upstream/upstream_parameters.h"
#include "upstream/wire_options.h"

namespace symbolon::upstream {
namespace {

namespace js = boost::json;
using model::Channel;
using model::PkceMode;
using model::Strategy;
using model::UpstreamAuthMethod;
using model::UpstreamSettings;

constexpr std::size_t kMaxClientId = 255;
constexpr std::size_t kMaxNames = 1000;
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxCaBytes = 64 * 1024;

// Machines answer there with credentials of the host they run on; no provider stands behind such an address.
bool reaches_link_local(const http::Network& network) {
  for (const char* text : {"169.254.0.0/16", "fe80::/10", "168.63.129.16", "100.100.100.200", "fd00:ec2::254",
                           "fd20:ce::254", "64:ff9b::a9fe:0/112"}) {
    const http::Network kept = http::parse_network(text).value();
    if (network.contains(kept.base) || kept.contains(network.base)) return true;
  }
  return false;
}

class Resolution {
 public:
  Resolution(Strategy strategy, const js::object& options, const js::object& metadata, bool has_client_secret)
      : metadata_(metadata),
        options_(options, "options"),
        facts_(metadata, "options.oidc_metadata"),
        has_secret_(has_client_secret) {
    settings_.strategy = strategy;
  }

  std::expected<UpstreamSettings, SettingsError> run() {
    read_client();
    read_endpoints();
    read_scope();
    read_pkce();
    if (is_oauth2()) {
      read_oauth2_settings(options_, settings_);
    } else {
      read_token_rules();
      settings_.parameters = read_upstream_params(options_, settings_.channel);
      read_mapping(settings_.strategy == Strategy::okta ? model::MappingMode::basic_profile
                                                        : model::MappingMode::bind_all);
      // ZITADEL's isIdTokenMapping: without it, the userinfo endpoint tells who somebody is (zitadel-idps §6.14).
      settings_.bind_userinfo = options_.flag("is_id_token_mapping") == false;
    }
    read_departure();
    read_users();
    read_sessions();
    read_egress();
    list_missing();
    options_.adopt(facts_);
    if (options_.error()) return std::unexpected(*options_.error());
    return std::move(settings_);
  }

 private:
  bool is_oauth2() const { return settings_.strategy == Strategy::oauth2; }

  void read_client() {
    settings_.client_id = options_.text("client_id", kMaxClientId);
    if (settings_.client_id.empty()) options_.refuse("client_id", "is required");
    const bool named = !options_.text("token_endpoint_auth_method", 64).empty();
    options_.choice("token_endpoint_auth_method", settings_.auth_method);
    const bool has_key = named && settings_.auth_method == UpstreamAuthMethod::private_key_jwt;

    settings_.channel = has_secret_ || has_key ? Channel::back_channel : Channel::front_channel;
    if (is_oauth2() || settings_.strategy == Strategy::okta) settings_.channel = Channel::back_channel;
    if (!is_oauth2()) options_.choice("type", settings_.channel);
    if (settings_.strategy == Strategy::okta && settings_.channel == Channel::front_channel)
      options_.refuse("type", "can only be back_channel for okta");

    if (!named && facts_says("token_endpoint_auth_methods_supported", "client_secret_basic") &&
        !facts_says("token_endpoint_auth_methods_supported", "client_secret_post"))
      settings_.auth_method = UpstreamAuthMethod::client_secret_basic;
    // RP-2a: nothing to prove ourselves with makes us a public client.
    if (!has_secret_ && !has_key) settings_.auth_method = UpstreamAuthMethod::none;
    settings_.auth_method_detected = is_oauth2() && !named && has_secret_;
    read_assertion();
  }

  void read_assertion() {
    const std::string algorithm = options_.text("token_endpoint_auth_signing_alg", 16);
    if (!algorithm.empty()) {
      if (jose::AlgorithmSet::from_names({algorithm}).intersection(jose::kDefaultUpstreamAlgorithms).empty())
        options_.refuse("token_endpoint_auth_signing_alg", "has no such value: " + algorithm);
      settings_.assertion_algorithm = algorithm;
    }
    const std::string audience = options_.text("token_endpoint_jwtca_aud_format", 32);
    settings_.assertion_audience_is_issuer = audience == "issuer";
    if (!audience.empty() && audience != "issuer" && audience != "token_endpoint")
      options_.refuse("token_endpoint_jwtca_aud_format", "must be token_endpoint or issuer");
  }

  bool facts_says(std::string_view name, std::string_view word) const {
    const auto words = json::find_strings(metadata_, name);
    return words && contains(*words, word);
  }

  // RP-1: the option, else the document.
  std::string endpoint(std::string_view name) {
    std::string given = options_.url(name);
    return given.empty() ? facts_.url(name) : given;
  }

  // One that logins work without: a malformed entry in somebody else's document counts as none.
  std::string optional_endpoint(std::string_view name) {
    std::string given = options_.url(name);
    return given.empty() ? OptionReader(metadata_, "options.oidc_metadata").url(name) : given;
  }

  void read_endpoints() {
    settings_.issuer = options_.text("issuer");
    OptionReader& source = settings_.issuer.empty() ? facts_ : options_;
    if (settings_.issuer.empty()) settings_.issuer = facts_.text("issuer");
    if (!settings_.issuer.empty() && !is_issuer(settings_.issuer))
      source.refuse("issuer", "must be an absolute https URL without query and fragment, with no {…} but {tenantid}");
    settings_.iss_parameter_required =
        json::find_bool(metadata_, "authorization_response_iss_parameter_supported").value_or(false);
    if (is_oauth2()) return;
    settings_.authorization_endpoint = endpoint("authorization_endpoint");
    settings_.token_endpoint = endpoint("token_endpoint");
    settings_.jwks_uri = endpoint("jwks_uri");
    settings_.userinfo_endpoint = optional_endpoint("userinfo_endpoint");
    settings_.end_session_endpoint = optional_endpoint("end_session_endpoint");
  }

  void read_scope() {
    const auto scopes = read_scopes(settings_.strategy, options_.object());
    if (scopes) {
      settings_.scope = join(*scopes, " ");
    } else {
      options_.refuse(scopes.error());
    }
  }

  void read_pkce() {
    settings_.challenge_methods_advertised =
        json::find_strings(metadata_, "code_challenge_methods_supported").value_or(std::vector<std::string>());
    if (is_oauth2()) {
      settings_.pkce = options_.flag("pkce_enabled").value_or(false) ? PkceMode::s256 : PkceMode::disabled;
    } else if (const js::object* section = options_.section("connection_settings")) {
      OptionReader reader(*section, options_.path_of("connection_settings"));
      reader.choice("pkce", settings_.pkce);
      options_.adopt(reader);
    }
    // RP-2a: a client without credentials has nothing else that binds the code to it.
    if (settings_.channel == Channel::back_channel && settings_.auth_method == UpstreamAuthMethod::none)
      settings_.pkce = PkceMode::s256;
  }

  void read_token_rules() {
    settings_.send_nonce = options_.flag("send_back_channel_nonce");
    settings_.trusted_audiences = options_.list("trusted_audiences", kMaxNames, kMaxName);
    settings_.allowed_tenant_ids = options_.list("allowed_tenant_ids", kMaxNames, kMaxName);
    settings_.session_expiry_supported = options_.flag("id_token_session_expiry_supported").value_or(false);
    settings_.strict_auth_time = options_.flag("strict_auth_time").value_or(false);
    read_algorithms();
  }

  // V2: (the option, else all seven) ∩ what the document lists.
  void read_algorithms() {
    const auto listed = options_.list("id_token_signed_response_algs", 16, 16);
    jose::AlgorithmSet allowed = jose::kDefaultUpstreamAlgorithms;
    if (!listed.empty()) {
      allowed = jose::AlgorithmSet::from_names(listed).intersection(jose::kDefaultUpstreamAlgorithms);
      if (allowed.names().size() != listed.size())
        options_.refuse("id_token_signed_response_algs",
                        "may only list RS256, RS384, RS512, PS256, PS384, ES256, ES384");
    }
    const auto offered = json::find_strings(metadata_, "id_token_signing_alg_values_supported");
    if (offered) allowed = allowed.intersection(jose::AlgorithmSet::from_names(*offered));
    if (allowed.empty())
      options_.refuse("id_token_signed_response_algs", "has no algorithm that the provider offers and we accept");
    settings_.id_token_algorithms = allowed.names();
  }

  void read_mapping(model::MappingMode mode) {
    settings_.mapping_mode = mode;
    const js::object* section = options_.section("attribute_map");
    if (section == nullptr) return;
    OptionReader reader(*section, options_.path_of("attribute_map"));
    reader.choice("mapping_mode", settings_.mapping_mode);
    settings_.userinfo_scope = join(split_requested_scopes(reader.text("userinfo_scope", kMaxName)), " ");
    settings_.mapping_attributes = read_attributes(reader);
    options_.adopt(reader);
  }

  void read_departure() {
    options_.choice("callback_path", settings_.callback_path);
    settings_.select_account = options_.flag("send_prompt").value_or(false);
  }

  void read_users() {
    options_.choice("set_user_root_attributes", settings_.root_sync);
    options_.choice("email_verified_mode", settings_.email_verified_mode);
    settings_.non_persistent_attributes = options_.list("non_persistent_attrs", 96, kMaxName);
    read_first_contact(options_, settings_);
  }

  void read_sessions() {
    settings_.store_upstream_id_token = options_.flag("store_upstream_id_token").value_or(true);
    settings_.always_federated_logout = options_.flag("always_federated_logout").value_or(false);
    settings_.revoke_refresh_tokens_on_idp_logout =
        options_.flag("revoke_refresh_tokens_on_idp_logout").value_or(false);
    settings_.bind_refresh_tokens_to_session_expiry =
        options_.flag("bind_refresh_tokens_to_session_expiry").value_or(true);
  }

  void read_egress() {
    const js::object* section = options_.section("egress");
    if (section == nullptr) return;
    OptionReader reader(*section, options_.path_of("egress"));
    settings_.allowed_networks = reader.list("allowed_networks", 64, 64);
    for (const std::string& text : settings_.allowed_networks) {
      const auto network = http::parse_network(text);
      if (!network) reader.refuse("allowed_networks", "has no network: " + text);
      if (network && reaches_link_local(*network))
        reader.refuse("allowed_networks", "must not reach link-local and cloud metadata addresses: " + text);
    }
    settings_.ca_pem = reader.text("ca_pem", kMaxCaBytes);
    if (!settings_.ca_pem.empty() && !settings_.ca_pem.contains("-----BEGIN CERTIFICATE-----"))
      reader.refuse("ca_pem", "must hold certificates in PEM form");
    settings_.proxy = reader.url("proxy");
    options_.adopt(reader);
  }

  void list_missing() {
    const auto need = [&](const std::string& value, std::string_view name) {
      if (value.empty()) settings_.missing.emplace_back(name);
    };
    if (is_oauth2()) {
      need(settings_.authorization_endpoint, "authorizationURL");
      need(settings_.token_endpoint, "tokenURL");
      need(settings_.userinfo_endpoint, "userinfo_url");
      return;
    }
    need(settings_.issuer, "issuer");
    need(settings_.authorization_endpoint, "authorization_endpoint");
    if (settings_.channel == Channel::back_channel) need(settings_.token_endpoint, "token_endpoint");
    need(settings_.jwks_uri, "jwks_uri");
  }

  const js::object& metadata_;
  OptionReader options_, facts_;
  const bool has_secret_;
  UpstreamSettings settings_;
};

}  // namespace

std::expected<UpstreamSettings, SettingsError> resolve_settings(Strategy strategy, const js::object& options,
                                                                const js::object& oidc_metadata,
                                                                bool has_client_secret) {
  return Resolution(strategy, options, oidc_metadata, has_client_secret).run();
}

}  // namespace symbolon::upstream
