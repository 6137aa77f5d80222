#include "management/new_client.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "zitadel/zitadel_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

constexpr const char* kPolicy = "/admin/v1/policies/login";

class Policies : public ZitadelTest {
 protected:
  std::string make_client(const std::string& name) {
    auto made = management::make_client(kTenant, {{"name", name}}, box_, random_, clock_.now());
    write([&](db::Transaction& tx) { store::ClientStore(tx, kTenant).insert(made->client); });
    return made->client.id.str();
  }
  static ConnectionId stored_in(db::Transaction& tx, const std::string& provider) {
    return store::ConnectionStore(tx, kTenant).find_by_zitadel_id(provider).value().id;
  }
  bool is_offered(const std::string& provider, const std::string& client, const std::string& organisation = "") {
    const ConnectionId id = stored(provider).id;
    return read([&](db::Transaction& tx) {
      return store::ConnectionStore(tx, kTenant, model::OrganisationId(organisation))
          .find_for_client(id, ClientId(client))
          .value()
          .for_first_party;
    });
  }
  static std::string naming(const std::string& id) { return json::serialize(json::object{{"idpId", id}}); }
  static std::string naming(const std::string& id, const char* owner) {
    return json::serialize(json::object{{"idpId", id}, {"ownerType", owner}});
  }
};

TEST_F(Policies, AProviderIsOfferedOnceItIsInThePolicy) {
  const std::string before = make_client("before");
  const std::string provider = make_provider();
  EXPECT_FALSE(is_offered(provider, before));
  const Reply added = post("/admin/v1/policies/login/idps", naming(provider));
  ASSERT_EQ(added.status, 200) << added.text;
  EXPECT_EQ(added.at("/details/sequence"), "2");
  EXPECT_TRUE(added.has("/details/changeDate"));
  EXPECT_TRUE(is_offered(provider, before));
  const std::string after = make_client("after");
  EXPECT_TRUE(is_offered(provider, after)) << "an application that is made later";

  const Reply list = post("/admin/v1/policies/login/idps/_search", "{}");
  EXPECT_EQ(list.at("/result/0/idpId"), provider);
  EXPECT_EQ(list.at("/result/0/idpName"), "My Provider");
  EXPECT_FALSE(list.has("/result/0/idpType"));
  EXPECT_EQ(list.at("/details/totalResult"), "1");

  EXPECT_EQ(remove("/admin/v1/policies/login/idps/" + provider).status, 200);
  EXPECT_FALSE(is_offered(provider, before));
  EXPECT_FALSE(is_offered(provider, make_client("later")));
}

TEST_F(Policies, RefusesProvidersThatAreNoneOrThereAlready) {
  const std::string provider = make_provider();
  EXPECT_EQ(post("/admin/v1/policies/login/idps", naming("123456789012345678")).error_id(), "INSTANCE-m8fsd");
  EXPECT_EQ(post("/admin/v1/policies/login/idps", naming("123456789012345678")).at("/code"), "9");
  EXPECT_EQ(post("/admin/v1/policies/login/idps", naming(" ")).error_id(), "INSTANCE-9nf88");
  EXPECT_EQ(post("/admin/v1/policies/login/idps", "").status, 400);
  EXPECT_EQ(remove("/admin/v1/policies/login/idps/" + provider).error_id(), "INSTANCE-39fjs");
  const Reply too_long = remove("/admin/v1/policies/login/idps/" + std::string(201, '1'));
  EXPECT_EQ(too_long.status, 400);
  EXPECT_EQ(too_long.at("/message"),
            "invalid RemoveIDPFromLoginPolicyRequest.IdpId: value length must be between 1 and 200 runes, inclusive");
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(provider)).status, 200);
  const Reply twice = post("/admin/v1/policies/login/idps", naming(provider));
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.error_id(), "INSTANCE-2B0ps");
}

TEST_F(Policies, IsReplacedAsAWhole) {
  const Reply before = get(kPolicy);
  EXPECT_EQ(before.at("/policy/allowExternalIdp"), "true");
  EXPECT_EQ(before.at("/policy/isDefault"), "true");
  EXPECT_EQ(before.at("/policy/details/resourceOwner").size(), 18u);
  const std::string body = R"({"allowExternalIdp":true,"forceMfa":true,"passwordlessType":"PASSWORDLESS_TYPE_ALLOWED",
    "defaultRedirectUri":"https://app.example/","externalLoginCheckLifetime":"3600s","mfaInitSkipLifetime":"0s"})";
  const Reply changed = put(kPolicy, body);
  ASSERT_EQ(changed.status, 200) << changed.text;
  json::object policy = get(kPolicy).body.at("policy").get_object();
  policy.erase("details");
  EXPECT_EQ(json::value(policy),
            json::parse(R"({"allowExternalIdp":true,"forceMfa":true,"passwordlessType":"PASSWORDLESS_TYPE_ALLOWED",
              "defaultRedirectUri":"https://app.example/","externalLoginCheckLifetime":"3600s","isDefault":true})"));
  const Reply same = put(kPolicy, body);
  EXPECT_EQ(same.status, 400);
  EXPECT_EQ(same.error_id(), "INSTANCE-5M9vdd");
  EXPECT_EQ(same.at("/code"), "9");
}

TEST_F(Policies, RefusesMembersThatMakeNoSense) {
  EXPECT_EQ(put(kPolicy, R"({"defaultRedirectUri":"javascript:alert"})").error_id(), "IAM-SFdqd");
  for (const char* body : {R"({"passwordCheckLifetime":"1h"})", R"({"passwordCheckLifetime":"-1s"})",
                           R"({"passwordCheckLifetime":60})", R"({"passwordlessType":"SOMETIMES"})",
                           R"({"forceMfa":"yes"})"}) {
    SCOPED_TRACE(body);
    EXPECT_EQ(put(kPolicy, body).status, 400);
  }
}

TEST_F(Policies, ShowsALifetimeAsProtobufWritesIt) {
  ASSERT_EQ(put(kPolicy, R"({"passwordCheckLifetime":"0864000.000s","externalLoginCheckLifetime":"1.5s",
    "mfaInitSkipLifetime":"2.0000001s","secondFactorCheckLifetime":"0.0s","multiFactorCheckLifetime":"0.25s"})").status,
            200);
  const Reply shown = get(kPolicy);
  EXPECT_EQ(shown.at("/policy/passwordCheckLifetime"), "864000s");
  EXPECT_EQ(shown.at("/policy/externalLoginCheckLifetime"), "1.500s");
  EXPECT_EQ(shown.at("/policy/mfaInitSkipLifetime"), "2.000000100s");
  EXPECT_FALSE(shown.has("/policy/secondFactorCheckLifetime"));
  EXPECT_EQ(shown.at("/policy/multiFactorCheckLifetime"), "0.250s");
  const Reply same = put(kPolicy, R"({"passwordCheckLifetime":"864000s","externalLoginCheckLifetime":"01.50s",
    "mfaInitSkipLifetime":"2.0000001s","multiFactorCheckLifetime":"0.250000s"})");
  EXPECT_EQ(same.error_id(), "INSTANCE-5M9vdd") << "the same spans, otherwise written";
}

TEST_F(Policies, WithoutExternalProvidersNothingIsOffered) {
  const std::string client = make_client("app");
  const std::string provider = make_provider();
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(provider)).status, 200);
  ASSERT_EQ(put(kPolicy, R"({"forceMfa":true})").status, 200);
  EXPECT_FALSE(is_offered(provider, client));
  EXPECT_FALSE(is_offered(provider, make_client("new")));
  ASSERT_EQ(put(kPolicy, R"({"allowExternalIdp":true})").status, 200);
  EXPECT_TRUE(is_offered(provider, client));
}

TEST_F(Policies, KeepsFactors) {
  EXPECT_FALSE(post("/admin/v1/policies/login/second_factors/_search", "").has("/result"));
  EXPECT_EQ(post("/admin/v1/policies/login/second_factors", R"({"type":"SECOND_FACTOR_TYPE_OTP"})").status, 200);
  EXPECT_EQ(post("/admin/v1/policies/login/second_factors", R"({"type":1})").status, 409);
  EXPECT_EQ(post("/admin/v1/policies/login/second_factors", R"({"type":0})").at("/message"),
            "invalid AddSecondFactorToLoginPolicyRequest.Type: value must not be in list [0]");
  EXPECT_EQ(post("/admin/v1/policies/login/multi_factors", R"({"type":"MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION"})").status,
            200);
  EXPECT_EQ(post("/admin/v1/policies/login/second_factors/_search", "").body.at("result"),
            json::parse(R"(["SECOND_FACTOR_TYPE_OTP"])"));
  ASSERT_EQ(put(kPolicy, R"({"allowExternalIdp":true})").status, 200);
  EXPECT_EQ(get(kPolicy).body.at("policy").at("secondFactors"), json::parse(R"(["SECOND_FACTOR_TYPE_OTP"])"));
  EXPECT_EQ(remove("/admin/v1/policies/login/second_factors/SECOND_FACTOR_TYPE_OTP").status, 200);
  EXPECT_EQ(remove("/admin/v1/policies/login/second_factors/SECOND_FACTOR_TYPE_OTP").status, 404);
  EXPECT_EQ(remove("/admin/v1/policies/login/second_factors/UNKNOWN").status, 400);
  EXPECT_EQ(post("/admin/v1/policies/login/second_factors", R"({"type":4})").status, 200);
  EXPECT_EQ(remove("/admin/v1/policies/login/second_factors/4").status, 200) << "a path may hold the number";
  EXPECT_EQ(remove("/admin/v1/policies/login/second_factors/5").status, 400);
  EXPECT_EQ(remove("/admin/v1/policies/login/multi_factors/0").at("/message"),
            "invalid RemoveMultiFactorFromLoginPolicyRequest.Type: value must not be in list [0]");
  EXPECT_EQ(post("/management/v1/policies/login/auth_factors/_search", "").status, 200);
}

class OrganisationPolicies : public Policies {};

TEST_F(OrganisationPolicies, TheDefaultOrganisationsOwnPolicyReplacesTheInstances) {
  const std::string client = make_client("app");
  const std::string shared = make_provider();
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(shared)).status, 200);
  const Reply made = post("/management/v1/idps/oauth", seed_body());
  const std::string own = made.at("/id");
  EXPECT_EQ(get("/management/v1/policies/login").at("/isDefault"), "true");
  EXPECT_EQ(post("/management/v1/policies/login/idps", naming(own, "IDP_OWNER_TYPE_ORG")).status, 404) << "no policy";

  ASSERT_EQ(post("/management/v1/policies/login", R"({"allowExternalIdp":true})").status, 200);
  EXPECT_EQ(post("/management/v1/policies/login", R"({"allowExternalIdp":true})").status, 409);
  EXPECT_TRUE(is_offered(shared, client)) << "the instance's list is taken over";
  EXPECT_FALSE(get("/management/v1/policies/login").has("/isDefault"));
  EXPECT_EQ(get("/management/v1/policies/default/login").at("/policy/isDefault"), "true");

  EXPECT_EQ(post("/management/v1/policies/login/idps", naming(own)).status, 400) << "ownerType is required";
  EXPECT_EQ(post("/management/v1/policies/login/idps", naming(own, "IDP_OWNER_TYPE_SYSTEM")).status, 400);
  ASSERT_EQ(post("/management/v1/policies/login/idps", naming(own, "IDP_OWNER_TYPE_ORG")).status, 200);
  EXPECT_TRUE(is_offered(own, client));

  ASSERT_EQ(remove("/management/v1/policies/login").status, 200);
  EXPECT_FALSE(is_offered(own, client));
  EXPECT_TRUE(is_offered(shared, client));
  EXPECT_EQ(remove("/management/v1/policies/login").status, 404);
}

TEST_F(OrganisationPolicies, CanNameItsProvidersAtOnce) {
  const std::string client = make_client("app");
  const std::string shared = make_provider();
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(shared)).status, 200);
  ASSERT_EQ(post("/management/v1/policies/login", R"({"allowExternalIdp":true,"idps":[]})").status, 200);
  EXPECT_FALSE(is_offered(shared, client));
}

TEST_F(OrganisationPolicies, AnotherOrganisationsPolicyChangesNothingHere) {
  const std::string client = make_client("app");
  const std::string org = make_organisation("Other");
  const std::string shared = make_provider();
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(shared)).status, 200);
  ASSERT_EQ(send("POST", "/management/v1/policies/login", R"({"idps":[]})",
                 {bearer(owner_), {"x-zitadel-orgid", org}})
                .status,
            200);
  EXPECT_TRUE(is_offered(shared, client));
  EXPECT_FALSE(is_offered(shared, client, org)) << "there it acts";
  EXPECT_TRUE(is_offered(shared, client, make_organisation("Third"))) << "without one of its own it is the instance's";
}

TEST_F(OrganisationPolicies, ActInTheOrganisation) {
  const std::string client = make_client("app");
  const std::string org = make_organisation("Other"), third = make_organisation("Third");
  const Fields as_owner{bearer(owner_), {"x-zitadel-orgid", org}};
  const std::string own = send("POST", "/management/v1/idps/oauth", seed_body(), as_owner).at("/id");
  ASSERT_EQ(send("POST", "/management/v1/policies/login", R"({"allowExternalIdp":true})", as_owner).status, 200);
  ASSERT_EQ(
      send("POST", "/management/v1/policies/login/idps", naming(own, "IDP_OWNER_TYPE_ORG"), as_owner).status, 200);
  EXPECT_TRUE(is_offered(own, client, org));
  EXPECT_FALSE(is_offered(own, client, third));
  EXPECT_FALSE(is_offered(own, client));
  ASSERT_EQ(send("PUT", "/management/v1/policies/login", R"({"forceMfa":true})", as_owner).status, 200);
  EXPECT_FALSE(is_offered(own, client, org)) << "allowExternalIdp";
  ASSERT_EQ(send("DELETE", "/management/v1/policies/login", "", as_owner).status, 200);
  EXPECT_FALSE(is_offered(own, client, org));
}

TEST_F(Policies, WithdrawingKeepsWhatWasEnabledByHand) {
  const std::string by_hand = make_client("by hand"), by_policy = make_client("by policy"), both = make_client("both");
  const std::string provider = make_provider();
  const auto enable = [&](const std::string& client) {
    write([&](db::Transaction& tx) {
      store::ConnectionStore(tx, kTenant).enable(stored_in(tx, provider), ClientId(client));
    });
  };
  enable(by_hand);
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(provider)).status, 200);
  enable(both);
  for (const std::string& client : {by_hand, by_policy, both}) EXPECT_TRUE(is_offered(provider, client));
  ASSERT_EQ(put(kPolicy, R"({"forceMfa":true})").status, 200);
  EXPECT_TRUE(is_offered(provider, by_hand));
  EXPECT_TRUE(is_offered(provider, both));
  EXPECT_FALSE(is_offered(provider, by_policy));
  ASSERT_EQ(put(kPolicy, R"({"allowExternalIdp":true})").status, 200);
  EXPECT_TRUE(is_offered(provider, by_policy));
  ASSERT_EQ(remove("/admin/v1/policies/login/idps/" + provider).status, 200);
  EXPECT_TRUE(is_offered(provider, by_hand));
  EXPECT_TRUE(is_offered(provider, both));
  EXPECT_FALSE(is_offered(provider, by_policy));
}

// Tools send back the list that they read; what the policy offers does not outlive it for that.
TEST_F(Policies, AListOfClientsKeepsWhoseOfferItIs) {
  const std::string by_hand = make_client("by hand"), by_policy = make_client("by policy");
  const std::string taken = make_client("taken"), back = make_client("back");
  const std::string provider = make_provider();
  const auto replace = [&](const std::vector<ClientId>& clients) {
    write([&](db::Transaction& tx) {
      store::ConnectionStore(tx, kTenant).replace_enabled_clients(stored_in(tx, provider), clients);
    });
  };
  replace({ClientId(by_hand)});
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(provider)).status, 200);
  replace({ClientId(by_hand), ClientId(by_policy)});
  EXPECT_TRUE(is_offered(provider, by_policy));
  EXPECT_FALSE(is_offered(provider, taken));
  EXPECT_FALSE(is_offered(provider, back));
  replace({ClientId(by_hand), ClientId(by_policy), ClientId(back)});
  EXPECT_TRUE(is_offered(provider, back));
  ASSERT_EQ(remove("/admin/v1/policies/login/idps/" + provider).status, 200);
  EXPECT_TRUE(is_offered(provider, by_hand));
  EXPECT_TRUE(is_offered(provider, back));
  EXPECT_FALSE(is_offered(provider, by_policy));
  EXPECT_FALSE(is_offered(provider, taken));
}

// Whoever read enabled_clients before must not overwrite what a policy made of it.
TEST_F(Policies, WhatAPolicyOffersIsAnotherVersionOfTheConnection) {
  const std::string provider = make_provider(), untouched = make_provider();
  const std::int64_t other = stored(untouched).version;
  std::int64_t before = stored(provider).version;
  const auto has_changed = [&] {
    const std::int64_t after = stored(provider).version;
    return std::exchange(before, after) < after;
  };
  ASSERT_EQ(post("/admin/v1/policies/login/idps", naming(provider)).status, 200);
  EXPECT_TRUE(has_changed());
  EXPECT_EQ(stored(provider).updated_at, clock_.now());
  ASSERT_EQ(put(kPolicy, R"({"forceMfa":true})").status, 200);
  EXPECT_TRUE(has_changed());
  ASSERT_EQ(put(kPolicy, R"({"forceMfa":true,"allowExternalIdp":true})").status, 200);
  EXPECT_TRUE(has_changed());
  ASSERT_EQ(put(kPolicy, R"({"allowExternalIdp":true})").status, 200);
  EXPECT_FALSE(has_changed()) << "what it offers stays";
  ASSERT_EQ(remove("/admin/v1/policies/login/idps/" + provider).status, 200);
  EXPECT_TRUE(has_changed());
  EXPECT_EQ(stored(untouched).version, other);
}

}  // namespace
}  // namespace symbolon::zitadel
