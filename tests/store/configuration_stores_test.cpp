// Provisioning, self-service profiles and custom texts.
#include "store/connection_store.h"
#include "store/custom_text_store.h"
#include "store/scim_store.h"
#include "store/self_service_store.h"
#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

const ConnectionId kConnection("con_1");

class ConfigurationStoresTest : public StoreTest {};

TEST_P(ConfigurationStoresTest, AConnectionHasOneScimConfiguration) {
  write([](db::Transaction& tx) {
    ScimStore scim(tx, kTenant);
    EXPECT_EQ(scim.insert(sample_scim()), Insert::done);
    EXPECT_EQ(scim.insert(sample_scim()), Insert::duplicate);
    expect_same(scim.find(kConnection).value(), sample_scim());
    EXPECT_FALSE(scim.find(ConnectionId("con_2")));

    auto changed = sample_scim();
    changed.user_id_attribute = "userName";
    changed.mapping = "[]";
    changed.updated_at = kNow + 1h;
    EXPECT_EQ(scim.update(changed, 1), Update::changed_meanwhile);
    EXPECT_EQ(scim.update(changed, 2), Update::done);
    changed.version = 3;
    expect_same(scim.find(kConnection).value(), changed);
    EXPECT_EQ(scim.update(sample_scim("con_2"), 2), Update::missing);
  });
}

TEST_P(ConfigurationStoresTest, ScimConfigurationsAreListedByCreation) {
  write([](db::Transaction& tx) {
    ScimStore scim(tx, kTenant);
    for (const char* id : {"con_3", "con_1", "con_2"}) scim.insert(sample_scim(id));
    const auto page = scim.list({.after = 0, .offset = 0, .limit = 2});
    ASSERT_EQ(page.items.size(), 2u);
    EXPECT_EQ(page.items[0].connection.str(), "con_3");
    EXPECT_EQ(page.total, 3);
    const auto rest = scim.list({.after = page.next.value(), .offset = 0, .limit = 2});
    ASSERT_EQ(rest.items.size(), 1u);
    EXPECT_EQ(rest.items[0].connection.str(), "con_2");
    EXPECT_FALSE(rest.next);
  });
}

TEST_P(ConfigurationStoresTest, ScimTokensBelongToAConnection) {
  write([](db::Transaction& tx) {
    ScimStore scim(tx, kTenant);
    auto endless = sample_scim_token("tok_2");
    endless.expires_at.reset();
    endless.last_used_at.reset();
    endless.created_at = kNow - 1h;
    scim.insert_token(sample_scim_token());
    scim.insert_token(endless);
    scim.insert_token(sample_scim_token("tok_3", "con_2"));
    const auto tokens = scim.list_tokens(kConnection);
    ASSERT_EQ(tokens.size(), 2u);
    expect_same(tokens[0], endless);
    expect_same(tokens[1], sample_scim_token());
    EXPECT_FALSE(scim.remove_token(kConnection, "tok_3"));
    scim.remove_expired_tokens(kConnection, kNow + 1h - 1ms);
    EXPECT_EQ(scim.list_tokens(kConnection).size(), 2u);
    scim.remove_expired_tokens(kConnection, kNow + 1h);
    EXPECT_EQ(scim.list_tokens(kConnection).size(), 1u);
    EXPECT_TRUE(scim.remove_token(kConnection, "tok_2"));
    EXPECT_EQ(scim.list_tokens(ConnectionId("con_2")).size(), 1u);
  });
}

TEST_P(ConfigurationStoresTest, AConnectionTakesItsProvisioningAlong) {
  write([](db::Transaction& tx) {
    ConnectionStore(tx, kTenant).insert(sample_connection());
    ScimStore scim(tx, kTenant);
    scim.insert(sample_scim());
    scim.insert_token(sample_scim_token());
    scim.insert(sample_scim("con_2"));
    EXPECT_TRUE(ConnectionStore(tx, kTenant).remove(kConnection));
    EXPECT_FALSE(scim.find(kConnection));
    EXPECT_TRUE(scim.list_tokens(kConnection).empty());
    EXPECT_TRUE(scim.find(ConnectionId("con_2")));
  });
}

TEST_P(ConfigurationStoresTest, ProfilesAreKeptByIdAndVersion) {
  write([](db::Transaction& tx) {
    SelfServiceStore profiles(tx, kTenant);
    profiles.insert(sample_profile());
    profiles.insert(sample_profile("ssp_2"));
    expect_same(profiles.find("ssp_1").value(), sample_profile());
    EXPECT_EQ(profiles.list({}).total, 2);
    auto changed = sample_profile();
    changed.doc = "{}";
    changed.updated_at = kNow + 1h;
    EXPECT_EQ(profiles.update(changed, 1), Update::changed_meanwhile);
    EXPECT_EQ(profiles.update(changed, 2), Update::done);
    changed.version = 3;
    expect_same(profiles.find("ssp_1").value(), changed);
    EXPECT_EQ(profiles.update(sample_profile("ssp_3"), 2), Update::missing);
    EXPECT_TRUE(profiles.remove("ssp_1"));
    EXPECT_FALSE(profiles.remove("ssp_1"));
  });
}

TEST_P(ConfigurationStoresTest, SetUpTicketsEndWithTimeAndWithTheirProfile) {
  write([](db::Transaction& tx) {
    SelfServiceStore profiles(tx, kTenant);
    profiles.insert(sample_profile());
    const auto ticket = sample_setup_ticket();
    profiles.insert_ticket(ticket);
    profiles.insert_ticket(sample_setup_ticket("setup_2"));
    expect_same(profiles.find_ticket(ticket.hash, kNow).value(), ticket);
    EXPECT_TRUE(profiles.find_ticket(ticket.hash, ticket.expires_at - 1ms));
    EXPECT_FALSE(profiles.find_ticket(ticket.hash, ticket.expires_at));
    EXPECT_FALSE(profiles.remove_ticket("ssp_2", ticket.hash));
    EXPECT_TRUE(profiles.remove_ticket("ssp_1", ticket.hash));
    EXPECT_FALSE(profiles.find_ticket(ticket.hash, kNow));
    profiles.remove("ssp_1");
    EXPECT_FALSE(profiles.find_ticket(sample_setup_ticket("setup_2").hash, kNow));
  });
}

TEST_P(ConfigurationStoresTest, TextsAreKeptByKindNameAndLanguage) {
  write([](db::Transaction& tx) {
    CustomTextStore texts(tx, kTenant);
    texts.put(TextKind::prompt, "login", "en", "1", kNow);
    texts.put(TextKind::prompt, "login", "fr", "2", kNow);
    texts.put(TextKind::prompt_partial, "login", "en", "3", kNow);
    texts.put(TextKind::prompt, "login", "en", "4", kNow + 1h);
    EXPECT_EQ(texts.find(TextKind::prompt, "login", "en"), "4");
    EXPECT_EQ(texts.find(TextKind::prompt, "login", "fr"), "2");
    EXPECT_EQ(texts.find(TextKind::prompt_partial, "login", "en"), "3");
    EXPECT_FALSE(texts.find(TextKind::self_service_page, "login", "en"));
    texts.remove(TextKind::prompt, "login");
    EXPECT_FALSE(texts.find(TextKind::prompt, "login", "fr"));
    EXPECT_EQ(texts.find(TextKind::prompt_partial, "login", "en"), "3");
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ConfigurationStoresTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
