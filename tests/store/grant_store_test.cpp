#include "store/grant_store.h"

#include "store/refresh_token_store.h"
#include "store/store_test.h"

namespace symbolon::store {
namespace {

using namespace std::chrono_literals;

class GrantStoreTest : public StoreTest {};

const GrantId kGrant("grant_1");

TEST_P(GrantStoreTest, FindsWhatWasInserted) {
  auto grant = sample_grant();
  grant.revoked_at = kNow + 1s;
  ASSERT_EQ(unset_members(grant), std::vector<std::size_t>()) << "the sample must fill every member";
  write([&](db::Transaction& tx) { GrantStore(tx, kTenant).insert(grant); });
  read([&](db::Transaction& tx) {
    expect_same(GrantStore(tx, kTenant).find(kGrant).value(), grant);
    EXPECT_FALSE(GrantStore(tx, kTenant).find(GrantId("grant_2")));
  });
}

TEST_P(GrantStoreTest, ARevokedGrantTakesAllThatWasIssuedUnderIt) {
  write([](db::Transaction& tx) {
    GrantStore grants(tx, kTenant);
    for (const char* id : {"grant_1", "grant_2"}) {
      const std::string name(id);
      grants.insert(sample_grant(kTenant, name));
      CodeStore(tx, kTenant).insert(sample_code("code of " + name, name));
      AccessTokenStore(tx, kTenant).insert(sample_access_token("access of " + name, name));
      auto refresh = sample_refresh_token("refresh of " + name, "family of " + name);
      refresh.grant = GrantId(name);
      RefreshTokenStore(tx, kTenant).insert(refresh);
    }
    EXPECT_FALSE(grants.revoke(GrantId("grant_3"), kNow));
    EXPECT_TRUE(grants.revoke(kGrant, kNow + 1s));
    EXPECT_FALSE(grants.revoke(kGrant, kNow + 2s));
    EXPECT_EQ(grants.find(kGrant)->revoked_at, kNow + 1s);

    const auto codes = [&](const char* seed) {
      return CodeStore(tx, kTenant).take(hash_of<model::CodeHash>(seed), kNow);
    };
    const auto access = [&](const char* seed) {
      return AccessTokenStore(tx, kTenant).find_live(hash_of<model::AccessTokenHash>(seed), kNow);
    };
    const auto refresh = [&](const char* seed) {
      return RefreshTokenStore(tx, kTenant).find(hash_of<model::RefreshTokenHash>(seed));
    };
    EXPECT_FALSE(codes("code of grant_1"));
    EXPECT_FALSE(access("access of grant_1"));
    EXPECT_FALSE(refresh("refresh of grant_1"));
    EXPECT_TRUE(codes("code of grant_2"));
    EXPECT_TRUE(access("access of grant_2"));
    EXPECT_TRUE(refresh("refresh of grant_2"));
  });
}

TEST_P(GrantStoreTest, RevokesAllOfAUser) {
  write([](db::Transaction& tx) {
    GrantStore grants(tx, kTenant);
    grants.insert(sample_grant());
    auto other = sample_grant(kTenant, "grant_2");
    other.user = UserId("somebody else");
    grants.insert(other);
    AccessTokenStore(tx, kTenant).insert(sample_access_token("one", "grant_1"));
    AccessTokenStore(tx, kTenant).insert(sample_access_token("two", "grant_2"));
    RefreshTokenStore(tx, kTenant).insert(sample_refresh_token());
    grants.revoke_of_user(sample_grant().user, kNow);
    EXPECT_EQ(grants.find(kGrant)->revoked_at, kNow);
    EXPECT_FALSE(grants.find(GrantId("grant_2"))->revoked_at);
    EXPECT_FALSE(AccessTokenStore(tx, kTenant).find(hash_of<model::AccessTokenHash>("one")));
    EXPECT_TRUE(AccessTokenStore(tx, kTenant).find_live(hash_of<model::AccessTokenHash>("two"), kNow));
    EXPECT_FALSE(RefreshTokenStore(tx, kTenant).find_by_id("rt_1"));
    grants.revoke_of_user(sample_grant().user, kNow + 1h);
    EXPECT_EQ(grants.find(kGrant)->revoked_at, kNow) << "the first revocation counts";
  });
}

TEST_P(GrantStoreTest, TheSweepersMarkMovesForwardOnly) {
  write([](db::Transaction& tx) {
    GrantStore grants(tx, kTenant);
    grants.insert(sample_grant());
    grants.extend(sample_grant(), kNow + 48h);
    EXPECT_EQ(grants.find(kGrant)->expires_at, kNow + 48h) << "late enough as it is";
    grants.extend(sample_grant(), kNow + 49h);
    const auto moved = grants.find(kGrant).value();
    EXPECT_GT(moved.expires_at, kNow + 49h) << "the next refreshes need not move it again";
    grants.extend(sample_grant(), kNow + 48h + 1ms);
    EXPECT_EQ(grants.find(kGrant)->expires_at, moved.expires_at) << "somebody else moved it further meanwhile";
  });
}

TEST_P(GrantStoreTest, ACodeIsTakenOnce) {
  const auto code = sample_code();
  write([&](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    CodeStore codes(tx, kTenant);
    codes.insert(code);
    EXPECT_FALSE(codes.find_used(code.hash));
    expect_same(codes.take(code.hash, kNow).value(), code);
    EXPECT_FALSE(codes.take(code.hash, kNow));
    EXPECT_EQ(codes.find_used(code.hash), kGrant);
    EXPECT_FALSE(codes.take(hash_of<model::CodeHash>("other"), kNow));
    EXPECT_FALSE(codes.take({}, kNow));
    EXPECT_FALSE(codes.find_used(hash_of<model::CodeHash>("other")));
  });
}

TEST_P(GrantStoreTest, EveryMemberOfACodeComesBack) {
  auto code = sample_code();
  code.redirect_uri_was_sent = true;
  code.nonce = "";
  write([&](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    CodeStore(tx, kTenant).insert(code);
    expect_same(CodeStore(tx, kTenant).take(code.hash, kNow).value(), code);
  });
}

TEST_P(GrantStoreTest, ACodeNeedsItsGrant) {
  EXPECT_THROW(write([](db::Transaction& tx) { CodeStore(tx, kTenant).insert(sample_code()); }), std::logic_error);
  EXPECT_EQ(count("authorization_codes"), 0);
}

TEST_P(GrantStoreTest, CodesAreCancelledBySessionOrUser) {
  write([](db::Transaction& tx) {
    GrantStore grants(tx, kTenant);
    CodeStore codes(tx, kTenant);
    const auto add = [&](const char* id, const char* session, const char* user) {
      auto grant = sample_grant(kTenant, id);
      grant.session = SessionId(session);
      grant.user = UserId(user);
      grants.insert(grant);
      codes.insert(sample_code(id, id));
    };
    add("a", "sid_1", "jane");
    add("b", "sid_2", "jane");
    add("c", "sid_3", "joe");
    codes.cancel_of_session(UserId("jane"), SessionId("sid_1"), kNow);
    EXPECT_FALSE(codes.take(hash_of<model::CodeHash>("a"), kNow));
    add("d", "sid_2", "jane");
    codes.cancel_of_user(UserId("jane"), kNow);
    EXPECT_FALSE(codes.take(hash_of<model::CodeHash>("b"), kNow));
    EXPECT_FALSE(codes.take(hash_of<model::CodeHash>("d"), kNow));
    EXPECT_TRUE(codes.take(hash_of<model::CodeHash>("c"), kNow));
  });
}

TEST_P(GrantStoreTest, AccessTokensLiveUntilTheirEnd) {
  const auto token = sample_access_token();
  ASSERT_EQ(unset_members(token), std::vector<std::size_t>()) << "the sample must fill every member";
  write([&](db::Transaction& tx) {
    GrantStore(tx, kTenant).insert(sample_grant());
    AccessTokenStore tokens(tx, kTenant);
    tokens.insert(token);
    expect_same(tokens.find_live(token.hash, token.expires_at - 1ms).value(), token);
    expect_same(tokens.find(token.hash).value(), token);
    EXPECT_FALSE(tokens.find_live(token.hash, token.expires_at));
    EXPECT_TRUE(tokens.find(token.hash));
    EXPECT_FALSE(tokens.find_live(hash_of<model::AccessTokenHash>("other"), kNow));
    EXPECT_FALSE(tokens.find(hash_of<model::AccessTokenHash>("other")));
    EXPECT_FALSE(tokens.remove(hash_of<model::AccessTokenHash>("other")));
    EXPECT_TRUE(tokens.remove(token.hash));
    EXPECT_FALSE(tokens.remove(token.hash));
    EXPECT_FALSE(tokens.find(token.hash));
  });
}

TEST_P(GrantStoreTest, AnAccessTokenIsDeadWithoutALiveGrant) {
  write([](db::Transaction& tx) {
    auto revoked = sample_grant();
    revoked.revoked_at = kNow;
    GrantStore(tx, kTenant).insert(revoked);
    AccessTokenStore tokens(tx, kTenant);
    tokens.insert(sample_access_token("after the revocation"));
    tokens.insert(sample_access_token("without a grant", "grant_9"));
    EXPECT_FALSE(tokens.find_live(hash_of<model::AccessTokenHash>("after the revocation"), kNow));
    EXPECT_FALSE(tokens.find_live(hash_of<model::AccessTokenHash>("without a grant"), kNow));
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, GrantStoreTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
