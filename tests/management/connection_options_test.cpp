#include "management/connection_options.h"

#include "management/management_test.h"

// Options in the form in which they are stored (management-api §2.5–§2.8).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using model::Strategy;
using testing::HasSubstr;

class OptionsTest : public ManagementTest {
 protected:
  OptionsTest() { provider_.on(kDiscoveryUrl, 200, json::serialize(provider_document())); }

  std::expected<PreparedOptions, Problem> prepare(const std::string& sent, Strategy strategy = Strategy::oidc,
                                                  bool has_secret = false) {
    return run_task(prepare_options(services(), strategy, json::parse(sent).as_object(), has_secret));
  }
  Shown option(const std::string& sent, const std::string& name, Strategy strategy = Strategy::oidc) {
    auto prepared = prepare(sent, strategy);
    if (!prepared) {
      ADD_FAILURE() << prepared.error().message;
      return {};
    }
    const auto* found = prepared->options.if_contains(name);
    return found ? Shown(*found) : Shown("absent");
  }
  static std::string by_discovery(const std::string& more = "") {
    return R"({"client_id":"abc","discovery_url":"https://idp.example.com")" + (more.empty() ? "" : "," + more) + "}";
  }
};

TEST_F(OptionsTest, N1UrlsAreTrimmedAndAnEmptyOneIsAbsent) {
  EXPECT_EQ(option(by_discovery(R"("token_endpoint":" ")"), "token_endpoint"), std::string(kIssuer) + "/token");
  EXPECT_EQ(option(explicit_options(R"("userinfo_endpoint":" https://idp.example.com/me ")"), "userinfo_endpoint"),
            "https://idp.example.com/me");
  EXPECT_EQ(option(explicit_options(R"("userinfo_endpoint":null)"), "userinfo_endpoint"), json::value());
}

TEST_F(OptionsTest, N2ASentDocumentIsKeptAndNobodyIsAsked) {
  const auto prepared = prepare(by_discovery(R"("oidc_metadata":)" + json::serialize(provider_document())));
  ASSERT_TRUE(prepared);
  EXPECT_TRUE(prepared->metadata_pinned);
  EXPECT_EQ(prepared->oidc_metadata, provider_document());
  EXPECT_EQ(prepared->options.at("issuer"), kIssuer);
  EXPECT_TRUE(provider_.requests().empty());
}

TEST_F(OptionsTest, N2ASentDocumentMustBeOne) {
  for (const char* member :
       {"issuer", "authorization_endpoint", "jwks_uri", "id_token_signing_alg_values_supported"}) {
    json::object document = provider_document();
    document.erase(member);
    const auto prepared = prepare(by_discovery(R"("oidc_metadata":)" + json::serialize(document)));
    ASSERT_FALSE(prepared) << member;
    EXPECT_EQ(prepared.error().message, "Payload validation error: 'Missing required property: " + std::string(member) +
                                            "' on property options.oidc_metadata.");
  }
}

TEST_F(OptionsTest, N2AnEmptyDocumentIsLookedUp) {
  const auto prepared = prepare(by_discovery(R"("oidc_metadata":{})"));
  ASSERT_TRUE(prepared);
  EXPECT_FALSE(prepared->metadata_pinned);
  EXPECT_EQ(prepared->metadata_fetched_at, clock_.now());
  EXPECT_EQ(prepared->oidc_metadata.at("claims_parameter_supported"), json::value(false));
}

TEST_F(OptionsTest, N3ExplicitValuesWinOverTheDocument) {
  const auto prepared = prepare(by_discovery(R"("issuer":"https://other.example.com","token_endpoint":null)"));
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->options.at("issuer"), "https://other.example.com");
  EXPECT_EQ(prepared->options.at("token_endpoint"), json::value(std::string(kIssuer) + "/token"));
  EXPECT_EQ(prepared->settings.issuer, "https://other.example.com");
}

TEST_F(OptionsTest, N4AFailedLookupIsRefusedUnlessItIsNotNeeded) {
  provider_.on(kDiscoveryUrl, 404, "");
  const auto refused = prepare(by_discovery());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().status, 400);
  EXPECT_EQ(refused.error().error_code, "invalid_body");
  EXPECT_EQ(refused.error().message,
            "The configuration at https://idp.example.com/.well-known/openid-configuration could not be used "
            "(http_404). Correct options.discovery_url, or give issuer, authorization_endpoint, jwks_uri explicitly.");
  const auto enough = prepare(explicit_options(R"("discovery_url":"https://idp.example.com")"));
  ASSERT_TRUE(enough);
  EXPECT_TRUE(enough->oidc_metadata.empty());
  EXPECT_EQ(enough->health.status, model::ConnectionStatus::ok);
  EXPECT_EQ(enough->metadata_fetched_at, clock_.now()) << "it is tried again later";
}

TEST_F(OptionsTest, N4AFailedLookupIsToldInWords) {
  const struct {
    http::FetchFailure failure;
    const char* told;
  } kRows[] = {{http::FetchFailure::dns, "could not be used (dns: the host name cannot be found)"},
               {http::FetchFailure::tls, "options.egress.ca_pem"},
               {http::FetchFailure::address_not_allowed, "options.egress.allowed_networks"}};
  for (const auto& row : kRows) {
    provider_.on(kDiscoveryUrl, row.failure);
    const auto refused = prepare(by_discovery());
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr(row.told));
  }
}

TEST_F(OptionsTest, N4AnUnusableDocumentNamesItsMembers) {
  json::object document = provider_document();
  document.erase("jwks_uri");
  provider_.on(kDiscoveryUrl, 200, json::serialize(document));
  const auto refused = prepare(by_discovery());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("the document lacks or contradicts: jwks_uri"));
}

TEST_F(OptionsTest, N5ScopesInEverySpelling) {
  const struct {
    const char *sent, *scope, *scopes;
  } kRows[] = {
      {R"("scope":"openid email")", "openid email", nullptr},
      {R"("scopes":"openid profile")", "openid profile", "openid profile"},
      {R"("scopes":"openid, profile,email")", "openid profile email", "openid profile email"},
      {R"("scopes":["openid","email"])", "openid email", "openid email"},
      {R"("scope":"openid","scopes":"openid email")", "openid", "openid"},
      {R"("scope":"email openid profile")", "email openid profile", nullptr},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.sent);
    EXPECT_EQ(option(explicit_options(row.sent), "scope"), row.scope);
    EXPECT_EQ(option(explicit_options(row.sent), "scopes"), row.scopes ? row.scopes : "absent");
  }
}

TEST_F(OptionsTest, N6OpenidIsNeededOnceScopesAreGiven) {
  EXPECT_EQ(option(explicit_options(), "scope"), "absent");
  const auto refused = prepare(explicit_options(R"("scopes":"profile")"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_code, "invalid_body");
  EXPECT_EQ(refused.error().message, "options.scope must include openid");
}

TEST_F(OptionsTest, N7IncompleteSettingsAreCompletedBehindTheScenes) {
  const std::string incomplete =
      R"({"type":"back_channel","client_id":"abc","issuer":"https://idp.example.com",)"
      R"("authorization_endpoint":"https://idp.example.com/authorize"})";
  const auto prepared = prepare(incomplete);
  ASSERT_TRUE(prepared);
  EXPECT_EQ(prepared->settings.token_endpoint, std::string(kIssuer) + "/token");
  EXPECT_FALSE(prepared->options.contains("token_endpoint")) << "explicit members stay as they were sent";
  EXPECT_EQ(prepared->health.status, model::ConnectionStatus::ok);

  provider_.on(kDiscoveryUrl, http::FetchFailure::dns);
  const auto silent = prepare(incomplete);
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->health.status, model::ConnectionStatus::incomplete);
  EXPECT_EQ(silent->health.detail, "missing: token_endpoint, jwks_uri");
  EXPECT_EQ(silent->metadata_fetched_at, clock_.now());
}

TEST_F(OptionsTest, CompleteSettingsAskNobody) {
  const auto prepared = prepare(explicit_options());
  ASSERT_TRUE(prepared);
  EXPECT_TRUE(provider_.requests().empty());
  EXPECT_EQ(prepared->metadata_fetched_at, Instant{});
}

TEST_F(OptionsTest, N8PkceIsAutomaticAndSpelledOneWay) {
  EXPECT_EQ(option(explicit_options(), "connection_settings"), json::value(json::object{{"pkce", "auto"}}));
  EXPECT_EQ(option(explicit_options(R"("connection_settings":{"pkce":"s256"})"), "connection_settings"),
            json::value(json::object{{"pkce", "S256"}}));
  EXPECT_EQ(option(explicit_options(R"("connection_settings":{"pkce":"disabled"})"), "connection_settings"),
            json::value(json::object{{"pkce", "disabled"}}));
}

TEST_F(OptionsTest, N9MappingAndVersionAreAlwaysShown) {
  EXPECT_EQ(option(explicit_options(), "attribute_map"), json::value(json::object{{"mapping_mode", "bind_all"}}));
  EXPECT_EQ(option(explicit_options(R"("schema_version":"openid-1.0.0")"), "schema_version"), "oidc-V4");
  EXPECT_EQ(option(R"({"client_id":"a","domain":"idp.example.com"})", "attribute_map", Strategy::okta),
            json::value(json::object{{"mapping_mode", "basic_profile"}}));
}

TEST_F(OptionsTest, N12OtherMembersAreKeptAsSent) {
  EXPECT_EQ(option(explicit_options(R"("set_user_root_attributes":"on_first_login")"), "set_user_root_attributes"),
            "on_first_login");
  EXPECT_EQ(option(explicit_options(), "set_user_root_attributes"), "absent");
  EXPECT_EQ(option(explicit_options(R"("upstream_params":{"acr_values":{"value":"gold"}})"), "upstream_params"),
            json::parse(R"({"acr_values":{"value":"gold"}})"));
  EXPECT_EQ(option(explicit_options(R"("ext_anything":[1,{"a":null}])"), "ext_anything"), json::parse(R"([1,{"a":null}])"));
  EXPECT_EQ(option(explicit_options(R"("domain_aliases":["Acme.COM"])"), "domain_aliases"), json::parse(R"(["acme.com"])"));
}

TEST_F(OptionsTest, DomainsAreKeptAsTheyAreCompared) {
  EXPECT_EQ(option(explicit_options(R"("domain_aliases":["BÜRO.example","a_b.Example",7])"), "domain_aliases"),
            json::parse(R"(["xn--bro-hoa.example","a_b.example",7])"));
}

TEST_F(OptionsTest, TheChannelFollowsTheCredentialsUnlessItIsNamed) {
  const std::string bare =
      R"({"client_id":"abc","issuer":"https://idp.example.com","authorization_endpoint":"https://idp.example.com/a",)"
      R"("token_endpoint":"https://idp.example.com/t","jwks_uri":"https://idp.example.com/jwks")";
  EXPECT_EQ(option(bare + "}", "type"), "front_channel");
  EXPECT_EQ(option(bare + R"(,"client_secret":"s"})", "type"), "back_channel");
  EXPECT_EQ(option(bare + R"(,"token_endpoint_auth_method":"private_key_jwt"})", "type"), "back_channel");
  EXPECT_EQ(option(bare + R"(,"type":"front_channel","client_secret":"s"})", "type"), "front_channel");
  EXPECT_EQ(prepare(bare + "}", Strategy::oidc, true)->options.at("type"), "back_channel") << "a stored secret counts";
}

TEST_F(OptionsTest, SecretsAreTakenOut) {
  const auto sent = prepare(explicit_options(R"("client_secret":"s3cr3t")"));
  EXPECT_EQ(sent->client_secret, "s3cr3t");
  EXPECT_FALSE(sent->options.contains("client_secret"));
  EXPECT_EQ(prepare(explicit_options())->client_secret, std::nullopt);
  EXPECT_EQ(prepare(explicit_options(R"("client_secret":null)"))->client_secret, "");
}

TEST_F(OptionsTest, AMistakeIsNamed) {
  const struct {
    const char* name;
    std::string sent;
    Strategy strategy;
    const char* message;
  } kRows[] = {
      {"no client_id", "{}", Strategy::oidc, "options.client_id is required"},
      {"plain http", R"({"client_id":"a","issuer":"http://idp.example.com"})", Strategy::oidc,
       "Payload validation error: 'Object didn't pass validation for format https-url: http://idp.example.com' on "
       "property options.issuer."},
      {"plain http discovery", R"({"client_id":"a","discovery_url":"http://idp.example.com"})", Strategy::oidc,
       "Payload validation error: 'Object didn't pass validation for format https-url: http://idp.example.com' on "
       "property options.discovery_url."},
      {"no URL", R"({"client_id":"a","discovery_url":"not a url"})", Strategy::oidc,
       "Payload validation error: 'Object didn't pass validation for format https-url: not a url' on property "
       "options.discovery_url."},
      {"logo over http", explicit_options(R"("icon_url":"http://a.example/i.png")"), Strategy::oidc,
       "Payload validation error: 'Object didn't pass validation for format https-url: http://a.example/i.png' on "
       "property options.icon_url."},
      {"a domain that is no name", explicit_options(R"("domain_aliases":["a.example","ü b.example"])"), Strategy::oidc,
       "Payload validation error: 'Object didn't pass validation for format email-domain: ü b.example' on property "
       "options.domain_aliases."},
      {"okta without domain", R"({"client_id":"a"})", Strategy::okta, "options.domain is required"},
      {"okta with a URL for a domain", R"({"client_id":"a","domain":"evil.example.com/x?"})", Strategy::okta,
       "Payload validation error: 'Object didn't pass validation for format dns-name: evil.example.com/x?' on property "
       "options.domain."},
      {"okta in front", R"({"client_id":"a","domain":"idp.example.com","type":"front_channel"})", Strategy::okta,
       "options.type can only be back_channel for okta"},
      {"DPoP in front", explicit_options(R"("dpop_signing_alg":"ES256")").replace(9, 12, "front_channel"),
       Strategy::oidc,
       "Payload validation error: 'dpop_signing_alg needs the back channel' on property options.dpop_signing_alg."},
      {"DPoP where the channel follows from a missing secret", by_discovery(R"("dpop_signing_alg":"ES256")"),
       Strategy::oidc,
       "Payload validation error: 'dpop_signing_alg needs the back channel' on property options.dpop_signing_alg."},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.name);
    const auto refused = prepare(row.sent, row.strategy);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 400);
    EXPECT_EQ(refused.error().message, row.message);
  }
  const auto template_error =
      prepare(explicit_options(R"("attribute_map":{"mapping_mode":"use_map","attributes":{"email":"{context.tokenset.x}"}})"));
  ASSERT_FALSE(template_error);
  EXPECT_THAT(template_error.error().message, HasSubstr("on property options.attribute_map.attributes."));
}

TEST_F(OptionsTest, PlainHttpIsForTheOneWhoAllowsIt) {
  provider_.on("http://127.0.0.1:9/.well-known/openid-configuration", 200,
               json::serialize(provider_document("http://127.0.0.1:9")));
  const std::string local = R"({"client_id":"a","discovery_url":"http://127.0.0.1:9"})";
  EXPECT_FALSE(prepare(local));
  services().insecure_upstreams_allowed = true;
  EXPECT_TRUE(prepare(local));
}

TEST_F(OptionsTest, OktaIsFoundByItsDomain) {
  const auto prepared = prepare(R"({"client_id":"a","domain":"idp.example.com"})", Strategy::okta);
  ASSERT_TRUE(prepared);
  EXPECT_EQ(provider_.count(kDiscoveryUrl), 1);
  EXPECT_EQ(prepared->options.at("issuer"), kIssuer);
  EXPECT_EQ(prepared->options.at("type"), "back_channel");
  provider_.on(kDiscoveryUrl, 404, "");
  const auto refused = prepare(R"({"client_id":"a","domain":"idp.example.com"})", Strategy::okta);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("Correct options.domain"));
}

TEST_F(OptionsTest, TheLookupFollowsTheConnectionsOwnEgressRules) {
  prepare(by_discovery(R"("egress":{"allowed_networks":["10.1.0.0/16"],"proxy":"http://proxy.example.com:3128"})"));
  ASSERT_EQ(provider_.requests().size(), 1U);
  EXPECT_THAT(provider_.last().egress.allowed_networks, testing::ElementsAre("10.1.0.0/16"));
  EXPECT_EQ(provider_.last().egress.proxy, "http://proxy.example.com:3128");
}

}  // namespace
}  // namespace symbolon::management
