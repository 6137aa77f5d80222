// Tenant A has one record of every kind. Whoever acts for tenant B with A's ids sees nothing and changes nothing.
#include "store/client_store.h"
#include "store/connection_remains.h"
#include "store/connection_store.h"
#include "store/consent_store.h"
#include "store/custom_text_store.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/outbox_store.h"
#include "store/recording_transaction.h"
#include "store/refresh_token_store.h"
#include "store/resource_server_store.h"
#include "store/scim_store.h"
#include "store/self_service_store.h"
#include "store/session_store.h"
#include "store/signing_key_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"
#include "store/ticket_store.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

const TenantId kA("a"), kB("b");
const ClientId kClient("client_1");
const ConnectionId kConnection("con_1");
const UserId kUser("oidc|Corp|jane");
const SessionId kSession("sid_1");
const GrantId kGrant("grant_1");

// Does tenant B see something, or is it told that it changed something?
struct Reach {
  const char* name;
  bool (*reaches)(db::Transaction& tx);
};

// Records of A that somebody tries to write as B.
// The sample has it off; lists of what people may choose from would be empty.
void let_people_sign_in(db::Transaction& tx) { tx.execute("UPDATE connections SET authentication_active = 1, zitadel_owner = ''"); }

model::Client client_of_a() { return sample_client(kA); }
model::Connection connection_of_a() { return sample_connection(kA); }
model::User user_of_a() { return sample_user(kA); }
model::Session session_of_a() { return sample_session(kA); }

const Reach kReads[] = {
    {"ClientStore::find", [](auto& tx) { return ClientStore(tx, kB).find(kClient).has_value(); }},
    {"ClientStore::list",
     [](auto& tx) {
       return ClientStore(tx, kB).list({}, {}).total > 0 || !ClientStore(tx, kB).list({}, {}).items.empty();
     }},
    {"ClientStore::is_known_origin",
     [](auto& tx) { return ClientStore(tx, kB).is_known_origin("https://shop.example.com"); }},
    {"ClientStore::list_credentials", [](auto& tx) { return !ClientStore(tx, kB).list_credentials(kClient).empty(); }},
    {"ClientStore::find_credential",
     [](auto& tx) { return ClientStore(tx, kB).find_credential(kClient, "cred_1").has_value(); }},
    {"ConnectionStore::find", [](auto& tx) { return ConnectionStore(tx, kB).find(kConnection).has_value(); }},
    {"ConnectionStore::find_shown",
     [](auto& tx) { return ConnectionStore(tx, kB).find_shown(kConnection).has_value(); }},
    {"ConnectionStore::list_shown", [](auto& tx) { return !ConnectionStore(tx, kB).list_shown({}, {}).items.empty(); }},
    {"ConnectionStore::find_by_name",
     [](auto& tx) { return ConnectionStore(tx, kB).find_by_name("Corp").has_value(); }},
    {"ConnectionStore::find_by_zitadel_id",
     [](auto& tx) { return ConnectionStore(tx, kB).find_by_zitadel_id("1con_1").has_value(); }},
    {"ConnectionStore::find_for_client, id",
     [](auto& tx) { return ConnectionStore(tx, kB).find_for_client(kConnection, kClient).has_value(); }},
    {"ConnectionStore::find_for_client, name",
     [](auto& tx) { return ConnectionStore(tx, kB).find_for_client("Corp", kClient).has_value(); }},
    {"ConnectionStore::find_for_client, realm",
     [](auto& tx) { return ConnectionStore(tx, kB).find_for_client("realm of con_1", kClient).has_value(); }},
    {"ConnectionStore::list_for_client",
     [](auto& tx) { return !ConnectionStore(tx, kB).list_for_client(kClient, true, 10).empty(); }},
    {"ConnectionStore::list_buttons",
     [](auto& tx) { return !ConnectionStore(tx, kB).list_buttons(kClient, true, 10).empty(); }},
    {"ConnectionStore::has_domains", [](auto& tx) { return ConnectionStore(tx, kB).has_domains(kClient, true); }},
    {"ConnectionStore::list_by_domain",
     [](auto& tx) { return !ConnectionStore(tx, kB).list_by_domain(kClient, true, "corp.example").empty(); }},
    {"ConnectionStore::list_of_user",
     [](auto& tx) { return !ConnectionStore(tx, kB).list_of_user(kClient, true, kUser).empty(); }},
    {"ConnectionStore::list", [](auto& tx) { return ConnectionStore(tx, kB).list({}, {}).total > 0; }},
    {"ConnectionStore::list, of client",
     [](auto& tx) { return ConnectionStore(tx, kB).list({.enabled_for = kClient}, {}).total > 0; }},
    {"ConnectionStore::enabled_clients",
     [](auto& tx) { return !ConnectionStore(tx, kB).enabled_clients(kConnection).empty(); }},
    {"ConnectionStore::list_enabled_clients",
     [](auto& tx) { return ConnectionStore(tx, kB).list_enabled_clients(kConnection, "", 10).total > 0; }},
    {"ConnectionStore::is_realm_taken",
     [](auto& tx) { return ConnectionStore(tx, kB).is_realm_taken(ConnectionId("x"), {"Corp", "realm of con_1"}); }},
    {"UserStore::find", [](auto& tx) { return UserStore(tx, kB).find(kUser).has_value(); }},
    {"UserStore::find_by_identity",
     [](auto& tx) { return UserStore(tx, kB).find_by_identity(kConnection, "jane").has_value(); }},
    {"UserStore::find_by_email", [](auto& tx) { return !UserStore(tx, kB).find_by_email("jane@example.com").empty(); }},
    {"UserStore::find_by_username", [](auto& tx) { return !UserStore(tx, kB).find_by_username("jane.d").empty(); }},
    {"UserStore::list", [](auto& tx) { return UserStore(tx, kB).list({}).total > 0; }},
    {"UserStore::scan", [](auto& tx) { return !UserStore(tx, kB).scan({}, 0, 10, false).users.empty(); }},
    {"UserStore::scan, connection",
     [](auto& tx) { return !UserStore(tx, kB).scan({.connection = kConnection}, 0, 10, false).users.empty(); }},
    {"SessionStore::find", [](auto& tx) { return SessionStore(tx, kB).find(kSession).has_value(); }},
    {"SessionStore::find_by_cookie",
     [](auto& tx) { return SessionStore(tx, kB).find_by_cookie(session_of_a().cookie, kNow).has_value(); }},
    {"SessionStore::find_by_cookie, previous",
     [](auto& tx) { return SessionStore(tx, kB).find_by_cookie(session_of_a().previous_cookie, kNow).has_value(); }},
    {"SessionStore::list_by_user", [](auto& tx) { return !SessionStore(tx, kB).list_by_user(kUser).empty(); }},
    {"SessionStore::list_by_user, window",
     [](auto& tx) { return SessionStore(tx, kB).list_by_user(kUser, Window()).total > 0; }},
    {"SessionStore::list_by_upstream, sid",
     [](auto& tx) { return !SessionStore(tx, kB).list_by_upstream(kConnection, "upstream sid of sid_1", "").empty(); }},
    {"SessionStore::list_by_upstream, subject",
     [](auto& tx) { return !SessionStore(tx, kB).list_by_upstream(kConnection, "", "jane").empty(); }},
    {"GrantStore::find", [](auto& tx) { return GrantStore(tx, kB).find(kGrant).has_value(); }},
    {"CodeStore::find_used",
     [](auto& tx) { return CodeStore(tx, kB).find_used(hash_of<model::CodeHash>("code_used")).has_value(); }},
    {"AccessTokenStore::find",
     [](auto& tx) { return AccessTokenStore(tx, kB).find(sample_access_token().hash).has_value(); }},
    {"AccessTokenStore::find_live",
     [](auto& tx) { return AccessTokenStore(tx, kB).find_live(sample_access_token().hash, kNow).has_value(); }},
    {"RefreshTokenStore::find",
     [](auto& tx) { return RefreshTokenStore(tx, kB).find(sample_refresh_token().hash).has_value(); }},
    {"RefreshTokenStore::find_by_id",
     [](auto& tx) { return RefreshTokenStore(tx, kB).find_by_id("rt_1").has_value(); }},
    {"RefreshTokenStore::newest_generation",
     [](auto& tx) { return RefreshTokenStore(tx, kB).newest_generation(sample_refresh_token()) >= 0; }},
    {"RefreshTokenStore::list_by_user",
     [](auto& tx) { return RefreshTokenStore(tx, kB).list_by_user(kUser, ClientId(), {}).total > 0; }},
    {"RefreshTokenStore::metadata", [](auto& tx) { return !RefreshTokenStore(tx, kB).metadata("rt_1").empty(); }},
    {"ResourceServerStore::find", [](auto& tx) { return ResourceServerStore(tx, kB).find("rs_1").has_value(); }},
    {"ResourceServerStore::find_by_identifier",
     [](auto& tx) { return ResourceServerStore(tx, kB).find_by_identifier("https://api.example.com").has_value(); }},
    {"ResourceServerStore::list", [](auto& tx) { return ResourceServerStore(tx, kB).list({}, {}).total > 0; }},
    {"ClientGrantStore::find", [](auto& tx) { return ClientGrantStore(tx, kB).find("cgr_1").has_value(); }},
    {"ClientGrantStore::find, target",
     [](auto& tx) { return ClientGrantStore(tx, kB).find(kClient, "https://api.example.com", "client").has_value(); }},
    {"ClientGrantStore::list", [](auto& tx) { return ClientGrantStore(tx, kB).list({}, {}).total > 0; }},
    {"ConsentStore::scopes", [](auto& tx) { return !ConsentStore(tx, kB).scopes(kUser, kClient, "").empty(); }},
    {"LogStore::find", [](auto& tx) { return LogStore(tx, kB).find("9002017500000001230000").has_value(); }},
    {"LogStore::find_by_reference", [](auto& tx) { return LogStore(tx, kB).find_by_reference("R-1").has_value(); }},
    {"LogStore::scan", [](auto& tx) { return !LogStore(tx, kB).scan({}, "", 10, true).empty(); }},
    {"LogStore::count", [](auto& tx) { return LogStore(tx, kB).count({}) > 0; }},
    {"SigningKeyStore::list", [](auto& tx) { return !SigningKeyStore(tx, kB).list().empty(); }},
    {"SigningKeyStore::find", [](auto& tx) { return SigningKeyStore(tx, kB).find("kid_1").has_value(); }},
    {"TicketStore::find",
     [](auto& tx) {
       return TicketStore(tx, kB).find(TicketKind::pushed_request, sample_ticket().hash, kNow).has_value();
     }},
    {"TicketStore::is_burnt",
     [](auto& tx) {
       return TicketStore(tx, kB).is_burnt(TicketKind::login_state, hash_of<model::TicketHash>("state_1"));
     }},
    {"ScimStore::find", [](auto& tx) { return ScimStore(tx, kB).find(kConnection).has_value(); }},
    {"ScimStore::list", [](auto& tx) { return ScimStore(tx, kB).list({}).total > 0; }},
    {"ScimStore::list_tokens", [](auto& tx) { return !ScimStore(tx, kB).list_tokens(kConnection).empty(); }},
    {"SelfServiceStore::find", [](auto& tx) { return SelfServiceStore(tx, kB).find("ssp_1").has_value(); }},
    {"SelfServiceStore::list", [](auto& tx) { return SelfServiceStore(tx, kB).list({}).total > 0; }},
    {"SelfServiceStore::find_ticket",
     [](auto& tx) { return SelfServiceStore(tx, kB).find_ticket(sample_setup_ticket().hash, kNow).has_value(); }},
    {"CustomTextStore::find",
     [](auto& tx) { return CustomTextStore(tx, kB).find(TextKind::prompt, "login", "en").has_value(); }},
    {"TenantStore::find_domain_by_id",
     [](auto& tx) { return TenantStore(tx).find_domain_by_id(kB, "cd_a.example.com").has_value(); }},
    {"TenantStore::list_domains", [](auto& tx) { return !TenantStore(tx).list_domains(kB).empty(); }},
};

// For those without an answer the comparison of A's rows says whether something happened.
template <class F>
bool silently(F act) {
  act();
  return false;
}

const Reach kWrites[] = {
    {"ClientStore::update", [](auto& tx) { return ClientStore(tx, kB).update(client_of_a(), 4) != Update::missing; }},
    {"ClientStore::remove", [](auto& tx) { return ClientStore(tx, kB).remove(kClient); }},
    {"ClientStore::update_credential",
     [](auto& tx) { return ClientStore(tx, kB).update_credential(sample_credential()); }},
    {"ClientStore::remove_credential",
     [](auto& tx) { return ClientStore(tx, kB).remove_credential(kClient, "cred_1"); }},
    {"ConnectionStore::update",
     [](auto& tx) { return ConnectionStore(tx, kB).update(connection_of_a(), 5) != Update::missing; }},
    {"ConnectionStore::record_metadata_check",
     [](auto& tx) { return ConnectionStore(tx, kB).record_metadata_check(connection_of_a()); }},
    {"ConnectionStore::remove", [](auto& tx) { return ConnectionStore(tx, kB).remove(kConnection); }},
    {"ConnectionRemainsStore::remove_some",
     [](auto& tx) {
       const ConnectionRemains remains{kB, kConnection, false};
       return !ConnectionRemainsStore(tx).remove_some(remains, [](const SessionId&, bool) {});
     }},
    {"ConnectionStore::record_sealed_headers",
     [](auto& tx) { return silently([&] { ConnectionStore(tx, kB).record_sealed_headers(connection_of_a()); }); }},
    {"ConnectionStore::enable",
     [](auto& tx) {
       ConnectionStore(tx, kB).enable(kConnection, ClientId("client_of_b"));
       return !ConnectionStore(tx, kB).enabled_clients(kConnection).empty();
     }},
    {"ConnectionStore::disable",
     [](auto& tx) { return silently([&] { ConnectionStore(tx, kB).disable(kConnection, kClient); }); }},
    {"ConnectionStore::replace_enabled_clients",
     [](auto& tx) { return silently([&] { ConnectionStore(tx, kB).replace_enabled_clients(kConnection, {}); }); }},
    {"UserStore::update", [](auto& tx) { return UserStore(tx, kB).update(user_of_a()); }},
    {"UserStore::record_login",
     [](auto& tx) { return silently([&] { UserStore(tx, kB).record_login(kUser, kNow, "b"); }); }},
    {"UserStore::remove", [](auto& tx) { return UserStore(tx, kB).remove(kUser); }},
    {"UserStore::remove_identity",
     [](auto& tx) { return UserStore(tx, kB).remove_identity(kUser, ConnectionId("con_2"), "linked"); }},
    {"UserStore::invalidate_tokens",
     [](auto& tx) { return silently([&] { UserStore(tx, kB).invalidate_tokens(kUser, kNow); }); }},
    {"SessionStore::update", [](auto& tx) { return silently([&] { SessionStore(tx, kB).update(session_of_a()); }); }},
    {"SessionStore::touch",
     [](auto& tx) { return SessionStore(tx, kB).touch(kSession, kNow, kNow + 1h, "", ""); }},
    {"SessionStore::add_client",
     [](auto& tx) { return silently([&] { SessionStore(tx, kB).add_client(kSession, ClientId("b"), kNow); }); }},
    {"SessionStore::set_metadata", [](auto& tx) { return SessionStore(tx, kB).set_metadata(kSession, "{}", kNow); }},
    {"SessionStore::take", [](auto& tx) { return SessionStore(tx, kB).take(kSession).has_value(); }},
    {"GrantStore::revoke", [](auto& tx) { return GrantStore(tx, kB).revoke(kGrant, kNow); }},
    {"GrantStore::revoke_of_user",
     [](auto& tx) { return silently([&] { GrantStore(tx, kB).revoke_of_user(kUser, kNow); }); }},
    {"GrantStore::extend", [](auto& tx) { return silently([&] { GrantStore(tx, kB).extend(sample_grant(), kNow + 999h); }); }},
    {"CodeStore::take", [](auto& tx) { return CodeStore(tx, kB).take(sample_code().hash, kNow).has_value(); }},
    {"CodeStore::cancel_of_session",
     [](auto& tx) { return silently([&] { CodeStore(tx, kB).cancel_of_session(kUser, kSession, kNow); }); }},
    {"CodeStore::cancel_of_user",
     [](auto& tx) { return silently([&] { CodeStore(tx, kB).cancel_of_user(kUser, kNow); }); }},
    {"AccessTokenStore::remove", [](auto& tx) { return AccessTokenStore(tx, kB).remove(sample_access_token().hash); }},
    {"RefreshTokenStore::take_newest",
     [](auto& tx) { return RefreshTokenStore(tx, kB).take_newest(sample_refresh_token().hash, kNow); }},
    {"RefreshTokenStore::touch",
     [](auto& tx) {
       return silently(
           [&] { RefreshTokenStore(tx, kB).touch(sample_refresh_token().hash, kNow, kNow + 99h, kNow + 99h); });
     }},
    {"RefreshTokenStore::retire_generation",
     [](auto& tx) {
       return silently([&] { RefreshTokenStore(tx, kB).retire_generation(sample_refresh_token(), kNow); });
     }},
    {"RefreshTokenStore::forget_before",
     [](auto& tx) { return silently([&] { RefreshTokenStore(tx, kB).forget_before(sample_refresh_token(), 99); }); }},
    {"RefreshTokenStore::revoke_unrotating",
     [](auto& tx) { return RefreshTokenStore(tx, kB).revoke_unrotating(kUser, kClient, "") > 0; }},
    {"AccessTokenStore::remove_of_session",
     [](auto& tx) { return silently([&] { AccessTokenStore(tx, kB).remove_of_session(kUser, SessionId("sid_1")); }); }},
    {"RefreshTokenStore::revoke_family",
     [](auto& tx) { return RefreshTokenStore(tx, kB).revoke_family(sample_refresh_token()) > 0; }},
    {"RefreshTokenStore::revoke_of_user", [](auto& tx) { return RefreshTokenStore(tx, kB).revoke_of_user(kUser) > 0; }},
    {"RefreshTokenStore::revoke_of_user_and_client",
     [](auto& tx) { return RefreshTokenStore(tx, kB).revoke_of_user_and_client(kUser, kClient) > 0; }},
    {"RefreshTokenStore::revoke_of_user_client_audience",
     [](auto& tx) {
       return RefreshTokenStore(tx, kB).revoke_of_user_client_audience(kUser, kClient, "https://api.example.com") > 0;
     }},
    {"RefreshTokenStore::revoke_of_session",
     [](auto& tx) { return RefreshTokenStore(tx, kB).revoke_of_session(kUser, kSession, false) > 0; }},
    {"RefreshTokenStore::drop_oldest",
     [](auto& tx) { return silently([&] { RefreshTokenStore(tx, kB).drop_oldest(kUser, kClient, 0); }); }},
    {"RefreshTokenStore::set_metadata", [](auto& tx) { return RefreshTokenStore(tx, kB).set_metadata("rt_1", "{}"); }},
    {"ResourceServerStore::update",
     [](auto& tx) { return ResourceServerStore(tx, kB).update(sample_resource_server(kA), 2) != Update::missing; }},
    {"ResourceServerStore::remove", [](auto& tx) { return ResourceServerStore(tx, kB).remove("rs_1"); }},
    {"ClientGrantStore::update",
     [](auto& tx) { return ClientGrantStore(tx, kB).update(sample_client_grant(kA), 2) != Update::missing; }},
    {"ClientGrantStore::remove", [](auto& tx) { return ClientGrantStore(tx, kB).remove("cgr_1"); }},
    {"OutboxStore::remove", [](auto& tx) { return silently([&] { OutboxStore(tx).remove(kB, "item_1"); }); }},
    {"OutboxStore::lease",
     [](auto& tx) {
       OutboxItem item = sample_item(kB);
       return OutboxStore(tx).lease(item, kNow + 99h);
     }},
    {"OutboxStore::reschedule",
     [](auto& tx) { return silently([&] { OutboxStore(tx).reschedule(sample_item(kB), kNow + 99h); }); }},
    {"SigningKeyStore::update",
     [](auto& tx) { return silently([&] { SigningKeyStore(tx, kB).update(sample_key(kA)); }); }},
    {"SigningKeyStore::remove", [](auto& tx) { return SigningKeyStore(tx, kB).remove("kid_1"); }},
    {"TicketStore::take",
     [](auto& tx) {
       return TicketStore(tx, kB).take(TicketKind::pushed_request, sample_ticket().hash, kNow).has_value();
     }},
    {"ScimStore::update", [](auto& tx) { return ScimStore(tx, kB).update(sample_scim(), 2) != Update::missing; }},
    {"ScimStore::remove", [](auto& tx) { return ScimStore(tx, kB).remove(kConnection); }},
    {"ScimStore::remove_token", [](auto& tx) { return ScimStore(tx, kB).remove_token(kConnection, "tok_1"); }},
    {"ScimStore::remove_expired_tokens",
     [](auto& tx) { return silently([&] { ScimStore(tx, kB).remove_expired_tokens(kConnection, kNow + 99h); }); }},
    {"SelfServiceStore::update",
     [](auto& tx) { return SelfServiceStore(tx, kB).update(sample_profile(), 2) != Update::missing; }},
    {"SelfServiceStore::remove", [](auto& tx) { return SelfServiceStore(tx, kB).remove("ssp_1"); }},
    {"SelfServiceStore::remove_ticket",
     [](auto& tx) { return SelfServiceStore(tx, kB).remove_ticket("ssp_1", sample_setup_ticket().hash); }},
    {"CustomTextStore::remove",
     [](auto& tx) { return silently([&] { CustomTextStore(tx, kB).remove(TextKind::prompt, "login"); }); }},
    {"TenantStore::update_domain",
     [](auto& tx) {
       auto domain = sample_domain(kB);
       domain.id = "cd_a.example.com";
       return TenantStore(tx).update_domain(domain, 2) != Update::missing;
     }},
    {"TenantStore::remove_domain", [](auto& tx) { return TenantStore(tx).remove_domain(kB, "cd_a.example.com"); }},
    {"TenantStore::remove", [](auto& tx) { return TenantStore(tx).remove(kB); }},
};

class TenantIsolationTest : public StoreTest {
 protected:
  void SetUp() override {
    write([](db::Transaction& tx) {
      populate(tx, kA);
      let_people_sign_in(tx);
      UserStore(tx, kA).add_identity(kUser, sample_identity("con_2", "linked"));
      CodeStore(tx, kA).insert(sample_code("code_used"));
      CodeStore(tx, kA).take(hash_of<model::CodeHash>("code_used"), kNow);
      RefreshTokenStore(tx, kA).set_metadata("rt_1", R"({"of":"a"})");
    });
  }
};

TEST_P(TenantIsolationTest, T56AnotherTenantSeesNothing) {
  read([](db::Transaction& tx) {
    for (const Reach& row : kReads) EXPECT_FALSE(row.reaches(tx)) << row.name;
  });
}

TEST_P(TenantIsolationTest, T56AnotherTenantChangesNothing) {
  write([](db::Transaction& tx) {
    const auto before = dump_tenant(tx, kA);
    for (const Reach& row : kWrites) {
      EXPECT_FALSE(row.reaches(tx)) << row.name;
      EXPECT_EQ(dump_tenant(tx, kA), before) << row.name;
    }
    EXPECT_EQ(dump_tenant(tx, kB), std::vector<std::string>()) << "nothing is left behind either";
  });
}

// Each of the actions above does reach its own tenant, or it would prove nothing.
TEST_P(TenantIsolationTest, TheSameIdsInTwoTenantsAreTwoRecords) {
  write([](db::Transaction& tx) {
    const auto before = dump_tenant(tx, kA);
    populate(tx, kB);
    let_people_sign_in(tx);
    UserStore(tx, kB).add_identity(kUser, sample_identity("con_2", "linked"));
    CodeStore(tx, kB).insert(sample_code("code_used"));
    CodeStore(tx, kB).take(hash_of<model::CodeHash>("code_used"), kNow);
    RefreshTokenStore(tx, kB).set_metadata("rt_1", R"({"of":"b"})");
    for (const Reach& row : kReads)
      if (!std::string(row.name).contains("find_domain_by_id")) EXPECT_TRUE(row.reaches(tx)) << row.name;
    EXPECT_EQ(dump_tenant(tx, kA), before);
    EXPECT_TRUE(ConnectionStore(tx, kB).remove(kConnection));
    EXPECT_TRUE(ClientStore(tx, kB).remove(kClient));
    EXPECT_TRUE(TenantStore(tx).remove(kB));
    EXPECT_EQ(dump_tenant(tx, kA), before);
  });
}

TEST_P(TenantIsolationTest, EveryStatementNamesTheTenant) {
  write([](db::Transaction& tx) {
    RecordingTransaction recording(tx);
    for (const Reach& row : kReads) row.reaches(recording);
    for (const Reach& row : kWrites) row.reaches(recording);
    ASSERT_GT(recording.statements.size(), 100u);
    for (const auto& [sql, values] : recording.statements) {
      EXPECT_TRUE(sql.contains("tenant = ?1")) << sql;
      EXPECT_EQ(std::get<std::string>(values.at(0).get()), "b") << sql;
    }
  });
}

TEST_P(TenantIsolationTest, NothingIsMadeForARecordOfAnotherTenant) {
  const auto refused = [&](void (*act)(db::Transaction&)) {
    EXPECT_THROW(write([act](db::Transaction& tx) { act(tx); }), std::logic_error);
  };
  refused([](db::Transaction& tx) { CodeStore(tx, kB).insert(sample_code("new")); });
  refused([](db::Transaction& tx) { UserStore(tx, kB).add_identity(kUser, sample_identity("con_1", "new")); });
  refused([](db::Transaction& tx) { ClientStore(tx, kB).insert_credential(sample_credential()); });
}

INSTANTIATE_TEST_SUITE_P(Drivers, TenantIsolationTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
