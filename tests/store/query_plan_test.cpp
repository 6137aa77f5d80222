// What a login asks of the database is found by index, whatever the size of the tenant.
#include <algorithm>

#include "store/client_store.h"
#include "store/connection_remains.h"
#include "store/connection_store.h"
#include "store/consent_store.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/organisation_store.h"
#include "store/outbox_store.h"
#include "store/recording_transaction.h"
#include "store/refresh_token_store.h"
#include "store/resource_server_store.h"
#include "store/session_store.h"
#include "store/signing_key_store.h"
#include "store/store_test.h"
#include "store/sweep.h"
#include "store/ticket_store.h"
#include "store/user_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

struct Step {
  const char* name;
  void (*run)(db::Transaction&);
};

const ClientId kClient("client_1");
const ConnectionId kConnection("con_1");
const UserId kUser("oidc|Corp|jane");
const SessionId kSession("sid_1");
const GrantId kGrant("grant_1");
const model::OrganisationId kOrganisation("org_1");

const Step kHot[] = {
    {"TenantStore::find", [](auto& tx) { TenantStore(tx).find(kTenant); }},
    {"TenantStore::find_domain", [](auto& tx) { TenantStore(tx).find_domain("login.example.com"); }},
    {"ClientStore::find",
     [](auto& tx) {
       auto client =
           client_from_document(kTenant, R"({"client_id":"client_2","name":"x","client_authentication_methods":
         {"private_key_jwt":{"credentials":[{"id":"cred_1"}]}}})");
       ClientStore(tx, kTenant).insert(client);
       ClientStore(tx, kTenant).find(client.id);
     }},
    {"ClientStore::is_known_origin",
     [](auto& tx) { ClientStore(tx, kTenant).is_known_origin("https://shop.example.com"); }},
    {"ConnectionStore::find", [](auto& tx) { ConnectionStore(tx, kTenant).find(kConnection); }},
    {"ConnectionStore::find_for_client, id",
     [](auto& tx) { ConnectionStore(tx, kTenant).find_for_client(kConnection, kClient); }},
    {"ConnectionStore::find_for_client, name",
     [](auto& tx) { ConnectionStore(tx, kTenant).find_for_client("Corp", kClient); }},
    {"ConnectionStore::find_for_client, realm",
     [](auto& tx) { ConnectionStore(tx, kTenant).find_for_client("realm of con_1", kClient); }},
    {"ConnectionStore::list_for_client",
     [](auto& tx) { ConnectionStore(tx, kTenant).list_for_client(kClient, true, 20); }},
    {"ConnectionStore::list_buttons", [](auto& tx) { ConnectionStore(tx, kTenant).list_buttons(kClient, true, 20); }},
    {"ConnectionStore::has_domains", [](auto& tx) { ConnectionStore(tx, kTenant).has_domains(kClient, true); }},
    {"ConnectionStore::find_shown", [](auto& tx) { ConnectionStore(tx, kTenant).find_shown(kConnection); }},
    {"ConnectionStore::list_shown",
     [](auto& tx) { ConnectionStore(tx, kTenant).list_shown({}, {.limit = 10, .with_total = false}); }},
    {"ConnectionStore::list_shown, name",
     [](auto& tx) { ConnectionStore(tx, kTenant).list_shown({.name = "Corp"}, {.limit = 10}); }},
    {"ConnectionStore::list_by_domain",
     [](auto& tx) { ConnectionStore(tx, kTenant).list_by_domain(kClient, true, "corp.example"); }},
    {"ConnectionStore::list_of_user",
     [](auto& tx) { ConnectionStore(tx, kTenant).list_of_user(kClient, true, kUser); }},
    {"ConnectionStore, in an organisation",
     [](auto& tx) {
       ConnectionStore connections(tx, kTenant, kOrganisation);
       connections.find_for_client(kConnection, kClient);
       connections.find_for_client("Corp", kClient);
       connections.find_for_client("realm of con_1", kClient);
       connections.list_for_client(kClient, true, 20);
       connections.list_buttons(kClient, true, 20);
       connections.has_domains(kClient, true);
       connections.list_by_domain(kClient, true, "corp.example");
       connections.list_of_user(kClient, true, kUser);
     }},
    {"OrganisationStore::find_by_domain_label",
     [](auto& tx) { OrganisationStore(tx, kTenant).find_by_domain_label("acme"); }},
    {"OrganisationStore::has_domain_label",
     [](auto& tx) { OrganisationStore(tx, kTenant).has_domain_label("acme"); }},
    {"ConnectionStore::find_by_zitadel_id",
     [](auto& tx) { ConnectionStore(tx, kTenant).find_by_zitadel_id("1con_1"); }},
    {"ConnectionStore::find_stale_metadata", [](auto& tx) { ConnectionStore::find_stale_metadata(tx, kNow); }},
    {"ConnectionStore::record_metadata_check",
     [](auto& tx) { ConnectionStore(tx, kTenant).record_metadata_check(sample_connection()); }},
    {"ConnectionRemainsStore::remove_some",
     [](auto& tx) {
       auto grant = sample_grant(kTenant, "left");
       grant.user = UserId("oidc|elsewhere|joe");
       GrantStore(tx, kTenant).insert(grant);
       ConnectionRemainsStore remains(tx);
       while (!remains.remove_some({kTenant, kConnection, false}, [](const SessionId&, bool) {})) {
       }
     }},
    {"UserStore::find", [](auto& tx) { UserStore(tx, kTenant).find(kUser); }},
    {"UserStore::find_by_identity", [](auto& tx) { UserStore(tx, kTenant).find_by_identity(kConnection, "jane"); }},
    {"UserStore::find_by_email", [](auto& tx) { UserStore(tx, kTenant).find_by_email("jane@example.com"); }},
    {"UserStore::find_by_username", [](auto& tx) { UserStore(tx, kTenant).find_by_username("jane.d"); }},
    {"UserStore::insert", [](auto& tx) { UserStore(tx, kTenant).insert(sample_user(kTenant, "new", "new")); }},
    {"UserStore::update", [](auto& tx) { UserStore(tx, kTenant).update(sample_user()); }},
    {"UserStore::record_login", [](auto& tx) { UserStore(tx, kTenant).record_login(kUser, kNow, ""); }},
    {"UserStore::add_identity",
     [](auto& tx) { UserStore(tx, kTenant).add_identity(kUser, sample_identity("con_1", "x")); }},
    {"UserStore::invalidate_tokens", [](auto& tx) { UserStore(tx, kTenant).invalidate_tokens(kUser, kNow); }},
    {"SessionStore::find", [](auto& tx) { SessionStore(tx, kTenant).find(kSession); }},
    {"SessionStore::find_by_cookie",
     [](auto& tx) { SessionStore(tx, kTenant).find_by_cookie(hash_of<model::SessionCookieHash>("none"), kNow); }},
    {"SessionStore::list_by_user", [](auto& tx) { SessionStore(tx, kTenant).list_by_user(kUser); }},
    {"SessionStore::list_by_upstream, sid",
     [](auto& tx) { SessionStore(tx, kTenant).list_by_upstream(kConnection, "upstream sid of sid_1", "jane"); }},
    {"SessionStore::list_by_upstream, subject",
     [](auto& tx) { SessionStore(tx, kTenant).list_by_upstream(kConnection, "", "jane"); }},
    {"SessionStore::insert", [](auto& tx) { SessionStore(tx, kTenant).insert(sample_session(kTenant, "new")); }},
    {"SessionStore::update", [](auto& tx) { SessionStore(tx, kTenant).update(sample_session()); }},
    {"SessionStore::touch",
     [](auto& tx) { SessionStore(tx, kTenant).touch(kSession, kNow, kNow + 1h, "", ""); }},
    {"SessionStore::take", [](auto& tx) { SessionStore(tx, kTenant).take(kSession); }},
    {"SessionStore::find_ended", [](auto& tx) { SessionStore::find_ended(tx, kNow, 10); }},
    {"GrantStore::insert", [](auto& tx) { GrantStore(tx, kTenant).insert(sample_grant(kTenant, "new")); }},
    {"GrantStore::find", [](auto& tx) { GrantStore(tx, kTenant).find(kGrant); }},
    {"GrantStore::revoke", [](auto& tx) { GrantStore(tx, kTenant).revoke(kGrant, kNow); }},
    {"GrantStore::revoke_of_user", [](auto& tx) { GrantStore(tx, kTenant).revoke_of_user(kUser, kNow); }},
    {"GrantStore::extend", [](auto& tx) { GrantStore(tx, kTenant).extend(sample_grant(), kNow + 99h); }},
    {"CodeStore::insert", [](auto& tx) { CodeStore(tx, kTenant).insert(sample_code("new")); }},
    {"CodeStore::take", [](auto& tx) { CodeStore(tx, kTenant).take(sample_code().hash, kNow); }},
    {"CodeStore::find_used", [](auto& tx) { CodeStore(tx, kTenant).find_used(sample_code().hash); }},
    {"CodeStore::cancel_of_session", [](auto& tx) { CodeStore(tx, kTenant).cancel_of_session(kUser, kSession, kNow); }},
    {"CodeStore::cancel_of_user", [](auto& tx) { CodeStore(tx, kTenant).cancel_of_user(kUser, kNow); }},
    {"AccessTokenStore::insert", [](auto& tx) { AccessTokenStore(tx, kTenant).insert(sample_access_token("new")); }},
    {"AccessTokenStore::find_live",
     [](auto& tx) { AccessTokenStore(tx, kTenant).find_live(sample_access_token().hash, kNow); }},
    {"AccessTokenStore::find", [](auto& tx) { AccessTokenStore(tx, kTenant).find(sample_access_token().hash); }},
    {"RefreshTokenStore::insert",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).insert(sample_refresh_token("new", "new")); }},
    {"RefreshTokenStore::find", [](auto& tx) { RefreshTokenStore(tx, kTenant).find(sample_refresh_token().hash); }},
    {"RefreshTokenStore::find_by_id", [](auto& tx) { RefreshTokenStore(tx, kTenant).find_by_id("rt_1"); }},
    {"RefreshTokenStore::newest_generation",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).newest_generation(sample_refresh_token()); }},
    {"RefreshTokenStore::take_newest",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).take_newest(sample_refresh_token().hash, kNow); }},
    {"RefreshTokenStore::touch",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).touch(sample_refresh_token().hash, kNow, kNow, kNow); }},
    {"RefreshTokenStore::retire_generation",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).retire_generation(sample_refresh_token(), kNow); }},
    {"RefreshTokenStore::forget_before",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).forget_before(sample_refresh_token(), 1); }},
    {"RefreshTokenStore::revoke_unrotating",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).revoke_unrotating(kUser, kClient, "x"); }},
    {"AccessTokenStore::remove_of_session",
     [](auto& tx) { AccessTokenStore(tx, kTenant).remove_of_session(kUser, kSession); }},
    {"RefreshTokenStore::drop_oldest",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).drop_oldest(kUser, kClient, 200); }},
    {"RefreshTokenStore::revoke_of_session",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).revoke_of_session(kUser, kSession, true); }},
    {"RefreshTokenStore::revoke_of_user", [](auto& tx) { RefreshTokenStore(tx, kTenant).revoke_of_user(kUser); }},
    {"RefreshTokenStore::revoke_of_user_client_audience",
     [](auto& tx) { RefreshTokenStore(tx, kTenant).revoke_of_user_client_audience(kUser, kClient, "a"); }},
    {"RefreshTokenStore::revoke_family", [](auto& tx) { RefreshTokenStore(tx, kTenant).revoke_family(sample_refresh_token()); }},
    {"ResourceServerStore::find_by_identifier",
     [](auto& tx) { ResourceServerStore(tx, kTenant).find_by_identifier("https://api"); }},
    {"ClientGrantStore::find", [](auto& tx) { ClientGrantStore(tx, kTenant).find(kClient, "https://api", "client"); }},
    {"ConsentStore::scopes", [](auto& tx) { ConsentStore(tx, kTenant).scopes(kUser, kClient, ""); }},
    {"ConsentStore::add", [](auto& tx) { ConsentStore(tx, kTenant).add(kUser, kClient, "", {"email"}, kNow); }},
    {"SigningKeyStore::list", [](auto& tx) { SigningKeyStore(tx, kTenant).list(); }},
    {"SigningKeyStore::find", [](auto& tx) { SigningKeyStore(tx, kTenant).find("kid_1"); }},
    {"TicketStore::burn",
     [](auto& tx) { TicketStore(tx, kTenant).burn(TicketKind::login_state, hash_of<model::TicketHash>("n"), kNow); }},
    {"TicketStore::is_burnt",
     [](auto& tx) { TicketStore(tx, kTenant).is_burnt(TicketKind::login_state, hash_of<model::TicketHash>("n")); }},
    {"TicketStore::find",
     [](auto& tx) { TicketStore(tx, kTenant).find(TicketKind::pushed_request, sample_ticket().hash, kNow); }},
    {"TicketStore::take",
     [](auto& tx) { TicketStore(tx, kTenant).take(TicketKind::pushed_request, sample_ticket().hash, kNow); }},
    {"LogStore::insert", [](auto& tx) { LogStore(tx, kTenant).insert(sample_event()); }},
    {"LogStore::find", [](auto& tx) { LogStore(tx, kTenant).find("90020"); }},
    {"LogStore::find_by_reference", [](auto& tx) { LogStore(tx, kTenant).find_by_reference("R-1"); }},
    {"LogStore::scan", [](auto& tx) { LogStore(tx, kTenant).scan({}, "90020", 10, false); }},
    {"LogStore::scan, user", [](auto& tx) { LogStore(tx, kTenant).scan({.user = kUser}, "90020", 10, true); }},
    {"OutboxStore::has_due", [](auto& tx) { OutboxStore(tx).has_due(kNow); }},
    {"OutboxStore::find_due", [](auto& tx) { OutboxStore(tx).find_due(sample_item().target, kNow, 4); }},
    {"OutboxStore::lease",
     [](auto& tx) {
       OutboxItem item = sample_item();
       OutboxStore(tx).lease(item, kNow + std::chrono::seconds(30));
     }},
    {"sweep", [](auto& tx) { sweep(tx, kNow, kNow, 10); }},
};

class QueryPlanTest : public StoreTest {};

// The text of every node of the plan, for example `SEARCH users USING INDEX users_by_email (tenant=? AND
// email_folded=?)`.
std::vector<std::string> plan_of(db::Transaction& tx, const std::string& sql, const std::vector<db::Value>& values) {
  std::vector<std::string> nodes;
  for (const db::Row& row : tx.query("EXPLAIN QUERY PLAN " + sql, values)) nodes.push_back(row.text(3));
  return nodes;
}

// Found by less than a key: a table, or all of a tenant. A tenant's own row and an index that holds nothing but
// domain-level connections are no such walk.
bool walks(const std::string& node) {
  // These indexes hold the few connections that a page shows.
  if (node.contains("connections_at_domain_level") || node.contains("connections_with_button")) return false;
  if (node.starts_with("SEARCH tenants ")) return false;
  // The sweep looks at every tenant's oldest events in turn.
  if (node.starts_with("SCAN tenants USING COVERING INDEX")) return false;
  const bool scans = node.starts_with("SCAN ") && node != "SCAN CONSTANT ROW";
  return scans || node.ends_with("(tenant=?)");
}

TEST_P(QueryPlanTest, TheWayOfALoginWalksNoTableAndNoTenant) {
  for (const Step& step : kHot) {
    try {
      write([&](db::Transaction& tx) {
        populate(tx, kTenant);
        RecordingTransaction recording(tx);
        step.run(recording);
        EXPECT_FALSE(recording.statements.empty()) << step.name;
        for (const auto& [sql, values] : recording.statements)
          for (const std::string& node : plan_of(tx, sql, values))
            EXPECT_FALSE(walks(node)) << step.name << ": " << node << "\n" << sql;
        throw std::runtime_error("undo");
      });
    } catch (const std::runtime_error& undone) {
      EXPECT_STREQ(undone.what(), "undo") << step.name;
    }
  }
}

TEST_P(QueryPlanTest, AWalkIsNoticed) {
  read([](db::Transaction& tx) {
    for (const char* sql :
         {"SELECT * FROM users", "SELECT * FROM users WHERE email = 'a'",
          "SELECT * FROM users WHERE tenant = 'a' AND last_ip = 'b'", "SELECT count(*) FROM grants WHERE tenant = 'a'"})
      EXPECT_TRUE(std::ranges::any_of(plan_of(tx, sql, {}), walks)) << sql;
  });
}

// What goes with an application is found by what there is of it; only the connections are all asked, for its grants.
TEST_P(QueryPlanTest, AnApplicationIsRemovedWithoutWalkingWhatPeopleDo) {
  write([](db::Transaction& tx) {
    populate(tx, kTenant);
    RecordingTransaction recording(tx);
    ClientStore(recording, kTenant).remove(kClient);
    for (const auto& [sql, values] : recording.statements)
      for (const std::string& node : plan_of(tx, sql, values))
        for (const char* table : {"grants", "authorization_codes", "access_tokens", "refresh_tokens", "session_clients"})
          EXPECT_FALSE(walks(node) && node.contains(std::string(" ") + table + " ")) << node << "\n" << sql;
  });
}

// A page of login buttons costs the same with ten connections and with ten thousand.
TEST_P(QueryPlanTest, AClientsConnectionsComeInOrderWithoutASort) {
  write([](db::Transaction& tx) {
    RecordingTransaction recording(tx);
    ConnectionStore(recording, kTenant).list_for_client(kClient, true, 20);
    ConnectionStore(recording, kTenant).list_buttons(kClient, true, 20);
    ConnectionStore(recording, kTenant).list({.enabled_for = kClient}, {.limit = 20});
    ConnectionStore(recording, kTenant).list({}, {.limit = 20});
    SessionStore(recording, kTenant).list_by_user(kUser, Window{});
    LogStore(recording, kTenant).scan({.user = kUser}, "", 20, true);
    ConnectionRemainsStore(recording).remove_some({kTenant, kConnection, false}, [](const SessionId&, bool) {});
    for (const auto& [sql, values] : recording.statements)
      for (const std::string& node : plan_of(tx, sql, values))
        EXPECT_FALSE(node.contains("TEMP B-TREE")) << node << "\n" << sql;
  });
}

// What a search names exactly is looked up; the rest comes in order, however many there are.
TEST_P(QueryPlanTest, ASearchUsesTheIndexOfWhatItNames) {
  write([](db::Transaction& tx) {
    const auto plan = [&tx](auto run) {
      RecordingTransaction recording(tx);
      run(recording);
      std::string text;
      for (const auto& [sql, values] : recording.statements)
        for (const std::string& node : plan_of(tx, sql, values)) text += node + "\n";
      return text;
    };
    const auto users = [&](const UserFilter& filter) {
      return plan([&](auto& recording) { UserStore(recording, kTenant).scan(filter, 7, 500, false); });
    };
    EXPECT_TRUE(users({.email = "a@b"}).contains("users_by_email (tenant=? AND email_folded=?)"));
    EXPECT_TRUE(users({.username = "a"}).contains("users_by_username (tenant=? AND username_folded=?)"));
    EXPECT_TRUE(users({.id = kUser}).contains("(tenant=? AND user_id=?)"));
    EXPECT_TRUE(users({}).contains("users_by_seq (tenant=? AND seq>?)"));
    EXPECT_TRUE(users({.connection = kConnection}).contains("users_by_seq (tenant=? AND seq>?)"));

    const auto logs = [&](const LogFilter& filter) {
      return plan([&](auto& recording) { LogStore(recording, kTenant).scan(filter, "90020", 500, true); });
    };
    EXPECT_TRUE(logs({}).contains("(tenant=? AND log_id<?)"));
    EXPECT_TRUE(logs({.user = kUser}).contains("log_events_by_user (tenant=? AND user_id=? AND log_id<?)"));
    EXPECT_TRUE(logs({.reference = "R-1"}).contains("log_events_by_reference"));
    for (const std::string& text : {logs({}), logs({.user = kUser}), logs({.type = "s"})})
      EXPECT_FALSE(text.contains("TEMP B-TREE")) << text;
  });
}

// Healthy connections, which are most, are not looked at.
TEST_P(QueryPlanTest, FailedLookupsHaveAnIndexOfTheirOwn) {
  write([](db::Transaction& tx) {
    RecordingTransaction recording(tx);
    ConnectionStore::find_failed_metadata(recording, kNow);
    const auto& [sql, values] = recording.statements.at(0);
    EXPECT_TRUE(plan_of(tx, sql, values).at(0).contains("connections_by_failed_metadata")) << sql;
  });
}

// However long the queue for one address is.
TEST_P(QueryPlanTest, TheAddressesOfTheOutboxAreFoundByTheirIndex) {
  write([](db::Transaction& tx) {
    RecordingTransaction recording(tx);
    OutboxStore(recording).due_targets(kNow);
    const auto& [sql, values] = recording.statements.at(0);
    int searches = 0;
    for (const std::string& node : plan_of(tx, sql, values)) {
      EXPECT_FALSE(node.starts_with("SCAN outbox")) << node;
      if (node.contains("USING COVERING INDEX outbox_by_target")) ++searches;
    }
    EXPECT_GE(searches, 3) << "the first target, the next one, and the head of each";
  });
}

TEST_P(QueryPlanTest, TheConnectionOfALoginIsOneStatement) {
  write([](db::Transaction& tx) {
    populate(tx, kTenant);
    RecordingTransaction recording(tx);
    EXPECT_TRUE(ConnectionStore(recording, kTenant).find_for_client(kConnection, kClient));
    EXPECT_EQ(recording.statements.size(), 1u);
    EXPECT_TRUE(ConnectionStore(recording, kTenant).find_for_client("Corp", kClient));
    EXPECT_EQ(recording.statements.size(), 2u);
    EXPECT_TRUE(ClientStore(recording, kTenant).find(kClient));
    EXPECT_EQ(recording.statements.size(), 3u) << "credentials are asked for when the client has any";
    EXPECT_TRUE(UserStore(recording, kTenant).find_by_identity(kConnection, "jane"));
    EXPECT_EQ(recording.statements.size(), 4u);
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, QueryPlanTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
