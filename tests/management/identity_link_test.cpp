#include "management/people_test.h"

// Linking and unlinking identities (management-api §4.2).
namespace symbolon::management {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

class IdentityLinkTest : public PeopleTest {
 protected:
  Reply link(const std::string& body) { return post(kJane + "/identities", body); }
  Reply unlink(const std::string& account) { return remove(kJane + "/identities/oidc/" + account); }

  const UserId jane_ = add_user("jane", "corp", R"({"name":"Jane"})");
  const UserId joan_ = add_user("joan", "other", R"({"name":"Joan","nickname":"jo","level":7})");
};

TEST_F(IdentityLinkTest, TheSecondUserBecomesAnIdentityWithItsProfile) {
  const Reply linked = link(R"({"provider":"oidc","user_id":"other|joan"})");
  ASSERT_EQ(linked.status, 201) << linked.text;
  const json::value want = json::array{
      {{"connection", "corp"}, {"provider", "oidc"}, {"user_id", "corp|jane"}, {"isSocial", false}},
      {{"connection", "other"},
       {"provider", "oidc"},
       {"user_id", "other|joan"},
       {"isSocial", false},
       {"profileData",
        {{"name", "Joan"}, {"nickname", "jo"}, {"level", 7}, {"email", "joan@example.com"}, {"email_verified", true}}}}};
  EXPECT_EQ(linked.body, want);
  EXPECT_FALSE(has_user(joan_));
  EXPECT_EQ(get(kJane).at("/identities"), want);
  EXPECT_EQ(get(kJane).at("/name"), "Jane");
  const auto found = read([&](db::Transaction& tx) {
    return store::UserStore(tx, kTenant).find_by_identity(ConnectionId(other_), "joan");
  });
  EXPECT_EQ(found->id, jane_) << "a login of the second account is the first user's from now on";
}

TEST_F(IdentityLinkTest, AConnectionIdSavesTheNameInFront) {
  EXPECT_EQ(link(R"({"provider":"oidc","user_id":"joan","connection_id":")" + other_ + "\"}").status, 201);
  EXPECT_FALSE(has_user(joan_));
}

TEST_F(IdentityLinkTest, AnIdTokenProvesTheAccount) {
  link_tokens_.issued_at = clock_.now();
  EXPECT_EQ(link(R"({"link_with":"proof of oidc|other|joan"})").status, 201);
  EXPECT_FALSE(has_user(joan_));
  EXPECT_EQ(stored_user(jane_).identities.size(), 2U);
}

TEST_F(IdentityLinkTest, AProofFromBeforeARevocationIsNone) {
  link_tokens_.issued_at = clock_.now();
  post("/users/oidc%7Cother%7Cjoan/revoke-access", "{}");
  EXPECT_EQ(link(R"({"link_with":"proof of oidc|other|joan"})").status, 400);
  link_tokens_.issued_at = clock_.now() + 1s;
  EXPECT_EQ(link(R"({"link_with":"proof of oidc|other|joan"})").status, 201);
}

TEST_F(IdentityLinkTest, WhatTheSecondUserHeldEnds) {
  add_session(joan_, "s1", "joan");
  add_refresh_token(joan_, "t1", "s1");
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  EXPECT_THAT(session_end_.ended, ElementsAre(Pair("s1", EndCause::session_revoked)));
  EXPECT_EQ(get("/refresh-tokens/t1").status, 404);
}

TEST_F(IdentityLinkTest, IdentitiesOfTheSecondUserComeAlong) {
  add_user("jo2", "other");
  ASSERT_EQ(post("/users/oidc%7Cother%7Cjoan/identities", R"({"provider":"oidc","user_id":"other|jo2"})").status, 201);
  const Reply linked = link(R"({"provider":"oidc","user_id":"other|joan"})");
  EXPECT_THAT(ids(linked, "", "user_id"), ElementsAre("corp|jane", "other|joan", "other|jo2"));
  EXPECT_EQ(linked.at("/2/profileData/email"), "jo2@example.com");
}

TEST_F(IdentityLinkTest, WhatCannotBeLinkedIsRefused) {
  add_user("blocked", "other");
  patch("/users/oidc%7Cother%7Cblocked", R"({"blocked":true})");
  add_user("taken", "other");
  ASSERT_EQ(post("/users/oidc%7Cother%7Cjoan/identities", R"({"provider":"oidc","user_id":"other|taken"})").status, 201);
  const struct {
    std::string body;
    int status;
  } kRows[] = {
      {R"({"provider":"oidc","user_id":"other|nobody"})", 404},
      {R"({"provider":"oidc","user_id":"nowhere|joan"})", 400},
      {R"({"provider":"okta","user_id":"other|joan"})", 400},
      {R"({"provider":"oidc","user_id":"joan"})", 400},
      {R"({"provider":"oidc","user_id":"joan","connection_id":"con_aaaaaaaaaaaaaaaa"})", 400},
      {R"({"provider":"oidc","user_id":"corp|jane"})", 400},
      {R"({"provider":"oidc","user_id":"other|blocked"})", 400},
      {R"({"provider":"oidc","user_id":"other|taken"})", 409},
      {R"({"provider":"oidc"})", 400},
      {R"({"user_id":"other|joan"})", 400},
      {R"({"link_with":"eyJhbGciOiJub25lIn0.e30."})", 400},
      {R"({"link_with":"proof of nobody"})", 404},
      {R"({"link_with":"proof of oidc|corp|jane"})", 400},
      {R"({"link_with":"proof of oidc|other|joan","provider":"oidc"})", 400},
      {R"({"link_with":7})", 400},
      {R"({"provider":"oidc","user_id":"other|joan","more":1})", 400},
      {"{}", 400},
  };
  for (const auto& row : kRows) EXPECT_EQ(link(row.body).status, row.status) << row.body;
  EXPECT_EQ(stored_user(jane_).identities.size(), 1U);
  EXPECT_TRUE(has_user(joan_));
  EXPECT_EQ(post("/users/nobody/identities", R"({"provider":"oidc","user_id":"other|joan"})").status, 404);
}

TEST_F(IdentityLinkTest, UnlinkingGivesTheUserBack) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  clock_.advance(1min);
  const Reply left = unlink("other%7Cjoan");
  ASSERT_EQ(left.status, 200) << left.text;
  EXPECT_THAT(ids(left, "", "user_id"), ElementsAre("corp|jane"));
  const Reply back = get("/users/oidc%7Cother%7Cjoan");
  ASSERT_EQ(back.status, 200);
  EXPECT_EQ(back.at("/name"), "Joan");
  EXPECT_EQ(back.at("/level"), 7);
  EXPECT_EQ(back.at("/email"), "joan@example.com");
  EXPECT_EQ(back.at("/email_verified"), true);
  EXPECT_EQ(back.at("/logins_count"), 0);
  EXPECT_FALSE(back.has("/identities/0/profileData"));
}

TEST_F(IdentityLinkTest, UnlinkingLetsNobodyBackIn) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  patch(kJane, R"({"blocked":true})");
  ASSERT_EQ(unlink("other%7Cjoan").status, 200);
  EXPECT_EQ(get("/users/oidc%7Cother%7Cjoan").at("/blocked"), true);
}

TEST_F(IdentityLinkTest, UnlinkingKeepsTheOrganisation) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  write([&](db::Transaction& tx) {
    tx.execute("UPDATE users SET org_id = ?2 WHERE user_id = ?1", {jane_, model::OrganisationId("100000000000000011")});
  });
  ASSERT_EQ(stored_user(jane_).organisation.str(), "100000000000000011");
  ASSERT_EQ(unlink("other%7Cjoan").status, 200);
  EXPECT_EQ(stored_user(joan_).organisation.str(), "100000000000000011");
}

TEST_F(IdentityLinkTest, UnlinkingEndsWhatWasSignedInThroughIt) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  add_session(jane_, "kept", "jane");
  const SessionId ended = add_session(jane_, "through-other", "joan");
  write([&](db::Transaction& tx) {
    auto session = store::SessionStore(tx, kTenant).find(ended).value();
    session.connection = ConnectionId(other_);
    store::SessionStore(tx, kTenant).update(session);
  });
  add_refresh_token(jane_, "t1", "through-other");
  unlink("other%7Cjoan");
  EXPECT_THAT(session_end_.ended, ElementsAre(Pair("through-other", EndCause::session_revoked)));
  EXPECT_EQ(get("/sessions/kept").status, 200);
  EXPECT_EQ(get("/refresh-tokens/t1").status, 404);
}

TEST_F(IdentityLinkTest, TheMainIdentityStays) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  const Reply refused = unlink("corp%7Cjane");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.message(), "Main identity cannot be removed.");
  EXPECT_EQ(unlink("other%7Cnobody").status, 404);
  EXPECT_EQ(remove(kJane + "/identities/okta/other%7Cjoan").status, 404);
  EXPECT_EQ(remove("/users/nobody/identities/oidc/other%7Cjoan").status, 404);
  EXPECT_EQ(stored_user(jane_).identities.size(), 2U);
}

TEST_F(IdentityLinkTest, AnUnlinkedUserTakesNobodysPlace) {
  link(R"({"provider":"oidc","user_id":"other|joan"})");
  write([&](db::Transaction& tx) {
    model::User user;
    user.tenant = kTenant;
    user.id = joan_;
    user.profile = "{}";
    store::UserStore(tx, kTenant).insert(user);
  });
  EXPECT_EQ(unlink("other%7Cjoan").status, 409);
  EXPECT_EQ(stored_user(jane_).identities.size(), 2U);
}

TEST_F(IdentityLinkTest, OnesOwnScopeIsForOneself) {
  Token own = token_with({"update:current_user_identities"});
  const std::string body = R"({"provider":"oidc","user_id":"other|joan"})";
  EXPECT_EQ(send({"POST", kJane + "/identities", body, own, {}}).status, 403);
  EXPECT_EQ(send({"DELETE", kJane + "/identities/oidc/other%7Cjoan", "", own, {}}).status, 403);
  own.subject = jane_.str();
  EXPECT_EQ(send({"POST", kJane + "/identities", body, own, {}}).status, 201);
}

}  // namespace
}  // namespace symbolon::management
