#include "management/management_test.h"
#include "store/tenant_store.h"

// /api/v2/custom-domains (management-api §6.5).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

class CustomDomainsTest : public ManagementTest {
 protected:
  CustomDomainsTest() { make_canonical_domains(); }

  Reply create(const std::string& domain = "login.acme.example", const std::string& more = "") {
    return post("/custom-domains",
                R"({"domain":")" + domain + R"(","type":"self_managed_certs")" + (more.empty() ? "" : "," + more) + "}");
  }
  Reply verify(const Reply& made) { return post("/custom-domains/" + made.id("custom_domain_id") + "/verify", ""); }
  void publish(const Reply& made) {
    txt_lookup_.write(std::string(made.at("/verification/methods/0/domain").as_string()),
                      std::vector<std::string>{"v=spf1 -all", std::string(made.at("/verification/methods/0/record").as_string())});
  }
  std::optional<store::Domain> stored(const std::string& host) {
    return read([&](db::Transaction& tx) -> std::optional<store::Domain> {
      for (const store::Domain& domain : store::TenantStore(tx).list_domains(kTenant))
        if (domain.host == host) return domain;
      return std::nullopt;
    });
  }
};

TEST_F(CustomDomainsTest, ANewDomainSaysHowItIsProved) {
  const Reply made = create("Login.ACME.example", R"("verification_method":"txt","domain_metadata":{"a":"b"})");
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_THAT(made.id("custom_domain_id"), testing::MatchesRegex("cd_[A-Za-z0-9]{16}"));
  EXPECT_EQ(made.at("/domain"), "login.acme.example");
  EXPECT_EQ(made.at("/status"), "pending_verification");
  EXPECT_EQ(made.at("/type"), "self_managed_certs");
  EXPECT_EQ(made.at("/tls_policy"), "recommended");
  EXPECT_EQ(made.at("/primary"), false);
  EXPECT_EQ(made.at("/is_default"), false);
  EXPECT_EQ(made.at("/domain_metadata/a"), "b");
  EXPECT_EQ(made.at("/verification/status"), "pending");
  EXPECT_EQ(made.at("/verification/methods/0/name"), "txt");
  EXPECT_EQ(made.at("/verification/methods/0/domain"), "_symbolon-challenge.login.acme.example");
  EXPECT_THAT(std::string(made.at("/verification/methods/0/record").as_string()),
              testing::MatchesRegex("symbolon-domain-verification=[A-Za-z0-9_-]{32}"));
  EXPECT_EQ(get("/custom-domains/" + made.id("custom_domain_id")).body, made.body);
  EXPECT_FALSE(stored("login.acme.example")->verified_at);
}

TEST_F(CustomDomainsTest, TheProofMakesItReady) {
  const Reply made = create();
  const Reply early = verify(made);
  EXPECT_EQ(early.status, 200);
  EXPECT_EQ(early.at("/status"), "pending_verification");
  EXPECT_EQ(early.at("/verification/status"), "failed");
  EXPECT_EQ(early.at("/verification/error_msg"), "There is no TXT record at _symbolon-challenge.login.acme.example.");
  EXPECT_TRUE(early.has("/verification/last_verified_at"));

  txt_lookup_.write("_symbolon-challenge.login.acme.example", std::vector<std::string>{"something else"});
  EXPECT_THAT(std::string(verify(made).at("/verification/error_msg").as_string()), HasSubstr("is not symbolon-domain"));

  publish(made);
  const Reply ready = verify(made);
  EXPECT_EQ(ready.at("/status"), "ready");
  EXPECT_EQ(ready.at("/verification/status"), "verified");
  EXPECT_FALSE(ready.has("/verification/error_msg"));
  EXPECT_TRUE(stored("login.acme.example")->verified_at);
  EXPECT_EQ(stored("login.acme.example")->base_url, "https://login.acme.example");
}

TEST_F(CustomDomainsTest, WhatIsProvedStaysSoWhenTheRecordGoes) {
  const Reply made = create();
  publish(made);
  verify(made);
  txt_lookup_.write("_symbolon-challenge.login.acme.example", std::vector<std::string>());
  const Reply again = verify(made);
  EXPECT_EQ(again.at("/status"), "ready");
  EXPECT_THAT(std::string(again.at("/verification/error_msg").as_string()), HasSubstr("no TXT record"));
}

TEST_F(CustomDomainsTest, ALookupThatFailsIsToldNotTaken) {
  const Reply made = create();
  txt_lookup_.write("_symbolon-challenge.login.acme.example", std::unexpected("the name servers gave no answer"));
  const Reply reply = verify(made);
  EXPECT_EQ(reply.at("/status"), "pending_verification");
  EXPECT_EQ(reply.at("/verification/error_msg"), "the name servers gave no answer");
}

TEST_F(CustomDomainsTest, VerificationIsLimited) {
  const Reply made = create();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(verify(made).status, 200);
  const Reply refused = verify(made);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "12");
  EXPECT_EQ(refused.headers.get("x-ratelimit-limit"), "5");
  clock_.advance(std::chrono::seconds(13));
  EXPECT_EQ(verify(made).status, 200);
}

TEST_F(CustomDomainsTest, WhoProvesANameHasIt) {
  const auto as_other = [&](const std::string& method, const std::string& path, const std::string& body) {
    return send({method, path, body, full_token(kOtherTenant), {}});
  };
  const std::string body = R"({"domain":"login.acme.example","type":"self_managed_certs"})";
  const Reply squatter = create();
  const Reply owner = as_other("POST", "/custom-domains", body);
  ASSERT_EQ(owner.status, 201) << "a name that nobody proved is held by nobody: " << owner.text;
  EXPECT_EQ(as_other("POST", "/custom-domains", body).status, 409) << "but named once by each";
  publish(owner);
  EXPECT_EQ(as_other("POST", "/custom-domains/" + owner.id("custom_domain_id") + "/verify", "").at("/status"), "ready");
  EXPECT_EQ(read([](db::Transaction& tx) { return store::TenantStore(tx).find_domain("login.acme.example"); })->tenant,
            kOtherTenant);

  publish(squatter);
  const Reply late = verify(squatter);
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.at("/status"), "pending_verification");
  EXPECT_EQ(late.at("/verification/error_msg"), "The name was verified by another tenant and answers there.");
  remove("/custom-domains/" + squatter.id("custom_domain_id"));
  EXPECT_EQ(create().status, 409) << "what is proved is taken";

  as_other("DELETE", "/custom-domains/" + owner.id("custom_domain_id"), "");
  const Reply next = create();
  publish(next);
  EXPECT_EQ(verify(next).at("/status"), "ready") << "a name is free again when its tenant lets it go";
}

TEST_F(CustomDomainsTest, ANameBelongsToOneTenant) {
  const Reply made = create();
  publish(made);
  verify(made);
  const Reply again = create("LOGIN.acme.example");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.at("/errorCode"), "custom_domain_conflict");
  EXPECT_EQ(create("default.example.com").status, 409) << "the canonical host is taken";
  const Reply foreign = send({"POST", "/custom-domains", R"({"domain":"login.acme.example","type":"self_managed_certs"})",
                              full_token(kOtherTenant), {}});
  EXPECT_EQ(foreign.status, 409);
}

TEST_F(CustomDomainsTest, RefusesWhatIsNoHostName) {
  for (const char* domain : {"", "localhost", "192.0.2.1", "a b.example", "https://x.example", "-x.example", "x..example"})
    EXPECT_EQ(create(domain).status, 400) << domain;
  EXPECT_EQ(create("x.example", R"("surprise":1)").status, 400);
  EXPECT_EQ(post("/custom-domains", R"({"domain":"x.example"})").status, 400);
  EXPECT_EQ(post("/custom-domains", R"({"domain":"x.example","type":"odd"})").status, 400);
}

TEST_F(CustomDomainsTest, AreChangedAndDeleted) {
  const Reply made = create();
  const std::string path = "/custom-domains/" + made.id("custom_domain_id");
  const Reply changed = patch(path, R"({"custom_client_ip_header":"cf-connecting-ip","domain_metadata":{"k":"v"}})");
  ASSERT_EQ(changed.status, 200) << changed.text;
  EXPECT_EQ(changed.at("/custom_client_ip_header"), "cf-connecting-ip");
  EXPECT_FALSE(patch(path, R"({"custom_client_ip_header":null})").has("/custom_client_ip_header"));
  EXPECT_EQ(patch(path, R"({"domain":"other.example"})").status, 400);
  EXPECT_EQ(patch(path, R"({"domain_metadata":{"k":null,"l":"w"}})").at("/domain_metadata"),
            json::value(json::object{{"l", "w"}}));
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path).at("/errorCode"), "inexistent_custom_domain");
  EXPECT_FALSE(stored("login.acme.example"));
}

TEST_F(CustomDomainsTest, TheCanonicalHostIsNoCustomDomain) {
  EXPECT_EQ(get("/custom-domains").body, json::value(json::array{}));
  const std::string id = stored("default.example.com")->id;
  EXPECT_EQ(get("/custom-domains/" + id).status, 404);
  EXPECT_EQ(remove("/custom-domains/" + id).status, 204);
  EXPECT_TRUE(stored("default.example.com"));
}

TEST_F(CustomDomainsTest, AreListedPlainlyOrWithACursor) {
  const Reply first = create("a.example"), second = create("b.example");
  EXPECT_EQ(get("/custom-domains").body.as_array().size(), 2u);
  const Reply page = get("/custom-domains?take=1");
  ASSERT_EQ(page.at("/custom_domains").as_array().size(), 1u);
  const Reply rest = get("/custom-domains?take=1&from=" + page.id("next"));
  EXPECT_NE(rest.at("/custom_domains/0/domain"), page.at("/custom_domains/0/domain"));
  EXPECT_FALSE(rest.has("/next"));
}

TEST_F(CustomDomainsTest, AreSearchedSortedAndCut) {
  create("b.acme.example", R"("domain_metadata":{"region":"eu"})");
  create("a.acme.example", R"("domain_metadata":{"region":"us"})");
  const Reply found = get("/custom-domains?q=domain_metadata.region:eu");
  ASSERT_EQ(found.status, 200) << found.text;
  ASSERT_EQ(found.at("/custom_domains").as_array().size(), 1u);
  EXPECT_EQ(found.at("/custom_domains/0/domain"), "b.acme.example");
  EXPECT_EQ(get("/custom-domains?q=domain:B.acme.example").at("/custom_domains").as_array().size(), 1u);
  EXPECT_EQ(get("/custom-domains?q=(").status, 400);
  const Reply sorted = get("/custom-domains?sort=domain:1&fields=domain");
  EXPECT_EQ(sorted.at("/0/domain"), "a.acme.example");
  EXPECT_FALSE(sorted.has("/0/type"));
  EXPECT_TRUE(sorted.has("/0/custom_domain_id"));
  EXPECT_EQ(get("/custom-domains?sort=domain:-1").status, 400);
}

TEST_F(CustomDomainsTest, OneVerifiedDomainCanBeTheDefault) {
  EXPECT_EQ(get("/custom-domains/default").body, json::parse(R"({"domain":"default.example.com"})"));
  const Reply first = create("a.example"), second = create("b.example");
  const Reply early = patch("/custom-domains/default", R"({"domain":"a.example"})");
  EXPECT_EQ(early.status, 400);
  EXPECT_EQ(early.message(), "The domain must be verified before it can be set as default.");
  for (const Reply* made : {&first, &second}) {
    publish(*made);
    verify(*made);
  }
  EXPECT_EQ(patch("/custom-domains/default", R"({"domain":"a.example"})").at("/is_default"), true);
  EXPECT_EQ(patch("/custom-domains/default", R"({"domain":"B.example"})").at("/domain"), "b.example");
  EXPECT_EQ(get("/custom-domains/" + first.id("custom_domain_id")).at("/is_default"), false);
  EXPECT_EQ(get("/custom-domains/default").id("custom_domain_id"), second.id("custom_domain_id"));
  EXPECT_EQ(patch("/custom-domains/default", R"({"domain":"default.example.com"})").at("/domain"), "default.example.com");
  EXPECT_FALSE(get("/custom-domains/default").has("/custom_domain_id"));
  EXPECT_EQ(patch("/custom-domains/default", R"({"domain":"c.example"})").status, 404);
}

}  // namespace
}  // namespace symbolon::management
