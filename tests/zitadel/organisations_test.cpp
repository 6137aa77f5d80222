#include "store/organisation_store.h"
#include "zitadel/providers_test.h"

namespace symbolon::zitadel {
namespace {

class Organisations : public Providers {};

TEST_F(Organisations, HaveProvidersOfTheirOwn) {
  const std::string org = make_organisation("Second");
  const std::string instance_provider = make_provider();
  const auto in_org = [&](const std::string& method, const std::string& path, const std::string& body) {
    return send(method, path, body, {bearer(owner_), {"x-zitadel-orgid", org}});
  };
  const Reply made = in_org("POST", "/management/v1/idps/oauth", seed_body());
  ASSERT_EQ(made.status, 200) << made.text;
  EXPECT_EQ(made.at("/details/resourceOwner"), org);
  const std::string id = made.at("/id");

  const Reply shown = in_org("GET", "/management/v1/idps/templates/" + id, "");
  EXPECT_EQ(shown.at("/idp/owner"), "IDP_OWNER_TYPE_ORG");
  EXPECT_EQ(shown.at("/idp/details/resourceOwner"), org);
  EXPECT_EQ(get("/admin/v1/idps/templates/" + id).status, 404) << "not the instance's";
  EXPECT_EQ(get("/management/v1/idps/templates/" + id).status, 404) << "not the default organisation's";
  EXPECT_EQ(in_org("GET", "/management/v1/idps/templates/" + instance_provider, "").at("/idp/owner"),
            "IDP_OWNER_TYPE_SYSTEM");
  EXPECT_EQ(in_org("PUT", "/management/v1/idps/oauth/" + instance_provider, seed_body()).error_id(), "ORG-D3r1s")
      << "read only";
  EXPECT_EQ(in_org("DELETE", "/management/v1/idps/templates/" + instance_provider, "").error_id(), "ORG-Se3tg");

  EXPECT_EQ(in_org("POST", "/management/v1/idps/templates/_search", "").at("/details/totalResult"), "2");
  EXPECT_EQ(in_org("POST", "/management/v1/idps/templates/_search",
                   R"({"queries":[{"ownerTypeQuery":{"ownerType":"IDP_OWNER_TYPE_ORG"}}]})")
                .at("/result/0/id"),
            id);
  EXPECT_EQ(in_org("POST", "/management/v1/idps/oauth", spoiled("name", " ")).error_id(), "ORG-D32ef");
  EXPECT_EQ(in_org("DELETE", "/management/v1/idps/templates/" + id, "").status, 200);
}

// An upgrade may have left several of one name; a domain in a scope names none of them.
TEST_F(Organisations, TakeNoDomainThatSeveralHave) {
  const auto add = [&] { return post("/management/v1/orgs", R"({"name":"Twin"})"); };
  for (const char* id : {"100000000000000011", "100000000000000012"}) {
    write([&](db::Transaction& tx) {
      store::OrganisationStore(tx, kTenant)
          .insert({.tenant = kTenant, .id = model::OrganisationId(id), .name = "Twin", .domain_label = "twin"});
    });
    EXPECT_EQ(add().error_id(), "V2-DW2f6");
  }
  EXPECT_EQ(post("/management/v1/orgs", R"({"name":"Single"})").status, 200);
}

TEST_F(Organisations, AnUnknownOneIsRefused) {
  const Reply reply = send("POST", "/management/v1/idps/oauth", seed_body(),
                           {bearer(owner_), {"x-zitadel-orgid", "123456789012345678"}});
  EXPECT_EQ(reply.status, 403);
  EXPECT_EQ(reply.error_id(), "AUTH-Bs7Ds");
}

}  // namespace
}  // namespace symbolon::zitadel
