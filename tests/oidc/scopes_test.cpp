#include "oidc/scopes.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

using Scopes = std::vector<std::string>;

ApiAccess api_with(Scopes scopes) {
  ApiAccess access;
  access.api.identifier = "https://api.example.com/";
  access.api.scopes = std::move(scopes);
  return access;
}

model::ClientGrant granting(Scopes scopes) {
  model::ClientGrant grant;
  grant.scope = std::move(scopes);
  return grant;
}

TEST(ScopesForUser, ThirdPartiesGetTheBasicOnes) {
  model::Client client;
  const Scopes wanted{"openid", "profile", "email", "phone", "address", "identities"};
  EXPECT_EQ(scopes_for_user(client, nullptr, wanted, false), wanted);
  client.first_party = false;
  EXPECT_EQ(scopes_for_user(client, nullptr, wanted, false), (Scopes{"openid", "profile", "email"}));
}

// zitadel-idps §5.3: whoever asks may name an organisation; which one it is, the sign-in looks up.
TEST(ScopesForUser, AnOrganisationMayBeNamedByEverybody) {
  model::Client client;
  const Scopes wanted{"openid", "urn:zitadel:iam:org:id:1", "urn:zitadel:iam:org:domain:primary:acme.id.example"};
  for (const bool first_party : {true, false}) {
    client.first_party = first_party;
    EXPECT_EQ(scopes_for_user(client, nullptr, wanted, true), wanted);
    EXPECT_FALSE(scopes_for_user(client, nullptr, {"urn:zitadel:iam:org:roles"}, true));
  }
}

TEST(ScopesForUser, TheApisPolicyDecides) {
  const model::Client client;
  ApiAccess access = api_with({"read:x", "write:x"});
  EXPECT_EQ(scopes_for_user(client, &access, {"openid", "read:x"}, false), (Scopes{"openid", "read:x"}));

  access.api.user_policy = "require_client_grant";
  EXPECT_FALSE(scopes_for_user(client, &access, {"read:x"}, false));
  access.grant = granting({"write:x", "gone:x"});
  EXPECT_EQ(scopes_for_user(client, &access, {"read:x", "write:x", "gone:x"}, false), Scopes{"write:x"});
  access.grant->allow_all_scopes = true;
  EXPECT_EQ(scopes_for_user(client, &access, {"read:x", "write:x"}, false), (Scopes{"read:x", "write:x"}));

  access.api.user_policy = "deny_all";
  EXPECT_FALSE(scopes_for_user(client, &access, {"read:x"}, false));
}

TEST(ScopesForUser, AThirdPartyNeedsAGrantEvenWhereTheApiIsOpen) {
  model::Client client;
  client.first_party = false;
  ApiAccess access = api_with({"read:x"});
  EXPECT_FALSE(scopes_for_user(client, &access, {"read:x"}, false));
  access.grant = granting({"read:x"});
  EXPECT_EQ(scopes_for_user(client, &access, {"read:x"}, false), Scopes{"read:x"});
  access.api.user_policy = "deny_all";
  EXPECT_FALSE(scopes_for_user(client, &access, {"read:x"}, false));
}

TEST(ScopesForUser, APersonsTokenNeverManagesTheTenant) {
  ApiAccess access = api_with({"read:users", "read:current_user", "update:current_user_metadata"});
  access.api.identifier = "https://id.example.com/api/v2/";
  access.api.is_system = true;
  EXPECT_EQ(scopes_for_user(model::Client(), &access, access.api.scopes, false),
            (Scopes{"read:current_user", "update:current_user_metadata"}));
}

TEST(ScopesForClient, ComesFromTheGrantAndIsNarrowed) {
  ApiAccess access = api_with({"read:x", "write:x", "delete:x"});
  EXPECT_FALSE(scopes_for_client(access, {}));
  access.grant = granting({"read:x", "write:x", "gone:x"});
  EXPECT_EQ(scopes_for_client(access, {}), (Scopes{"read:x", "write:x"}));
  EXPECT_EQ(scopes_for_client(access, {"write:x", "delete:x", "other"}), Scopes{"write:x"});
  EXPECT_EQ(scopes_for_client(access, {"delete:x"}), Scopes{});
  access.grant->allow_all_scopes = true;
  EXPECT_EQ(scopes_for_client(access, {}), (Scopes{"read:x", "write:x", "delete:x"}));
  access.api.client_policy = "deny_all";
  EXPECT_FALSE(scopes_for_client(access, {}));
  access.api.client_policy = "allow_all";
  access.grant.reset();
  EXPECT_EQ(scopes_for_client(access, {}), (Scopes{"read:x", "write:x", "delete:x"}));
}

TEST(ScopesForClient, SaysWhatIsMissing) {
  const auto error = scopes_for_client(api_with({}), {}).error();
  EXPECT_EQ(error.code, model::OAuthCode::access_denied);
  EXPECT_EQ(error.description,
            "Client is not authorized to access \"https://api.example.com/\". You need to create a \"client-grant\" "
            "associated to this API.");
}

}  // namespace
}  // namespace symbolon::oidc
