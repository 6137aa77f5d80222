#include "store/tenant_store.h"

#include <algorithm>

#include "store/store_test.h"
#include "store/table_dump.h"
#include "store/tenant_tables.h"

namespace symbolon::store {
namespace {

class TenantStoreTest : public StoreTest {};

TEST_P(TenantStoreTest, FindsWhatWasInserted) {
  const auto tenant = sample_tenant();
  write([&](db::Transaction& tx) { EXPECT_EQ(TenantStore(tx).insert(tenant), Insert::done); });
  read([&](db::Transaction& tx) {
    expect_same(TenantStore(tx).find(kTenant).value(), tenant);
    EXPECT_FALSE(TenantStore(tx).find(TenantId("Default")));
    EXPECT_EQ(TenantStore(tx).list().size(), 1u);
  });
}

TEST_P(TenantStoreTest, RefusesASecondOneOfTheSameName) {
  write([&](db::Transaction& tx) {
    TenantStore(tx).insert(sample_tenant());
    EXPECT_EQ(TenantStore(tx).insert(tenant_from_document(kTenant, "{}")), Insert::duplicate);
  });
  read([&](db::Transaction& tx) { EXPECT_EQ(TenantStore(tx).find(kTenant)->friendly_name, "Example"); });
}

TEST_P(TenantStoreTest, UpdatesOnlyTheVersionItWasBasedOn) {
  write([&](db::Transaction& tx) {
    TenantStore tenants(tx);
    auto tenant = sample_tenant();
    EXPECT_EQ(tenants.update(tenant, 3), Update::missing);
    tenants.insert(tenant);
    tenant = tenant_from_document(kTenant, R"({"friendly_name":"Other"})");
    EXPECT_EQ(tenants.update(tenant, 2), Update::changed_meanwhile);
    EXPECT_EQ(tenants.find(kTenant)->friendly_name, "Example");
    EXPECT_EQ(tenants.update(tenant, 3), Update::done);
    EXPECT_EQ(tenants.find(kTenant)->friendly_name, "Other");
    EXPECT_EQ(tenants.find(kTenant)->version, 4);
    EXPECT_EQ(tenants.update(tenant, 3), Update::changed_meanwhile);
  });
}

TEST_P(TenantStoreTest, DomainsBelongToOneTenant) {
  const auto domain = sample_domain();
  write([&](db::Transaction& tx) {
    TenantStore tenants(tx);
    EXPECT_EQ(tenants.insert_domain(domain), Insert::done);
    EXPECT_EQ(tenants.insert_domain(sample_domain(TenantId("other"))), Insert::duplicate);
    auto same_id = sample_domain(kTenant, "second.example.com");
    same_id.id = domain.id;
    EXPECT_EQ(tenants.insert_domain(same_id), Insert::duplicate);

    expect_same(tenants.find_domain("login.example.com").value(), domain);
    expect_same(tenants.find_domain_by_id(kTenant, domain.id).value(), domain);
    EXPECT_FALSE(tenants.find_domain("Login.example.com"));
    EXPECT_FALSE(tenants.find_domain("example.com"));
    EXPECT_FALSE(tenants.find_domain_by_id(TenantId("other"), domain.id));
    EXPECT_EQ(tenants.list_domains(kTenant).size(), 1u);
    EXPECT_TRUE(tenants.list_domains(TenantId("other")).empty());
  });
}

TEST_P(TenantStoreTest, DomainsAreUpdatedAndRemovedByTheirTenantOnly) {
  write([&](db::Transaction& tx) {
    TenantStore tenants(tx);
    auto domain = sample_domain();
    EXPECT_EQ(tenants.update_domain(domain, 2), Update::missing);
    tenants.insert_domain(domain);
    domain.verified_at.reset();
    domain.is_canonical = false;
    domain.doc = "{}";
    domain.base_url = "https://login.example.com:8443";
    EXPECT_EQ(tenants.update_domain(domain, 1), Update::changed_meanwhile);
    auto foreign = domain;
    foreign.tenant = TenantId("other");
    EXPECT_EQ(tenants.update_domain(foreign, 2), Update::missing);
    EXPECT_EQ(tenants.update_domain(domain, 2), Update::done);
    domain.version = 3;
    expect_same(tenants.find_domain_by_id(kTenant, domain.id).value(), domain);
    EXPECT_FALSE(tenants.find_domain(domain.host)) << "nobody proved it";

    EXPECT_FALSE(tenants.remove_domain(TenantId("other"), domain.id));
    EXPECT_TRUE(tenants.remove_domain(kTenant, domain.id));
    EXPECT_FALSE(tenants.remove_domain(kTenant, domain.id));
    EXPECT_FALSE(tenants.find_domain_by_id(kTenant, domain.id));
  });
}

TEST_P(TenantStoreTest, AnUnprovedNameIsHeldByNobody) {
  write([](db::Transaction& tx) {
    TenantStore tenants(tx);
    auto claim = sample_domain();
    claim.is_canonical = false;
    claim.verified_at.reset();
    auto other = claim;
    other.tenant = TenantId("other");
    EXPECT_EQ(tenants.insert_domain(claim), Insert::done);
    EXPECT_EQ(tenants.insert_domain(other), Insert::done);
    auto again = claim;
    again.id = "cd_again";
    EXPECT_EQ(tenants.insert_domain(again), Insert::duplicate) << "each tenant names it once";
    EXPECT_FALSE(tenants.find_domain(claim.host));

    auto proved = sample_domain(TenantId("third"));
    EXPECT_EQ(tenants.insert_domain(proved), Insert::done) << "an operator is not stopped by a claim";
    expect_same(tenants.find_domain(claim.host).value(), proved);
    auto late = claim;
    late.tenant = TenantId("fourth");
    EXPECT_EQ(tenants.insert_domain(late), Insert::duplicate);
  });
}

TEST_P(TenantStoreTest, RemovalTakesEveryRowOfTheTenantAndNoOther) {
  const TenantId other("other");
  write([&](db::Transaction& tx) {
    populate(tx, kTenant);
    populate(tx, other);
  });
  const auto before = read([&](db::Transaction& tx) { return dump_tenant(tx, other); });
  write([&](db::Transaction& tx) {
    EXPECT_FALSE(TenantStore(tx).remove(TenantId("third")));
    EXPECT_TRUE(TenantStore(tx).remove(kTenant));
    EXPECT_FALSE(TenantStore(tx).remove(kTenant));
  });
  read([&](db::Transaction& tx) {
    EXPECT_EQ(dump_tenant(tx, kTenant), std::vector<std::string>());
    EXPECT_EQ(dump_tenant(tx, other), before);
  });
}

TEST_P(TenantStoreTest, ListsEveryTableOfTheSchema) {
  std::vector<std::string> known(kTenantTables.begin(), kTenantTables.end());
  std::ranges::sort(known);
  EXPECT_EQ(read([](db::Transaction& tx) { return table_names(tx); }), known);
}

INSTANTIATE_TEST_SUITE_P(Drivers, TenantStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
