#include "store/refresh_token_store.h"

#include "store/grant_store.h"
#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class RefreshTokenStoreTest : public StoreTest {};

const UserId kUser("oidc|Corp|jane");
const ClientId kClient("client_1");

model::RefreshTokenHash hash(const char* id) { return hash_of<model::RefreshTokenHash>(id); }

model::RefreshToken token(const char* id, const char* family, std::int64_t generation, std::chrono::seconds age = 0s) {
  auto one = sample_refresh_token(id, family);
  one.generation = generation;
  one.created_at = kNow - age;
  return one;
}

std::string ids(const std::vector<model::RefreshToken>& tokens) {
  std::string text;
  for (const auto& one : tokens) text += one.id + " ";
  return text;
}

TEST_P(RefreshTokenStoreTest, FindsWhatWasInserted) {
  auto full = sample_refresh_token();
  full.replaced_at = kNow + 2s;
  ASSERT_EQ(unset_members(full), std::vector<std::size_t>()) << "the sample must fill every member";
  auto plain = sample_refresh_token("rt_2", "family_2");
  plain.rotating = plain.online = false;
  plain.expires_at.reset();
  plain.idle_expires_at.reset();
  plain.generation = 0;
  write([&](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    tokens.insert(full);
    tokens.insert(plain);
    expect_same(tokens.find(full.hash).value(), full);
    expect_same(tokens.find(plain.hash).value(), plain);
    expect_same(tokens.find_by_id("rt_1").value(), full);
    EXPECT_FALSE(tokens.find(hash("rt_3")));
    EXPECT_FALSE(tokens.find({}));
    EXPECT_FALSE(tokens.find_by_id("family_1"));
  });
}

// RT-5: rotation is one compare-and-set.
TEST_P(RefreshTokenStoreTest, OnlyTheNewestIsReplacedAndOnce) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    EXPECT_EQ(tokens.newest_generation(token("any", "family_1", 0)), -1);
    tokens.insert(token("first", "family_1", 1));
    tokens.insert(token("elsewhere", "family_2", 9));
    EXPECT_EQ(tokens.newest_generation(token("any", "family_1", 0)), 1);
    EXPECT_TRUE(tokens.take_newest(hash("first"), kNow + 5s));
    EXPECT_EQ(tokens.find(hash("first"))->replaced_at, kNow + 5s);
    EXPECT_EQ(tokens.find(hash("first"))->last_used_at, kNow + 5s);
    EXPECT_FALSE(tokens.take_newest(hash("first"), kNow + 6s));
    EXPECT_EQ(tokens.find(hash("first"))->replaced_at, kNow + 5s);
    tokens.insert(token("second", "family_1", 2));
    // A parallel use of the first within its leeway makes a third; the second is then not the newest any more.
    tokens.insert(token("third", "family_1", 3));
    EXPECT_EQ(tokens.newest_generation(token("any", "family_1", 0)), 3);
    EXPECT_FALSE(tokens.take_newest(hash("second"), kNow + 7s));
    EXPECT_TRUE(tokens.take_newest(hash("third"), kNow + 8s));
    EXPECT_FALSE(tokens.take_newest(hash("unknown"), kNow + 8s));
  });
}

TEST_P(RefreshTokenStoreTest, AlternativesAreRetiredTogether) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    auto parent = token("parent", "family_1", 0);
    parent.replaced_at = kNow;
    tokens.insert(parent);
    tokens.insert(token("one", "family_1", 1));
    tokens.insert(token("two", "family_1", 1));
    tokens.insert(token("elsewhere", "family_2", 1));
    EXPECT_TRUE(tokens.take_newest(hash("two"), kNow + 5s));
    tokens.retire_generation(token("two", "family_1", 1), kNow + 5s);
    EXPECT_FALSE(tokens.take_newest(hash("one"), kNow + 6s));
    EXPECT_EQ(tokens.find(hash("one"))->replaced_at, kNow + 5s);
    EXPECT_EQ(tokens.find(hash("parent"))->replaced_at, kNow);
    EXPECT_FALSE(tokens.find(hash("elsewhere"))->replaced_at);
    tokens.forget_before(token("two", "family_1", 1), 1);
    EXPECT_FALSE(tokens.find(hash("parent")));
    EXPECT_TRUE(tokens.find(hash("one")));
  });
}

TEST_P(RefreshTokenStoreTest, TouchMovesUseAndEnds) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    auto one = sample_refresh_token();
    tokens.insert(one);
    tokens.touch(one.hash, kNow + 5s, kNow + 2h, kNow + 3h);
    one.last_used_at = kNow + 5s;
    one.idle_expires_at = kNow + 2h;
    one.expires_at = kNow + 3h;
    expect_same(tokens.find(one.hash).value(), one);
    tokens.touch(one.hash, kNow + 6s, std::nullopt, std::nullopt);
    EXPECT_FALSE(tokens.find(one.hash)->idle_expires_at);
    EXPECT_FALSE(tokens.find(one.hash)->expires_at);
  });
}

// Each row revokes some of the same seven tokens.
struct Revocation {
  const char* name;
  std::int64_t (*revoke)(RefreshTokenStore&);
  const char* kept;
};
const Revocation kRevocations[] = {
    {"family", [](RefreshTokenStore& t) { return t.revoke_family(token("a", "f1", 1)); }, "b c d e f g "},
    {"user", [](RefreshTokenStore& t) { return t.revoke_of_user(kUser); }, "g "},
    {"user and client", [](RefreshTokenStore& t) { return t.revoke_of_user_and_client(kUser, kClient); }, "c g "},
    {"audience", [](RefreshTokenStore& t) { return t.revoke_of_user_client_audience(kUser, kClient, "other"); },
     "a a2 b c e f g "},
    {"session, online", [](RefreshTokenStore& t) { return t.revoke_of_session(kUser, SessionId("sid_2"), true); },
     "a a2 b c d f g "},
    {"session", [](RefreshTokenStore& t) { return t.revoke_of_session(kUser, SessionId("sid_2"), false); }, "a a2 b c d g "},
    {"nobody", [](RefreshTokenStore& t) { return t.revoke_family(token("a", "f9", 1)); }, "a a2 b c d e f g "},
};

TEST_P(RefreshTokenStoreTest, RevokesExactlyWhatIsNamed) {
  for (const Revocation& row : kRevocations) {
    SCOPED_TRACE(row.name);
    std::string kept;
    const auto all = {"a", "a2", "b", "c", "d", "e", "f", "g"};
    const auto unit = [&](db::Transaction& tx) {
      tx.execute("DELETE FROM refresh_tokens");
      tx.execute("DELETE FROM grants");
      GrantStore(tx, kTenant).insert(sample_grant());
      auto other_audience = sample_grant(kTenant, "grant_2");
      other_audience.audience = "other";
      GrantStore(tx, kTenant).insert(other_audience);

      RefreshTokenStore tokens(tx, kTenant);
      for (const char* id : all) {
        auto one = token(id, std::string(id).starts_with('a') ? "f1" : id, 1);
        if (*id == 'c') one.client = ClientId("client_2");
        if (*id == 'd') one.grant = GrantId("grant_2");
        if (*id == 'e' || *id == 'f') one.session = SessionId("sid_2");
        if (*id == 'f') one.online = false;
        if (*id == 'g') one.user = UserId("somebody else");
        tokens.insert(one);
      }
      const auto revoked = row.revoke(tokens);
      kept.clear();
      std::int64_t left = 0;
      for (const char* id : all) {
        if (!tokens.find_by_id(id)) continue;
        kept += std::string(id) + " ";
        ++left;
      }
      EXPECT_EQ(revoked, std::ssize(all) - left);
    };
    write(unit);
    EXPECT_EQ(kept, row.kept);
  }
}

// RT-12
TEST_P(RefreshTokenStoreTest, DropsTheFamiliesThatWereRenewedLongestAgo) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    tokens.insert(token("old", "f_old", 1, 30s));
    tokens.insert(token("renewed_1", "f_renewed", 1, 40s));
    tokens.insert(token("renewed_2", "f_renewed", 2, 1s));
    tokens.insert(token("young", "f_young", 1, 10s));
    auto other = token("other client", "f_other", 1, 99s);
    other.client = ClientId("client_2");
    tokens.insert(other);
    tokens.drop_oldest(kUser, kClient, 3);
    EXPECT_TRUE(tokens.find_by_id("old"));
    tokens.drop_oldest(kUser, kClient, 2);
    EXPECT_FALSE(tokens.find_by_id("old"));
    EXPECT_TRUE(tokens.find_by_id("renewed_1"));
    EXPECT_TRUE(tokens.find_by_id("young"));
    tokens.drop_oldest(kUser, kClient, 1);
    EXPECT_FALSE(tokens.find_by_id("young"));
    EXPECT_TRUE(tokens.find_by_id("renewed_2"));
    tokens.drop_oldest(kUser, kClient, -1);
    EXPECT_FALSE(tokens.find_by_id("renewed_2"));
    EXPECT_TRUE(tokens.find_by_id("other client"));
  });
}

TEST_P(RefreshTokenStoreTest, ListsWhatMayBeUsedByUserAndClient) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    tokens.insert(token("a", "fa", 1, 5s));
    auto replaced = token("b", "fb", 1, 4s);
    replaced.replaced_at = kNow;
    tokens.insert(replaced);
    tokens.insert(token("b2", "fb", 2, 3s));
    auto other_client = token("c", "fc", 1, 2s);
    other_client.client = ClientId("client_0");
    tokens.insert(other_client);
    auto other_user = token("d", "fd", 1, 1s);
    other_user.user = UserId("somebody else");
    tokens.insert(other_user);
    EXPECT_EQ(ids(tokens.list_by_user(kUser, ClientId(), {}).items), "a b2 c ");
    EXPECT_EQ(ids(tokens.list_by_user(kUser, kClient, {}).items), "a b2 ");
    const auto page = tokens.list_by_user(kUser, ClientId(), {.limit = 2});
    EXPECT_EQ(page.total, 3);
    EXPECT_EQ(ids(tokens.list_by_user(kUser, ClientId(), {.after = page.next.value()}).items), "c ");
  });
}

TEST_P(RefreshTokenStoreTest, MetadataStaysWithTheFamily) {
  write([](db::Transaction& tx) {
    RefreshTokenStore tokens(tx, kTenant);
    EXPECT_FALSE(tokens.set_metadata("first", "{}"));
    EXPECT_EQ(tokens.metadata("first"), "");
    tokens.insert(token("first", "family_1", 1));
    EXPECT_EQ(tokens.metadata("first"), "");
    EXPECT_TRUE(tokens.set_metadata("first", R"({"a":"b"})"));
    tokens.insert(token("second", "family_1", 2));
    tokens.insert(token("stranger", "family_2", 1));
    EXPECT_EQ(tokens.metadata("second"), R"({"a":"b"})");
    EXPECT_EQ(tokens.metadata("stranger"), "");
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, RefreshTokenStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
