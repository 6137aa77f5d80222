// Two hundred requests at the same moment, from several threads: the store decides, and one wins.
#include <mutex>
#include <set>

#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/outbox_store.h"
#include "store/refresh_token_store.h"
#include "store/resource_server_store.h"
#include "store/scim_store.h"
#include "store/self_service_store.h"
#include "store/service_user_store.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/tenant_store.h"
#include "store/ticket_store.h"
#include "store/user_store.h"
#include "support/contend.h"

namespace symbolon::store {
namespace {

constexpr int kContenders = 200;

using Attempt = std::function<bool(db::Transaction&)>;

Task<bool> contend(db::Database& database, const Attempt& attempt) {
  co_return co_await database.write([&attempt](db::Transaction& tx) { return attempt(tx); });
}

class RaceTest : public StoreTest {
 protected:
  int winners(const Attempt& attempt) {
    std::vector<Task<bool>> tasks;
    for (int i = 0; i < kContenders; ++i) tasks.push_back(contend(*database_, attempt));
    return count_winners(std::move(tasks));
  }
};

TEST_P(RaceTest, T26ACodeIsRedeemedOnce) {
  write([](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    CodeStore(tx, kTenant).insert(sample_code());
  });
  EXPECT_EQ(
      winners([](db::Transaction& tx) { return CodeStore(tx, kTenant).take(sample_code().hash, kNow).has_value(); }),
      1);
}

TEST_P(RaceTest, T26ARefreshTokenIsReplacedOnce) {
  write([](db::Transaction& tx) { RefreshTokenStore(tx, kTenant).insert(sample_refresh_token()); });
  EXPECT_EQ(winners([](db::Transaction& tx) {
              return RefreshTokenStore(tx, kTenant).take_newest(sample_refresh_token().hash, kNow);
            }),
            1);
}

// Every kind, whether it lives outside the database and is burnt in it, or lies there and is taken.
constexpr TicketKind kKinds[] = {
    TicketKind::login_state,        TicketKind::front_channel_token, TicketKind::client_assertion,
    TicketKind::logout_token,       TicketKind::revocation_token,    TicketKind::pushed_request,
    TicketKind::administrator_link, TicketKind::try_connection,      TicketKind::try_report,
    TicketKind::account_link,       TicketKind::link_page,           TicketKind::federated_logout,
    TicketKind::jwt_profile};

TEST_P(RaceTest, T45AValueOfAnyKindIsBurntOnce) {
  for (const TicketKind kind : kKinds) {
    SCOPED_TRACE(to_string(kind));
    EXPECT_EQ(winners([kind](db::Transaction& tx) {
                return TicketStore(tx, kTenant).burn(kind, hash_of<model::TicketHash>("s"), kNow) == Insert::done;
              }),
              1);
  }
}

TEST_P(RaceTest, T9AStoredTicketOfAnyKindIsTakenOnce) {
  for (const TicketKind kind : kKinds) {
    SCOPED_TRACE(to_string(kind));
    write([kind](db::Transaction& tx) {
      StoredTicket ticket = sample_ticket();
      ticket.kind = kind;
      TicketStore(tx, kTenant).insert(ticket);
    });
    EXPECT_EQ(winners([kind](db::Transaction& tx) {
                return TicketStore(tx, kTenant).take(kind, sample_ticket().hash, kNow).has_value();
              }),
              1);
  }
}

TEST_P(RaceTest, ASessionEndsOnce) {
  write([](db::Transaction& tx) { SessionStore(tx, kTenant).insert(sample_session()); });
  EXPECT_EQ(winners([](db::Transaction& tx) { return SessionStore(tx, kTenant).take(SessionId("sid_1")).has_value(); }),
            1);
}

TEST_P(RaceTest, AGrantIsRevokedOnce) {
  write([](db::Transaction& tx) { GrantStore(tx, kTenant).insert(sample_grant()); });
  EXPECT_EQ(winners([](db::Transaction& tx) { return GrantStore(tx, kTenant).revoke(GrantId("grant_1"), kNow); }), 1);
}

TEST_P(RaceTest, APersonIsCreatedOnce) {
  EXPECT_EQ(winners([](db::Transaction& tx) { return UserStore(tx, kTenant).insert(sample_user()) == Insert::done; }),
            1);
}

TEST_P(RaceTest, AnIdentityHasOneOwner) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              auto user = sample_user(kTenant, "user " + std::to_string(next++));
              return UserStore(tx, kTenant).insert(user) == Insert::done;
            }),
            1);
  EXPECT_EQ(count("users"), 1);
}

TEST_P(RaceTest, ANameIsTakenOnce) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              const auto id = "con_" + std::to_string(next++);
              auto connection = sample_connection(kTenant, id, next % 2 == 0 ? "Corp" : "CORP");
              connection.realms = {connection.name};
              return ConnectionStore(tx, kTenant).insert(connection) == Insert::done;
            }),
            1);
}

// What If-Match stands on: of all writers who saw one version, one writes.
TEST_P(RaceTest, AVersionIsUpdatedOnce) {
  write([](db::Transaction& tx) { populate(tx, kTenant); });
  const struct {
    const char* name;
    Update (*update)(db::Transaction&);
  } rows[] = {
      {"client", [](auto& tx) { return ClientStore(tx, kTenant).update(sample_client(), sample_client().version); }},
      {"connection",
       [](auto& tx) { return ConnectionStore(tx, kTenant).update(sample_connection(), sample_connection().version); }},
      {"tenant", [](auto& tx) { return TenantStore(tx).update(sample_tenant(), sample_tenant().version); }},
      {"domain",
       [](auto& tx) {
         const auto domain = TenantStore(tx).find_domain_by_id(kTenant, "cd_default.example.com").value();
         return TenantStore(tx).update_domain(domain, sample_domain().version);
       }},
      {"resource server",
       [](auto& tx) {
         return ResourceServerStore(tx, kTenant).update(sample_resource_server(), sample_resource_server().version);
       }},
      {"client grant",
       [](auto& tx) {
         return ClientGrantStore(tx, kTenant).update(sample_client_grant(), sample_client_grant().version);
       }},
      {"provisioning", [](auto& tx) { return ScimStore(tx, kTenant).update(sample_scim(), sample_scim().version); }},
      {"set-up profile",
       [](auto& tx) { return SelfServiceStore(tx, kTenant).update(sample_profile(), sample_profile().version); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(winners([&row](db::Transaction& tx) { return row.update(tx) == Update::done; }), 1);
  }
}

// Of several who remove one thing, one is told that it was there, so that one answer and one event speak of it.
TEST_P(RaceTest, AThingIsRemovedOnce) {
  write([](db::Transaction& tx) { populate(tx, kTenant); });
  const struct {
    const char* name;
    bool (*remove)(db::Transaction&);
  } rows[] = {
      {"set-up ticket",
       [](auto& tx) { return SelfServiceStore(tx, kTenant).remove_ticket("ssp_1", sample_setup_ticket().hash); }},
      {"token of a directory",
       [](auto& tx) { return ScimStore(tx, kTenant).remove_token(ConnectionId("con_1"), sample_scim_token().id); }},
      {"opaque access token",
       [](auto& tx) { return AccessTokenStore(tx, kTenant).remove(sample_access_token().hash); }},
      {"refresh tokens of a person",
       [](auto& tx) { return RefreshTokenStore(tx, kTenant).revoke_of_user(sample_user().id) > 0; }},
      {"credential",
       [](auto& tx) { return ClientStore(tx, kTenant).remove_credential(ClientId("client_1"), "cred_1"); }},
      {"person", [](auto& tx) { return UserStore(tx, kTenant).remove(sample_user().id); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(winners([&row](db::Transaction& tx) { return row.remove(tx); }), 1);
  }
}

TEST_P(RaceTest, AnIdentityIsLinkedToOneAccount) {
  write([](db::Transaction& tx) {
    for (const char* id : {"oidc|Corp|a", "oidc|Corp|b"}) {
      auto user = sample_user(kTenant, id);
      user.identities = {sample_identity("con_1", id)};
      UserStore(tx, kTenant).insert(user);
    }
  });
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              const UserId owner(next++ % 2 == 0 ? "oidc|Corp|a" : "oidc|Corp|b");
              return UserStore(tx, kTenant).add_identity(owner, sample_identity("con_1", "linked")) == Insert::done;
            }),
            1);
}

TEST_P(RaceTest, AHostNameBelongsToOneTenant) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              const std::string number = std::to_string(next++);
              auto domain = sample_domain(TenantId("tenant " + number));
              domain.id = "cd_" + number;
              return TenantStore(tx).insert_domain(domain) == Insert::done;
            }),
            1);
}

TEST_P(RaceTest, AUsernameBelongsToOneServiceUser) {
  EXPECT_EQ(winners([next = 0](db::Transaction& tx) mutable {
              const model::ServiceUser user{.tenant = kTenant,
                                            .id = model::ServiceUserId(std::to_string(next++)),
                                            .organisation = model::OrganisationId("org"),
                                            .username = next % 2 == 0 ? "robot" : "ROBOT",
                                            .name = "Robot",
                                            .secret_hash = {},
                                            .created_at = kNow};
              return ServiceUserStore(tx, kTenant).insert(user) == Insert::done;
            }),
            1);
}

TEST_P(RaceTest, ADeliveryIsLeasedOnce) {
  write([](db::Transaction& tx) { OutboxStore(tx).insert(sample_item()); });
  EXPECT_EQ(winners([](db::Transaction& tx) {
              OutboxItem item = sample_item();
              return OutboxStore(tx).lease(item, kNow + std::chrono::seconds(30));
            }),
            1);
}

TEST_P(RaceTest, LogIdsAreAllDifferent) {
  std::set<std::string> ids;
  std::mutex guard;
  winners([&](db::Transaction& tx) {
    const auto id = LogStore(tx, kTenant).insert(sample_event());
    const std::lock_guard lock(guard);
    return ids.insert(id).second;
  });
  EXPECT_EQ(ids.size(), kContenders);
}

INSTANTIATE_TEST_SUITE_P(Drivers, RaceTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
