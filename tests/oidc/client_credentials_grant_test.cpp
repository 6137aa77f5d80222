#include "oidc/client_credentials_grant.h"

#include <gtest/gtest.h>

#include "oidc/provider.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;

Fields asking(Fields extra) {
  Fields fields{{"grant_type", "client_credentials"}, {"client_id", "web"}, {"client_secret", kSecret}};
  fields.insert(fields.end(), extra.begin(), extra.end());
  return fields;
}

TEST(ClientCredentials, GetsWhatItWasGranted) {
  Provider provider;
  provider.add_client_grant("web", kApi, {"read:x", "write:x"});
  const auto response = provider.post_token(asking({{"audience", kApi}}));
  ASSERT_EQ(response.status, 200) << response.body;
  const auto body = json_of(response);
  EXPECT_EQ(body.at("scope"), "read:x write:x");
  EXPECT_EQ(body.at("expires_in"), 86400);
  EXPECT_EQ(body.at("token_type"), "Bearer");
  EXPECT_FALSE(body.contains("id_token"));
  EXPECT_FALSE(body.contains("refresh_token"));

  auto claims = claims_of(text_at(body, "access_token"));
  EXPECT_EQ(claims.erase("jti"), 1u);
  EXPECT_EQ(bj::serialize(claims),
            R"({"iss":"https://id.example.com/","sub":"web@clients","aud":"https://api.example.com/","azp":"web",)"
            R"("iat":1700000000,"exp":1700086400,"scope":"read:x write:x","gty":"client-credentials"})");
  EXPECT_EQ(provider.count("log_events", "type = 'seccft'"), 1);
}

TEST(ClientCredentials, ThirdPartyClientsShareTheGrantThatIsForAllOfThem) {
  Provider provider;
  provider.add_client_grant("", kApi, {"read:x"});
  EXPECT_EQ(provider.post_token(asking({{"audience", kApi}})).status, 403) << "a client of one's own";
  provider.patch_client("web", {{"is_first_party", false}});
  EXPECT_EQ(json_of(provider.post_token(asking({{"audience", kApi}}))).at("scope"), "read:x");
  provider.add_client_grant("web", kApi, {"write:x"});
  EXPECT_EQ(json_of(provider.post_token(asking({{"audience", kApi}}))).at("scope"), "write:x");
}

TEST(ClientCredentials, RequestedScopesNarrowAndNeverWiden) {
  Provider provider;
  provider.add_client_grant("web", kApi, {"read:x"});
  const auto scope_of = [&](const char* scope) {
    return json_of(provider.post_token(asking({{"audience", kApi}, {"scope", scope}})));
  };
  EXPECT_EQ(scope_of("read:x write:x").at("scope"), "read:x");
  EXPECT_FALSE(scope_of("write:x").contains("scope"));
  EXPECT_EQ(scope_of("openid urn:zitadel:iam:org:project:id:zitadel:aud").at("scope"), "read:x");
}

TEST(ClientCredentials, BothSecretStylesWhateverIsRegistered) {
  Provider provider;
  for (const char* id : {"web", "basic"}) {
    provider.add_client_grant(id, kApi, {"read:x"});
    EXPECT_EQ(provider
                  .post_token({{"grant_type", "client_credentials"}, {"audience", kApi}},
                              {{"Authorization", basic(id, kSecret)}})
                  .status,
              200);
    EXPECT_EQ(provider
                  .post_token({{"grant_type", "client_credentials"},
                               {"audience", kApi},
                               {"client_id", id},
                               {"client_secret", kSecret}})
                  .status,
              200);
  }
}

struct Refused {
  const char* name;
  void (*arrange)(Provider&);
  Fields body;
  int status;
  const char* error;
  const char* description;
};

TEST(ClientCredentials, SaysWhatIsMissing) {
  const Refused kRefused[] = {
      {"no grant",
       [](Provider&) {},
       {{"audience", kApi}},
       403,
       "access_denied",
       "Client is not authorized to access \"https://api.example.com/\". You need to create a \"client-grant\" "
       "associated to this API."},
      {"a grant for people only",
       [](Provider& p) { p.add_client_grant("web", kApi, {"read:x"}, "user"); },
       {{"audience", kApi}},
       403,
       "access_denied",
       "Client is not authorized to access \"https://api.example.com/\". You need to create a \"client-grant\" "
       "associated to this API."},
      {"unknown audience",
       [](Provider&) {},
       {{"audience", "https://nowhere.example/"}},
       403,
       "access_denied",
       "Service not found: https://nowhere.example/"},
      {"no audience", [](Provider&) {}, {}, 400, "invalid_request", "audience is missing"},
      {"resource without the tenant's profile",
       [](Provider&) {},
       {{"resource", kApi}},
       400,
       "invalid_request",
       "audience is missing"},
      {"an API with a symmetric key",
       [](Provider& p) {
         p.add_api(R"({"id":"rs_2","identifier":"urn:hs","signing_alg":"HS256"})");
         p.add_client_grant("web", "urn:hs", {});
       },
       {{"audience", "urn:hs"}},
       500,
       "server_error",
       "the API is set to tokens signed with HS256; set it to RS256, PS256 or ES256"},
      {"an API closed to clients",
       [](Provider& p) {
         p.add_api(R"({"id":"rs_3","identifier":"urn:closed",
                       "subject_type_authorization":{"client":{"policy":"deny_all"}}})");
         p.add_client_grant("web", "urn:closed", {});
       },
       {{"audience", "urn:closed"}},
       403,
       "access_denied",
       "Client is not authorized to access \"urn:closed\". You need to create a \"client-grant\" associated to this "
       "API."},
  };
  for (const Refused& row : kRefused) {
    SCOPED_TRACE(row.name);
    Provider provider;
    row.arrange(provider);
    const auto response = provider.post_token(asking(row.body));
    EXPECT_EQ(response.status, row.status);
    EXPECT_EQ(error_of(response), row.error);
    EXPECT_EQ(json_of(response).at("error_description"), row.description);
    EXPECT_EQ(provider.count("log_events", "type = 'seccft'"), 0);
  }
}

TEST(ClientCredentials, APublicClientHasNothingToLend) {
  Provider provider;
  provider.add_client_grant("spa", kApi, {"read:x"});
  const auto response =
      provider.post_token({{"grant_type", "client_credentials"}, {"audience", kApi}, {"client_id", "spa"}});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(error_of(response), "unauthorized_client");
}

TEST(ClientCredentials, TheTenantsDefaultsNameTheAudience) {
  Provider provider;
  provider.add_client_grant("web", kApi, {"read:x"});
  provider.patch_tenant({{"resource_parameter_profile", "compatibility"}});
  EXPECT_EQ(provider.post_token(asking({{"resource", kApi}})).status, 200);
  EXPECT_EQ(provider.post_token(asking({{"audience", kApi}, {"resource", kApi}})).status, 200);
  const auto two = provider.post_token(asking({{"audience", kApi}, {"resource", "https://other.example/"}}));
  EXPECT_EQ(error_of(two), "invalid_request");
  EXPECT_TRUE(two.body.contains("audience and resource name two different APIs")) << two.body;
  const auto repeated = provider.post_token(asking({{"resource", kApi}, {"resource", "https://other.example/"}}));
  EXPECT_EQ(error_of(repeated), "invalid_request");
  EXPECT_TRUE(repeated.body.contains("parameter given more than once: resource")) << repeated.body;
  provider.patch_tenant({{"default_audience", kApi}});
  EXPECT_EQ(provider.post_token(asking({})).status, 200);
}

TEST(ClientCredentials, TheAdministrationScopeNamesItsApi) {
  Provider provider;
  provider.add_api(R"({"id":"rs_4","identifier":"https://id.example.com/admin/v1","scopes":[{"value":"idp.write"}]})");
  provider.add_client_grant("web", "https://id.example.com/admin/v1", {"idp.write"});
  const auto body =
      json_of(provider.post_token(asking({{"scope", "openid urn:zitadel:iam:org:project:id:zitadel:aud"}})));
  ASSERT_TRUE(body.contains("access_token"));
  EXPECT_EQ(claims_of(text_at(body, "access_token")).at("aud"), "https://id.example.com/admin/v1");
}

}  // namespace
}  // namespace symbolon::oidc
