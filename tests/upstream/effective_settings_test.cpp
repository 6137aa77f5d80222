#include "upstream/effective_settings.h"

#include <gtest/gtest.h>

#include "upstream/sample_connection.h"

namespace symbolon::upstream {
namespace {

using model::AutoLinking;
using model::Channel;
using model::PkceMode;
using model::Strategy;
using model::UpstreamAuthMethod;
using model::UpstreamSettings;

UpstreamSettings resolve(Strategy strategy, std::string_view options, std::string_view metadata = "{}",
                         bool has_secret = true) {
  auto settings = resolve_settings(strategy, object_of(options), object_of(metadata), has_secret);
  EXPECT_TRUE(settings.has_value()) << (settings ? "" : settings.error().member + " " + settings.error().message);
  return settings ? *settings : UpstreamSettings();
}

std::string error_of(Strategy strategy, std::string_view options, std::string_view metadata = "{}",
                     bool has_secret = true) {
  auto settings = resolve_settings(strategy, object_of(options), object_of(metadata), has_secret);
  return settings ? "none" : settings.error().member;
}

TEST(EffectiveSettings, TakesTheSeedsDiscoverySamples) {
  const auto front = resolve(Strategy::oidc, R"({"type":"front_channel",
    "discovery_url":"https://IDP_DOMAIN/.well-known/openid-configuration","client_id":"IDP_CLIENT_ID",
    "scopes":"openid profile"})",
                             kMetadata, false);
  EXPECT_EQ(front.channel, Channel::front_channel);
  EXPECT_EQ(front.scope, "openid profile");
  EXPECT_TRUE(front.missing.empty());
  EXPECT_EQ(front.issuer, "https://idp.example");
  EXPECT_EQ(front.jwks_uri, "https://idp.example/jwks");
  EXPECT_EQ(front.end_session_endpoint, "https://idp.example/logout");

  const auto back = resolve(Strategy::oidc, R"({"type":"back_channel",
    "discovery_url":"https://IDP_DOMAIN/.well-known/openid-configuration","client_id":"IDP_CLIENT_ID",
    "client_secret":"IDP_CLIENT_SECRET","scopes":"openid profile"})",
                            kMetadata);
  EXPECT_EQ(back.channel, Channel::back_channel);
  EXPECT_EQ(back.auth_method, UpstreamAuthMethod::client_secret_post);
  EXPECT_FALSE(back.auth_method_detected);
  EXPECT_EQ(back.token_endpoint, "https://idp.example/token");
  EXPECT_EQ(back.userinfo_endpoint, "https://idp.example/userinfo");
}

TEST(EffectiveSettings, KnowsThreeCallbackAddresses) {
  const auto with_path = [](const std::string& value) { return R"({"client_id":"c","callback_path":)" + value + "}"; };
  for (const Strategy strategy : {Strategy::oidc, Strategy::okta, Strategy::oauth2}) {
    const auto usual = resolve(strategy, R"({"client_id":"c"})");
    EXPECT_EQ(usual.callback_path, model::CallbackPath::own);
    EXPECT_FALSE(usual.select_account);
    EXPECT_EQ(resolve(strategy, with_path("null")).callback_path, model::CallbackPath::own);
    EXPECT_EQ(resolve(strategy, with_path(R"("/idps/callback")")).callback_path, model::CallbackPath::zitadel_idps);
    EXPECT_EQ(resolve(strategy, with_path(R"("/ui/login/login/externalidp/callback")")).callback_path,
              model::CallbackPath::zitadel_login);
    EXPECT_TRUE(resolve(strategy, R"({"client_id":"c","send_prompt":true})").select_account);
    for (const char* wrong : {R"("/callback")", R"("/idps/callback/")", R"("https://evil.example/idps/callback")", "1"})
      EXPECT_EQ(error_of(strategy, with_path(wrong)), "options.callback_path") << wrong;
    EXPECT_EQ(error_of(strategy, R"({"client_id":"c","send_prompt":"yes"})"), "options.send_prompt");
  }
}

TEST(EffectiveSettings, TakesTheSeedsManualSamplesAndNamesWhatIsMissing) {
  const auto front = resolve(Strategy::oidc, R"({"type":"front_channel","issuer":"https://IDP_DOMAIN",
    "authorization_endpoint":"https://IDP_DOMAIN/authorize","token_endpoint":"https://IDP_DOMAIN/oauth/token",
    "client_id":"IDP_CLIENT_ID","scopes":"openid profile"})",
                             "{}", false);
  EXPECT_EQ(front.missing, std::vector<std::string>{"jwks_uri"});

  const auto back = resolve(Strategy::oidc, R"({"type":"back_channel","issuer":"https://IDP_DOMAIN",
    "authorization_endpoint":"https://IDP_DOMAIN/authorize","client_secret":"IDP_CLIENT_SECRET",
    "client_id":"IDP_CLIENT_ID","scopes":"openid profile"})");
  EXPECT_EQ(back.missing, (std::vector<std::string>{"token_endpoint", "jwks_uri"}));

  const auto bare = resolve(Strategy::oidc, R"({"client_id":"c"})", "{}", false);
  EXPECT_EQ(bare.missing, (std::vector<std::string>{"issuer", "authorization_endpoint", "jwks_uri"}));
}

TEST(EffectiveSettings, MakesABackChannelWithoutCredentialsAPublicClientWithPkce) {
  const auto settings = resolve(Strategy::oidc, R"({"type":"back_channel","client_id":"c",
    "connection_settings":{"pkce":"disabled"},"token_endpoint_auth_method":"client_secret_basic"})",
                                kMetadata, false);
  EXPECT_EQ(settings.auth_method, UpstreamAuthMethod::none);
  EXPECT_EQ(settings.pkce, PkceMode::s256);

  const auto stated = resolve(Strategy::oidc, R"({"type":"back_channel","client_id":"c",
    "token_endpoint_auth_method":"none","connection_settings":{"pkce":"plain"}})",
                              kMetadata);
  EXPECT_EQ(stated.auth_method, UpstreamAuthMethod::none);
  EXPECT_EQ(stated.pkce, PkceMode::s256);
}

TEST(EffectiveSettings, InfersTheChannel) {
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c"})", "{}", true).channel, Channel::back_channel);
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c"})", "{}", false).channel, Channel::front_channel);
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c","token_endpoint_auth_method":"private_key_jwt"})", "{}", false)
                .channel,
            Channel::back_channel);
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c","type":"front_channel"})", "{}", true).channel,
            Channel::front_channel);
  EXPECT_EQ(resolve(Strategy::okta, R"({"client_id":"c","domain":"o.okta.com"})", "{}", false).channel,
            Channel::back_channel);
}

TEST(EffectiveSettings, PrefersExplicitMembersOverMetadata) {
  const auto settings = resolve(Strategy::oidc, R"({"client_id":"c","issuer":"https://other.example/",
    "token_endpoint":"https://other.example/t","jwks_uri":null,"userinfo_endpoint":"  "})",
                                kMetadata);
  EXPECT_EQ(settings.issuer, "https://other.example/");
  EXPECT_EQ(settings.token_endpoint, "https://other.example/t");
  EXPECT_EQ(settings.jwks_uri, "https://idp.example/jwks");
  EXPECT_EQ(settings.userinfo_endpoint, "https://idp.example/userinfo");
}

TEST(EffectiveSettings, ReadsEveryOidcOption) {
  const auto settings = resolve(Strategy::oidc, R"({
    "type":"back_channel","client_id":" c ","scope":["openid","email"],
    "connection_settings":{"pkce":"s256"},"send_back_channel_nonce":false,
    "token_endpoint_auth_method":"private_key_jwt","token_endpoint_auth_signing_alg":"ES256",
    "token_endpoint_jwtca_aud_format":"issuer","id_token_signed_response_algs":["RS256","PS256"],
    "upstream_params":{"a":{"value":"b"},"c":{"alias":"acr_values"},"d":null,"response_mode":{"value":"query"}},
    "attribute_map":{"mapping_mode":"use_map","userinfo_scope":"email,profile","attributes":{"name":"${context.userinfo.name}"}},
    "set_user_root_attributes":"on_first_login","non_persistent_attrs":["groups"],"email_verified_mode":"never",
    "trusted_audiences":["x"],"allowed_tenant_ids":["t"],"id_token_session_expiry_supported":true,
    "strict_auth_time":true,"store_upstream_id_token":false,"always_federated_logout":true,
    "revoke_refresh_tokens_on_idp_logout":true,"bind_refresh_tokens_to_session_expiry":false,
    "egress":{"allowed_networks":["10.0.0.0/8"],"ca_pem":"-----BEGIN CERTIFICATE-----\nx","proxy":"http://proxy.example:3128"},
    "domain_aliases":["a.example"],"icon_url":"https://x.example/i.png","tenant_domain":"t","schema_version":"oidc-V4",
    "something_new":{"x":[1,2]}
  })",
                                R"({"issuer":"https://idp.example","authorization_endpoint":"https://idp.example/a",
      "token_endpoint":"https://idp.example/t","jwks_uri":"https://idp.example/k",
      "authorization_response_iss_parameter_supported":true,"code_challenge_methods_supported":["S256"],
      "id_token_signing_alg_values_supported":["RS256","HS256"]})",
                                false);
  EXPECT_EQ(settings.client_id, "c");
  EXPECT_EQ(settings.scope, "openid email");
  EXPECT_EQ(settings.pkce, PkceMode::s256);
  EXPECT_EQ(settings.send_nonce, std::optional(false));
  EXPECT_EQ(settings.auth_method, UpstreamAuthMethod::private_key_jwt);
  EXPECT_EQ(settings.assertion_algorithm, "ES256");
  EXPECT_TRUE(settings.assertion_audience_is_issuer);
  EXPECT_EQ(settings.id_token_algorithms, std::vector<std::string>{"RS256"});
  ASSERT_EQ(settings.parameters.size(), 4u);
  EXPECT_EQ(settings.parameters[0].value, "b");
  EXPECT_EQ(settings.parameters[1].alias, "acr_values");
  EXPECT_TRUE(settings.parameters[2].suppress);
  EXPECT_EQ(settings.mapping_mode, model::MappingMode::use_map);
  EXPECT_EQ(settings.userinfo_scope, "email profile");
  EXPECT_EQ(settings.mapping_attributes, R"({"name":"${context.userinfo.name}"})");
  EXPECT_EQ(settings.root_sync, model::RootAttributeSync::on_first_login);
  EXPECT_EQ(settings.email_verified_mode, model::EmailVerifiedMode::never);
  EXPECT_TRUE(settings.iss_parameter_required);
  EXPECT_TRUE(settings.session_expiry_supported);
  EXPECT_TRUE(settings.strict_auth_time);
  EXPECT_FALSE(settings.store_upstream_id_token);
  EXPECT_TRUE(settings.always_federated_logout);
  EXPECT_TRUE(settings.revoke_refresh_tokens_on_idp_logout);
  EXPECT_FALSE(settings.bind_refresh_tokens_to_session_expiry);
  EXPECT_EQ(settings.allowed_networks, std::vector<std::string>{"10.0.0.0/8"});
  EXPECT_EQ(settings.proxy, "http://proxy.example:3128");
  EXPECT_FALSE(settings.first_contact.auto_update);
}

TEST(EffectiveSettings, HasTheDefaultsOfTheSpecification) {
  const auto settings = resolve(Strategy::oidc, R"({"client_id":"c"})", kMetadata);
  EXPECT_EQ(settings.scope, "");
  EXPECT_EQ(settings.pkce, PkceMode::automatic);
  EXPECT_EQ(settings.send_nonce, std::nullopt);
  EXPECT_EQ(settings.assertion_algorithm, "RS256");
  EXPECT_EQ(settings.id_token_algorithms, (std::vector<std::string>{"RS256", "ES256"}));
  EXPECT_EQ(settings.mapping_mode, model::MappingMode::bind_all);
  EXPECT_EQ(settings.root_sync, model::RootAttributeSync::on_each_login);
  EXPECT_TRUE(settings.store_upstream_id_token);
  EXPECT_TRUE(settings.bind_refresh_tokens_to_session_expiry);
  EXPECT_TRUE(settings.first_contact.auto_creation);
  EXPECT_FALSE(settings.first_contact.linking_allowed);
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c"})").id_token_algorithms.size(), 7u);
  EXPECT_EQ(resolve(Strategy::okta, R"({"client_id":"c"})").mapping_mode, model::MappingMode::basic_profile);
}

TEST(EffectiveSettings, ChoosesBasicOnlyWhenNothingWasChosenAndTheProviderKnowsNothingElse) {
  const char* basic_only = R"({"token_endpoint_auth_methods_supported":["client_secret_basic","private_key_jwt"]})";
  EXPECT_EQ(resolve(Strategy::oidc, R"({"client_id":"c"})", basic_only).auth_method,
            UpstreamAuthMethod::client_secret_basic);
  EXPECT_EQ(
      resolve(Strategy::oidc, R"({"client_id":"c","token_endpoint_auth_method":"client_secret_post"})", basic_only)
          .auth_method,
      UpstreamAuthMethod::client_secret_post);
}

TEST(EffectiveSettings, ToleratesMalformedEndpointsThatLoginsDoNotNeed) {
  const auto settings =
      resolve(Strategy::oidc, R"({"client_id":"c"})", R"({"userinfo_endpoint":"nonsense","end_session_endpoint":7})");
  EXPECT_EQ(settings.userinfo_endpoint, "");
  EXPECT_EQ(settings.end_session_endpoint, "");
}

TEST(EffectiveSettings, RefusesWhatItCannotActOn) {
  struct Row {
    const char* options;
    const char* member;
    const char* metadata = "{}";
  } const rows[] = {
      {R"({})", "options.client_id"},
      {R"({"client_id":""})", "options.client_id"},
      {R"({"client_id":7})", "options.client_id"},
      {R"({"client_id":"c","type":"side_channel"})", "options.type"},
      {R"({"client_id":"c","issuer":"idp.example"})", "options.issuer"},
      {R"({"client_id":"c","issuer":"https://idp.example/{x}"})", "options.issuer"},
      {R"({"client_id":"c","token_endpoint":"ftp://idp.example"})", "options.token_endpoint"},
      {R"({"client_id":"c","token_endpoint":"https://u:p@idp.example"})", "options.token_endpoint"},
      {R"({"client_id":"c","jwks_uri":"https://idp.example/#k"})", "options.jwks_uri"},
      {R"({"client_id":"c","authorization_endpoint":["https://idp.example"]})", "options.authorization_endpoint"},
      {R"({"client_id":"c","scope":"email profile"})", "options.scope"},
      {R"({"client_id":"c","scopes":["email"]})", "options.scope"},
      {R"({"client_id":"c","scope":"openid \"x\""})", "options.scope"},
      {R"({"client_id":"c","connection_settings":{"pkce":"S512"}})", "options.connection_settings.pkce"},
      {R"({"client_id":"c","connection_settings":"auto"})", "options.connection_settings"},
      {R"({"client_id":"c","send_back_channel_nonce":"false"})", "options.send_back_channel_nonce"},
      {R"({"client_id":"c","token_endpoint_auth_method":"tls"})", "options.token_endpoint_auth_method"},
      {R"({"client_id":"c","token_endpoint_auth_signing_alg":"HS256"})", "options.token_endpoint_auth_signing_alg"},
      {R"({"client_id":"c","token_endpoint_jwtca_aud_format":"both"})", "options.token_endpoint_jwtca_aud_format"},
      {R"({"client_id":"c","id_token_signed_response_algs":["HS256"]})", "options.id_token_signed_response_algs"},
      {R"({"client_id":"c","id_token_signed_response_algs":["none"]})", "options.id_token_signed_response_algs"},
      {R"({"client_id":"c","id_token_signed_response_algs":["RS256"]})", "options.id_token_signed_response_algs",
       R"({"id_token_signing_alg_values_supported":["ES256"]})"},
      {R"({"client_id":"c"})", "options.id_token_signed_response_algs",
       R"({"id_token_signing_alg_values_supported":["HS256"]})"},
      {R"({"client_id":"c"})", "options.oidc_metadata.jwks_uri", R"({"jwks_uri":"nonsense"})"},
      {R"({"client_id":"c"})", "options.oidc_metadata.issuer", R"({"issuer":"https://idp.example/{tid}"})"},
      {R"({"client_id":"c","upstream_params":{"x":{}}})", "options.upstream_params.x"},
      {R"({"client_id":"c","upstream_params":{"x":{"value":"a","alias":"prompt"}}})", "options.upstream_params.x"},
      {R"({"client_id":"c","upstream_params":{"x":{"alias":"state"}}})", "options.upstream_params.x.alias"},
      {R"({"client_id":"c","upstream_params":{"x":{"value":1}}})", "options.upstream_params.x.value"},
      {R"({"client_id":"c","upstream_params":{"state":{"value":"a"}}})", "options.upstream_params.state"},
      {R"({"client_id":"c","upstream_params":{"nonce":null}})", "options.upstream_params.nonce"},
      {R"({"client_id":"c","upstream_params":{"redirect_uri":{"value":"a"}}})", "options.upstream_params.redirect_uri"},
      {R"({"client_id":"c","upstream_params":{"scope":{"value":"a"}}})", "options.upstream_params.scope"},
      {R"({"client_id":"c","upstream_params":{"response_mode":{"value":"fragment"}}})",
       "options.upstream_params.response_mode"},
      {R"({"client_id":"c","type":"front_channel","upstream_params":{"response_mode":{"value":"query"}}})",
       "options.upstream_params.response_mode"},
      {R"({"client_id":"c","attribute_map":{"mapping_mode":"all"}})", "options.attribute_map.mapping_mode"},
      {R"({"client_id":"c","attribute_map":{"attributes":{"a":"{context.tokenset.b}"}}})",
       "options.attribute_map.attributes"},
      {R"({"client_id":"c","attribute_map":{"attributes":"not json"}})", "options.attribute_map.attributes"},
      {R"({"client_id":"c","set_user_root_attributes":"sometimes"})", "options.set_user_root_attributes"},
      {R"({"client_id":"c","non_persistent_attrs":[1]})", "options.non_persistent_attrs"},
      {R"({"client_id":"c","egress":{"allowed_networks":["10.0.0.1/8"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"allowed_networks":["169.254.170.23"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"allowed_networks":["169.0.0.0/8"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"allowed_networks":["100.100.100.200/32"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"allowed_networks":["64:ff9b::a9fe:a9fe"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"allowed_networks":["fd20:ce::254"]}})", "options.egress.allowed_networks"},
      {R"({"client_id":"c","egress":{"ca_pem":"x"}})", "options.egress.ca_pem"},
      {R"({"client_id":"c","egress":{"proxy":"socks5://x"}})", "options.egress.proxy"},
      {R"({"client_id":"c","provider_options":{"isAutoCreation":"yes"}})", "options.provider_options.isAutoCreation"},
      {R"({"client_id":"c","provider_options":{"autoLinking":"AUTO_LINKING_OPTION_PHONE"}})",
       "options.provider_options.autoLinking"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.options) + row.metadata);
    EXPECT_EQ(error_of(Strategy::oidc, row.options, row.metadata), row.member);
  }
  EXPECT_EQ(error_of(Strategy::okta, R"({"client_id":"c","type":"front_channel"})"), "options.type");
}

TEST(EffectiveSettings, ReadsAnOauth2Connection) {
  const auto settings = resolve(Strategy::oauth2, R"({
    "client_id":"c","authorizationURL":"https://p.example/authorize?fixed=1","tokenURL":"https://p.example/token",
    "userinfo_url":"https://p.example/me","id_attribute":"data.id","scope":"read,write","pkce_enabled":true,
    "authParams":{"access_type":"offline"},"authParamsMap":{"login_hint":"user","unknown_name":"x"},
    "customHeaders":{"X-Api":"7","Authorization":"Basic eA=="},"fieldsMap":{"mail":"email","person.key":"user_id","a.b":"nick"},
    "upstream_params":{"prompt":{"value":"consent"}},"useOauthSpecScope":true,"strategy_version":2,
    "scripts":{"fetchUserProfile":"function(){}"},"logoutUrl":"https://p.example/out"})");
  EXPECT_EQ(settings.channel, Channel::back_channel);
  EXPECT_TRUE(settings.auth_method_detected);
  EXPECT_EQ(settings.authorization_endpoint, "https://p.example/authorize?fixed=1");
  EXPECT_EQ(settings.userinfo_endpoint, "https://p.example/me");
  EXPECT_EQ(settings.subject_attribute, "data.id");
  EXPECT_EQ(settings.scope, "read,write");
  EXPECT_EQ(settings.pkce, PkceMode::s256);
  EXPECT_FALSE(settings.connection_scope_with_commas);
  ASSERT_EQ(settings.parameters.size(), 3u);
  EXPECT_EQ(settings.parameters[1].name, "user");
  EXPECT_EQ(settings.parameters[1].alias, "login_hint");
  EXPECT_EQ(settings.mapping_attributes,
            R"({"email":"${context.userinfo[\"mail\"]}","nick":"${context.userinfo[\"a\"][\"b\"]}"})");
  EXPECT_TRUE(settings.missing.empty());
  EXPECT_EQ(settings.id_token_algorithms.size(), 0u);
}

TEST(EffectiveSettings, ReadsAZitadelProvider) {
  const auto settings = resolve(Strategy::oauth2, R"({
    "client_id":"client-id","authorizationURL":"https://accounts.google.com/o/oauth2/v2/auth",
    "tokenURL":"https://oauth2.googleapis.com/token","userinfo_url":"https://openidconnect.googleapis.com/v1/userinfo",
    "scope":"openid profile email","id_attribute":"user_id","pkce_enabled":false,
    "provider_options":{"isLinkingAllowed":true,"isCreationAllowed":true,"isAutoCreation":false,"isAutoUpdate":false,
      "autoLinking":"AUTO_LINKING_OPTION_EMAIL","trust_email":true}})");
  EXPECT_EQ(settings.pkce, PkceMode::disabled);
  EXPECT_EQ(settings.scope, "openid profile email");
  EXPECT_TRUE(settings.first_contact.linking_allowed);
  EXPECT_TRUE(settings.first_contact.creation_allowed);
  EXPECT_FALSE(settings.first_contact.auto_creation);
  EXPECT_FALSE(settings.first_contact.auto_update);
  EXPECT_TRUE(settings.first_contact.trust_email);
  EXPECT_EQ(settings.first_contact.auto_linking, AutoLinking::email);
  EXPECT_EQ(settings.root_sync, model::RootAttributeSync::on_first_login);

  const auto silent = resolve(Strategy::oauth2, R"({"client_id":"c","provider_options":{}})");
  EXPECT_FALSE(silent.first_contact.creation_allowed);
  EXPECT_FALSE(silent.first_contact.auto_creation);
  EXPECT_EQ(silent.first_contact.auto_linking, AutoLinking::unspecified);
  EXPECT_EQ(silent.missing, (std::vector<std::string>{"authorizationURL", "tokenURL", "userinfo_url"}));
}

TEST(EffectiveSettings, ReadsAutoLinkingInEverySpelling) {
  const auto of = [](const char* value) {
    return resolve(Strategy::oauth2,
                   std::string(R"({"client_id":"c","provider_options":{"autoLinking":)") + value + "}}")
        .first_contact.auto_linking;
  };
  EXPECT_EQ(of("\"AUTO_LINKING_OPTION_USERNAME\""), AutoLinking::username);
  EXPECT_EQ(of("\"USERNAME\""), AutoLinking::username);
  EXPECT_EQ(of("2"), AutoLinking::email);
  EXPECT_EQ(of("null"), AutoLinking::unspecified);
}

TEST(EffectiveSettings, DerivesFirstContactFromTheSyncMode) {
  const auto never = resolve(Strategy::oidc, R"({"client_id":"c","set_user_root_attributes":"never_on_login"})");
  EXPECT_FALSE(never.first_contact.auto_creation);
  EXPECT_FALSE(never.first_contact.creation_allowed);
  EXPECT_FALSE(never.first_contact.auto_update);
}

TEST(EffectiveSettings, RefusesWhatAnOauth2ConnectionMustNotSend) {
  struct Row {
    const char* options;
    const char* member;
  } const rows[] = {
      {R"({"client_id":"c","authParams":{"redirect_uri":"https://evil.example"}})", "options.authParams.redirect_uri"},
      {R"({"client_id":"c","authParams":{"response_mode":"fragment"}})", "options.authParams.response_mode"},
      {R"({"client_id":"c","authParams":{"x":1}})", "options.authParams"},
      {R"({"client_id":"c","authParamsMap":{"prompt":"state"}})", "options.authParamsMap.prompt"},
      {R"({"client_id":"c","customHeaders":{"Host":"evil.example"}})", "options.customHeaders.Host"},
      {R"({"client_id":"c","customHeaders":{"X-A":"a\r\nX-B: b"}})", "options.customHeaders.X-A"},
      {R"({"client_id":"c","customHeaders":{"X A":"a"}})", "options.customHeaders.X A"},
      {R"({"client_id":"c","fieldsMap":{"a\"b":"c"}})", "options.fieldsMap"},
      {R"({"client_id":"c","tokenURL":"javascript:1"})", "options.tokenURL"},
      {R"({"client_id":"c","pkce_enabled":"true"})", "options.pkce_enabled"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.options);
    EXPECT_EQ(error_of(Strategy::oauth2, row.options), row.member);
  }
}

}  // namespace
}  // namespace symbolon::upstream
