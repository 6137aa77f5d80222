#include "store/consent_store.h"
#include "store/sequence.h"
#include "store/signing_key_store.h"
#include "store/store_test.h"
#include "store/ticket_store.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class SmallStoresTest : public StoreTest {};

TEST_P(SmallStoresTest, KeysAreFoundByOwner) {
  const auto key = sample_key();
  auto plain = sample_key(kTenant, "kid_2");
  plain.created_at = kNow - 1h;
  plain.current_since.reset();
  plain.current_until.reset();
  plain.revoked_at.reset();
  write([&](db::Transaction& tx) {
    SigningKeyStore keys(tx, kTenant);
    keys.insert(key);
    keys.insert(plain);
    SigningKeyStore of_connection(tx, kTenant, "con_1");
    of_connection.insert(sample_key(kTenant, "kid_3", "con_1"));
    expect_same(keys.find("kid_1").value(), key);
    EXPECT_FALSE(keys.find("kid_3"));
    EXPECT_FALSE(of_connection.find("kid_1"));
    EXPECT_EQ(of_connection.list().size(), 1u);
    const auto all = keys.list();
    ASSERT_EQ(all.size(), 2u);
    expect_same(all[0], plain);
    expect_same(all[1], key);
  });
  EXPECT_THROW(write([&](db::Transaction& tx) { SigningKeyStore(tx, kTenant).insert(key); }), db::UniqueViolation);
}

TEST_P(SmallStoresTest, KeysAreUpdatedAndRemoved) {
  write([](db::Transaction& tx) {
    SigningKeyStore keys(tx, kTenant);
    auto key = sample_key();
    keys.insert(key);
    key.state = model::KeyState::revoked;
    key.private_key.bytes = "sealed anew";
    key.certificate = "other PEM";
    key.current_since = kNow + 1h;
    key.current_until = kNow + 2h;
    key.revoked_at.reset();
    keys.update(key);
    expect_same(keys.find("kid_1").value(), key);
    EXPECT_FALSE(SigningKeyStore(tx, kTenant, "con_1").remove("kid_1"));
    EXPECT_TRUE(keys.remove("kid_1"));
    EXPECT_FALSE(keys.remove("kid_1"));
  });
}

TEST_P(SmallStoresTest, ConsentsAddUp) {
  const UserId user("u");
  const ClientId client("c");
  write([&](db::Transaction& tx) {
    ConsentStore consents(tx, kTenant);
    EXPECT_TRUE(consents.scopes(user, client, "").empty());
    consents.add(user, client, "", {"openid", "email"}, kNow);
    consents.add(user, client, "", {"profile", "openid"}, kNow + 1s);
    consents.add(user, client, "https://api", {"read:x"}, kNow);
    consents.add(user, ClientId("d"), "", {"other"}, kNow);
    EXPECT_EQ(consents.scopes(user, client, ""), (std::vector<std::string>{"email", "openid", "profile"}));
    EXPECT_EQ(consents.scopes(user, client, "https://api"), std::vector<std::string>{"read:x"});
    EXPECT_TRUE(consents.scopes(UserId("v"), client, "").empty());
  });
}

TEST_P(SmallStoresTest, ABurntTicketIsBurntForItsKind) {
  const auto hash = hash_of<model::TicketHash>("x");
  write([&](db::Transaction& tx) {
    TicketStore tickets(tx, kTenant);
    EXPECT_FALSE(tickets.is_burnt(TicketKind::login_state, hash));
    EXPECT_EQ(tickets.burn(TicketKind::login_state, hash, kNow), Insert::done);
    EXPECT_EQ(tickets.burn(TicketKind::login_state, hash, kNow + 1h), Insert::duplicate);
    EXPECT_TRUE(tickets.is_burnt(TicketKind::login_state, hash));
    EXPECT_FALSE(tickets.is_burnt(TicketKind::logout_token, hash));
    EXPECT_EQ(tickets.burn(TicketKind::client_assertion, hash, kNow), Insert::done);
    EXPECT_FALSE(tickets.is_burnt(TicketKind::login_state, hash_of<model::TicketHash>("y")));
  });
}

TEST_P(SmallStoresTest, AStoredTicketIsTakenOnceAndInTime) {
  const auto ticket = sample_ticket();
  write([&](db::Transaction& tx) {
    TicketStore tickets(tx, kTenant);
    tickets.insert(ticket);
    expect_same(tickets.find(ticket.kind, ticket.hash, ticket.expires_at - 1ms).value(), ticket);
    EXPECT_FALSE(tickets.find(ticket.kind, ticket.hash, ticket.expires_at));
    EXPECT_FALSE(tickets.take(ticket.kind, ticket.hash, ticket.expires_at));
    EXPECT_FALSE(tickets.take(ticket.kind, hash_of<model::TicketHash>("other"), kNow));
    auto used = ticket;
    used.used_at = kNow + 1s;
    expect_same(tickets.take(ticket.kind, ticket.hash, kNow + 1s).value(), used);
    EXPECT_FALSE(tickets.take(ticket.kind, ticket.hash, kNow + 1s));
    expect_same(tickets.find(ticket.kind, ticket.hash, kNow + 1s).value(), used);
  });
  EXPECT_THROW(write([&](db::Transaction& tx) { TicketStore(tx, kTenant).insert(ticket); }), db::UniqueViolation);
}

constexpr TicketKind kKinds[] = {
    TicketKind::login_state,        TicketKind::front_channel_token, TicketKind::client_assertion,
    TicketKind::logout_token,       TicketKind::revocation_token,    TicketKind::pushed_request,
    TicketKind::administrator_link, TicketKind::try_connection,      TicketKind::account_link,
    TicketKind::link_page,          TicketKind::federated_logout,    TicketKind::jwt_profile};

// A value of one kind is worth nothing at any other place, even with the same hash.
TEST_P(SmallStoresTest, T17T24TicketsOfOneKindAreUnknownToEveryOther) {
  write([](db::Transaction& tx) {
    TicketStore tickets(tx, kTenant);
    const auto hash = hash_of<model::TicketHash>("same");
    for (const TicketKind made : kKinds) {
      tx.execute("DELETE FROM tickets");
      tx.execute("DELETE FROM used_tickets");
      auto ticket = sample_ticket("same");
      ticket.kind = made;
      tickets.insert(ticket);
      tickets.burn(made, hash, kNow);
      for (const TicketKind asked : kKinds) {
        EXPECT_EQ(tickets.find(asked, hash, kNow).has_value(), asked == made);
        EXPECT_EQ(tickets.is_burnt(asked, hash), asked == made);
        if (asked != made) EXPECT_FALSE(tickets.take(asked, hash, kNow));
      }
      EXPECT_TRUE(tickets.take(made, hash, kNow));
    }
  });
}

TEST_P(SmallStoresTest, NumbersAreNeverGivenTwice) {
  write([](db::Transaction& tx) {
    EXPECT_EQ(next_number(tx, kTenant, "a"), 1);
    EXPECT_EQ(next_number(tx, kTenant, "a"), 2);
    EXPECT_EQ(next_number(tx, kTenant, "b"), 1);
    EXPECT_EQ(next_number(tx, TenantId("other"), "a"), 1);
    EXPECT_EQ(next_number_from(tx, kTenant, "c", 100), 100);
    EXPECT_EQ(next_number_from(tx, kTenant, "c", 100), 101);
    EXPECT_EQ(next_number_from(tx, kTenant, "c", 50), 102);
    EXPECT_EQ(next_number_from(tx, kTenant, "c", 103), 103);
  });
}

TEST(PositionOf, GrowsWithTimeAndDiffersById) {
  EXPECT_LT(position_of(kNow, "z"), position_of(kNow + 1ms, "a"));
  EXPECT_NE(position_of(kNow, "a"), position_of(kNow, "b"));
  EXPECT_GT(position_of(kNow, ""), 0);
  EXPECT_EQ(position_of(kNow, "a"), position_of(kNow, "a"));
}

INSTANTIATE_TEST_SUITE_P(Drivers, SmallStoresTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
