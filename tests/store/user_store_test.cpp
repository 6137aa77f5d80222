#include "store/user_store.h"

#include "store/consent_store.h"
#include "store/grant_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/store_test.h"
#include "store/table_dump.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class UserStoreTest : public StoreTest {};

const UserId kJane("oidc|Corp|jane");
const ConnectionId kConnection("con_1");

model::User plain(const std::string& subject) {
  model::User user;
  user.tenant = kTenant;
  user.id = UserId("oidc|Corp|" + subject);
  user.identities = {sample_identity("con_1", subject)};
  return user;
}

std::string ids(const std::vector<model::User>& users) {
  std::string text;
  for (const auto& user : users) text += user.id.str().substr(10) + " ";
  return text;
}

TEST_P(UserStoreTest, FindsWhatWasInserted) {
  auto user = sample_user();
  ASSERT_EQ(unset_members(user), std::vector<std::size_t>()) << "the sample must fill every member";
  user.identities.push_back(sample_identity("con_2", "jane|elsewhere"));
  write([&](db::Transaction& tx) { EXPECT_EQ(UserStore(tx, kTenant).insert(user), Insert::done); });
  read([&](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    expect_same(users.find(kJane).value(), user);
    expect_same(users.find_by_identity(kConnection, "jane").value(), user);
    expect_same(users.find_by_identity(ConnectionId("con_2"), "jane|elsewhere").value(), user);
    expect_same(users.find_by_email("jane@EXAMPLE.com").at(0), user);
    expect_same(users.find_by_username("jane.d").at(0), user);
    expect_same(users.list({}).items.at(0), user);
    EXPECT_EQ(users.find_by_email("jane@example.com").size(), 1u);
    EXPECT_FALSE(users.find(UserId("oidc|Corp|Jane")));
    EXPECT_FALSE(users.find_by_identity(kConnection, "Jane")) << "subjects are byte-exact";
    EXPECT_FALSE(users.find_by_identity(ConnectionId("con_2"), "jane"));
    EXPECT_TRUE(users.find_by_email("other@example.com").empty());
    EXPECT_TRUE(users.find_by_username("jane").empty());
  });
}

TEST_P(UserStoreTest, KeepsEmptyMembersEmpty) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    auto user = plain("joe");
    user.identities.clear();
    users.insert(user);
    expect_same(users.find(user.id).value(), user);
    EXPECT_TRUE(users.find_by_email("").empty()) << "users without an address are no match for an empty one";
    EXPECT_TRUE(users.find_by_username("").empty());
  });
}

TEST_P(UserStoreTest, RefusesATakenIdOrIdentityAndWritesNothing) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    users.insert(sample_user());
    auto same_id = plain("jane");
    same_id.identities = {sample_identity("con_9", "free")};
    EXPECT_EQ(users.insert(same_id), Insert::duplicate);
    auto same_identity = plain("joe");
    same_identity.identities = {sample_identity("con_9", "free"), sample_identity("con_1", "jane")};
    EXPECT_EQ(users.insert(same_identity), Insert::duplicate);
    EXPECT_EQ(dump_table(tx, "users").size(), 1u);
    EXPECT_EQ(dump_table(tx, "identities").size(), 1u);
    EXPECT_EQ(users.find_by_identity(kConnection, "jane")->id, kJane);
    same_identity.identities.pop_back();
    EXPECT_EQ(users.insert(same_identity), Insert::done);
  });
}

TEST_P(UserStoreTest, UpdatesEverythingButIdentitiesAndOrganisation) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    EXPECT_FALSE(users.update(sample_user()));
    users.insert(sample_user());
    auto user = plain("jane");
    user.profile = "{}";
    user.email = "New@example.com";
    user.username = "New";
    user.created_at = kNow;
    user.updated_at = kNow + 1h;
    user.logins_count = 8;
    user.tokens_valid_after = kNow;
    user.identities.clear();
    EXPECT_TRUE(users.update(user));
    user.identities = sample_user().identities;
    user.organisation = sample_user().organisation;
    user.version = 10;
    expect_same(users.find(kJane).value(), user);
    EXPECT_EQ(users.find_by_email("new@example.com").size(), 1u);
    EXPECT_EQ(users.find_by_username("NEW").size(), 1u);
    EXPECT_TRUE(users.find_by_email("jane@example.com").empty());
  });
}

TEST_P(UserStoreTest, ARevocationIsNeverTakenBack) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    auto user = plain("joe");
    users.insert(user);
    users.invalidate_tokens(user.id, kNow);
    EXPECT_TRUE(users.update(user)) << "a login that read the user before the revocation";
    EXPECT_EQ(users.find(user.id)->tokens_valid_after, kNow);
    user.tokens_valid_after = kNow - 1h;
    users.update(user);
    EXPECT_EQ(users.find(user.id)->tokens_valid_after, kNow);
    users.invalidate_tokens(user.id, kNow - 1s);
    EXPECT_EQ(users.find(user.id)->tokens_valid_after, kNow);
    users.invalidate_tokens(user.id, kNow + 1s);
    EXPECT_EQ(users.find(user.id)->tokens_valid_after, kNow + 1s);
  });
}

TEST_P(UserStoreTest, CountsLogins) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    auto user = sample_user();
    users.insert(user);
    users.record_login(kJane, kNow + 5s, "192.0.2.9");
    users.record_login(kJane, kNow + 6s, "192.0.2.10");
    user.last_login = user.updated_at = kNow + 6s;
    user.last_ip = "192.0.2.10";
    user.logins_count = 9;
    expect_same(users.find(kJane).value(), user);
  });
}

TEST_P(UserStoreTest, ListsInOrderOfCreation) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    for (const char* subject : {"d", "a", "c", "b"}) users.insert(plain(subject));
    EXPECT_EQ(ids(users.list({}).items), "d a c b ");
    const auto page = users.list({.limit = 2});
    EXPECT_EQ(ids(page.items), "d a ");
    EXPECT_EQ(page.items[1].identities.at(0).subject, "a");
    EXPECT_EQ(page.total, 4);
    EXPECT_EQ(ids(users.list({.after = page.next.value(), .limit = 2}).items), "c b ");
    EXPECT_EQ(ids(users.list({.offset = 3, .limit = 2}).items), "b ");
    for (auto user : {plain("e"), plain("f")}) {
      user.email = "Shared@Example.com";
      users.insert(user);
    }
    EXPECT_EQ(ids(users.find_by_email("shared@example.com")), "e f ");
  });
}

TEST_P(UserStoreTest, ScansEitherWayWhatAFilterLeaves) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    for (const char* name : {"a", "b", "c", "d"}) {
      auto user = sample_user(kTenant, name, name);
      user.email = std::string(name) + "@Example.com";
      user.username = std::string("User-") + name;
      user.identities = {sample_identity(*name < 'c' ? "con_1" : "con_2", name),
                         sample_identity("con_3", std::string("second-") + name)};
      users.insert(user);
    }
    const auto ids = [](const UserStretch& stretch) {
      EXPECT_EQ(stretch.users.size(), stretch.positions.size());
      std::string text;
      for (const auto& user : stretch.users) text += user.id.str();
      return text;
    };
    const auto all = users.scan({}, 0, 10, false);
    EXPECT_EQ(ids(all), "abcd");
    expect_same(all.users[2], users.find(UserId("c")).value());
    EXPECT_EQ(ids(users.scan({}, 0, 10, true)), "dcba");
    EXPECT_EQ(ids(users.scan({}, all.positions[1], 1, false)), "c") << "users are counted, not their identities";
    EXPECT_EQ(ids(users.scan({}, all.positions[1], 5, true)), "a");
    EXPECT_EQ(ids(users.scan({.id = UserId("b")}, 0, 5, false)), "b");
    EXPECT_EQ(ids(users.scan({.email = "C@EXAMPLE.com"}, 0, 5, true)), "c");
    EXPECT_EQ(ids(users.scan({.username = "user-D"}, 0, 5, false)), "d");
    EXPECT_EQ(ids(users.scan({.connection = ConnectionId("con_2")}, 0, 5, false)), "cd");
    EXPECT_EQ(ids(users.scan({.connection = ConnectionId("con_2")}, all.positions[2], 5, false)), "d");
    EXPECT_EQ(ids(users.scan({.email = "c@example.com", .connection = ConnectionId("con_1")}, 0, 5, false)), "");
  });
}

TEST_P(UserStoreTest, IdentitiesComeAndGoButThePrimaryOneStays) {
  write([](db::Transaction& tx) {
    UserStore users(tx, kTenant);
    users.insert(sample_user());
    users.insert(plain("joe"));
    EXPECT_EQ(users.add_identity(kJane, sample_identity("con_2", "x")), Insert::done);
    EXPECT_EQ(users.add_identity(kJane, sample_identity("con_3", "x")), Insert::done);
    EXPECT_EQ(users.add_identity(kJane, sample_identity("con_2", "x")), Insert::duplicate);
    EXPECT_EQ(users.add_identity(kJane, sample_identity("con_1", "joe")), Insert::duplicate) << "another user's";
    EXPECT_THROW(users.add_identity(UserId("nobody"), sample_identity("con_4", "x")), std::logic_error);
    const auto jane = users.find(kJane).value();
    ASSERT_EQ(jane.identities.size(), 3u);
    expect_same(jane.identities[0], sample_identity("con_1", "jane"));
    expect_same(jane.identities[1], sample_identity("con_2", "x"));

    EXPECT_FALSE(users.remove_identity(kJane, kConnection, "jane"));
    EXPECT_FALSE(users.remove_identity(UserId("oidc|Corp|joe"), ConnectionId("con_2"), "x"));
    EXPECT_TRUE(users.remove_identity(kJane, ConnectionId("con_2"), "x"));
    EXPECT_FALSE(users.remove_identity(kJane, ConnectionId("con_2"), "x"));
    EXPECT_EQ(users.find(kJane)->identities.size(), 2u);
    EXPECT_EQ(users.add_identity(kJane, sample_identity("con_4", "y")), Insert::done);
    EXPECT_EQ(users.find(kJane)->identities.back().subject, "y") << "after those that stayed";
  });
}

TEST_P(UserStoreTest, RemovalTakesWhatBelongsToTheUser) {
  write([](db::Transaction& tx) {
    populate(tx, kTenant);
    UserStore users(tx, kTenant);
    auto joe = plain("joe");
    users.insert(joe);
    users.add_identity(kJane, sample_identity("con_2", "linked"));
    auto grant = sample_grant(kTenant, "grant_2");
    grant.user = joe.id;
    GrantStore(tx, kTenant).insert(grant);
    auto token = sample_access_token("access_2", "grant_2");
    token.user = joe.id;
    AccessTokenStore(tx, kTenant).insert(token);
    ConsentStore(tx, kTenant).add(joe.id, ClientId("client_1"), "", {"openid"}, kNow);

    EXPECT_FALSE(users.remove(UserId("nobody")));
    EXPECT_TRUE(users.remove(kJane));
    EXPECT_FALSE(users.remove(kJane));
    for (const std::string& table : table_names(tx)) {
      if (table == "log_events") continue;
      for (const std::string& row : dump_table(tx, table)) EXPECT_FALSE(row.contains("Corp|jane")) << row;
    }
    for (const char* table : {"session_clients", "authorization_codes"})
      EXPECT_TRUE(dump_table(tx, table).empty()) << table;
    EXPECT_TRUE(users.find(joe.id));
    EXPECT_TRUE(AccessTokenStore(tx, kTenant).find_live(token.hash, kNow));
    EXPECT_EQ(ConsentStore(tx, kTenant).scopes(joe.id, ClientId("client_1"), "").size(), 1u);
    EXPECT_EQ(users.insert(sample_user()), Insert::done);
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, UserStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
