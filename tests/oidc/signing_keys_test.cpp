#include "oidc/signing_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>

#include "jose/verify.h"
#include "oidc/keys_endpoint.h"
#include "oidc/provider.h"
#include "oidc/signing_algorithm.h"
#include "store/signing_key_store.h"

namespace symbolon::oidc {
namespace {

namespace bj = boost::json;
using model::KeyState;
using namespace std::chrono_literals;

std::vector<model::SigningKey> stored(Provider& provider) {
  return provider.read([](db::Transaction& tx) { return store::SigningKeyStore(tx, kTenant).list(); });
}
std::size_t count(Provider& provider, KeyState state) {
  return static_cast<std::size_t>(std::ranges::count(stored(provider), state, &model::SigningKey::state));
}
std::string kid_of(Provider& provider, std::string_view algorithm, KeyState state) {
  for (const auto& key : stored(provider))
    if (key.algorithm == algorithm && key.state == state) return key.kid;
  return {};
}
std::set<std::string> published(const SigningKeySet& keys) {
  std::set<std::string> kids;
  for (const auto& jwk : bj::parse(keys.jwks()).at("keys").as_array()) kids.insert(text_at(jwk.as_object(), "kid"));
  return kids;
}
bool verifies(const SigningKeySet& keys, const std::string& token) {
  const auto jws = jose::Jws::parse(token);
  return jws && jose::verify(*jws, keys.public_keys(), accepted_algorithms()).has_value();
}

TEST(SigningKeys, SignsWithEveryAlgorithmThatIsOffered) {
  Provider provider;
  const auto keys = run_task(provider.keys.get(kTenant));
  for (const auto algorithm : signing_algorithms()) {
    const std::string token = keys->sign(algorithm, "JWT", {{"sub", "x"}});
    EXPECT_TRUE(verifies(*keys, token)) << to_string(algorithm);
    EXPECT_EQ(text_at(header_of(token), "alg"), to_string(algorithm));
  }
  EXPECT_THROW((void)keys->sign(crypto::SignatureAlgorithm::ES384, "JWT", {}), std::logic_error);
}

TEST(SigningKeys, PublishesPublicPartsOnly) {
  Provider provider;
  const auto keys = run_task(provider.keys.get(kTenant));
  const auto list = bj::parse(keys->jwks()).at("keys").as_array();
  ASSERT_EQ(list.size(), 6u) << "RS256, PS256 and ES256, current and next";
  std::set<std::string> kids;
  for (const auto& value : list) {
    const auto& jwk = value.as_object();
    for (const char* secret : {"d", "p", "q", "dp", "dq", "qi", "k", "oth"}) EXPECT_FALSE(jwk.contains(secret));
    for (const char* member : {"kty", "use", "alg", "kid", "x5t", "x5c"}) EXPECT_TRUE(jwk.contains(member)) << member;
    EXPECT_EQ(jwk.at("use"), "sig");
    kids.insert(text_at(jwk, "kid"));
  }
  EXPECT_EQ(kids.size(), list.size()) << "every kid is one key's";
  EXPECT_EQ(keys->public_keys().keys().size(), list.size());
}

TEST(SigningKeys, ATenantFlagLeavesTheAlgorithmOut) {
  Provider provider;
  provider.patch_tenant({{"flags", {{"remove_alg_from_jwks", true}}}});
  const auto keys = run_task(provider.keys.get(kTenant));
  for (const auto& jwk : bj::parse(keys->jwks()).at("keys").as_array()) EXPECT_FALSE(jwk.as_object().contains("alg"));
  EXPECT_TRUE(verifies(*keys, keys->sign(crypto::SignatureAlgorithm::PS256, "JWT", {})));
}

TEST(SigningKeys, MakesWhatATenantLacksOnce) {
  Provider provider;
  provider.write([](db::Transaction& tx) { tx.execute("DELETE FROM signing_keys WHERE algorithm = 'ES256'"); });
  const auto keys = run_task(provider.keys.get(kTenant));
  EXPECT_EQ(count(provider, KeyState::current), 2u);
  EXPECT_EQ(count(provider, KeyState::next), 2u);
  EXPECT_TRUE(verifies(*keys, keys->sign(crypto::SignatureAlgorithm::ES256, "JWT", {})));
  EXPECT_EQ(provider.workers.jobs, 1);
  provider.clock.advance(6s);
  EXPECT_EQ(run_task(provider.keys.get(kTenant)), keys) << "nothing changed, nothing is opened again";
  EXPECT_EQ(provider.workers.jobs, 1);
}

TEST(SigningKeys, TwoServersThatMakeTheFirstKeysAgree) {
  Provider provider;
  provider.write([](db::Transaction& tx) { tx.execute("DELETE FROM signing_keys WHERE algorithm = 'ES256'"); });
  SigningKeys other(*provider.db, provider.workers, provider.box, provider.clock, provider.random);
  std::shared_ptr<const SigningKeySet> a, b;
  const auto load = [](SigningKeys& keys, std::shared_ptr<const SigningKeySet>& out) -> Task<void> {
    out = co_await keys.get(kTenant);
  };
  std::vector<Task<void>> both;
  both.push_back(load(provider.keys, a));
  both.push_back(load(other, b));
  run_together(std::move(both));
  EXPECT_EQ(count(provider, KeyState::current), 2u);
  EXPECT_EQ(count(provider, KeyState::next), 2u);
  EXPECT_EQ(published(*a), published(*b));
}

TEST(SigningKeys, RotationStepsEveryFamilyForward) {
  Provider provider;
  const auto before = run_task(provider.keys.get(kTenant));
  const std::string old_token = before->sign(crypto::SignatureAlgorithm::RS256, "JWT", {});
  const std::string next = kid_of(provider, "RS256", KeyState::next);
  const std::string next_ec = kid_of(provider, "ES256", KeyState::next);
  const auto current = run_task(provider.keys.rotate(kTenant));
  EXPECT_EQ(current.kid, next);
  EXPECT_EQ(current.algorithm, "RS256");
  EXPECT_EQ(current.current_since, provider.clock.now());

  const auto after = run_task(provider.keys.get(kTenant));
  EXPECT_EQ(text_at(header_of(after->sign(crypto::SignatureAlgorithm::RS256, "JWT", {})), "kid"), next)
      << "seen at once";
  EXPECT_EQ(text_at(header_of(after->sign(crypto::SignatureAlgorithm::ES256, "JWT", {})), "kid"), next_ec);
  EXPECT_TRUE(verifies(*after, old_token)) << "previous stays published";
  EXPECT_EQ(count(provider, KeyState::previous), 2u);
  EXPECT_EQ(count(provider, KeyState::current), 2u);
  EXPECT_EQ(count(provider, KeyState::next), 2u) << "a new next was made";
  EXPECT_TRUE(std::ranges::includes(published(*after), published(*before)));
}

// Both or neither: a change of keys that nobody can find in the log, or an entry of one that never was.
TEST(SigningKeys, WhatIsWrittenAlongSharesTheFateOfTheChange) {
  Provider provider;
  run_task(provider.keys.get(kTenant));
  const std::string current = kid_of(provider, "RS256", KeyState::current);
  const auto fail = [](db::Transaction&) { throw std::runtime_error("the log is full"); };
  EXPECT_THROW(run_task(provider.keys.rotate(kTenant, fail)), std::runtime_error);
  EXPECT_EQ(kid_of(provider, "RS256", KeyState::current), current);
  int calls = 0;
  const auto note = [&](db::Transaction&) { ++calls; };
  run_task(provider.keys.rotate(kTenant, note));
  EXPECT_EQ(calls, 1);
  EXPECT_THROW(run_task(provider.keys.revoke(kTenant, current, fail)), std::runtime_error);
  EXPECT_EQ(kid_of(provider, "RS256", KeyState::previous), current);
  run_task(provider.keys.revoke(kTenant, current, note));
  EXPECT_EQ(calls, 2);
  run_task(provider.keys.revoke(kTenant, current, note));
  EXPECT_EQ(calls, 2) << "nothing changed, nothing to note";
}

TEST(SigningKeys, ARotationElsewhereIsFollowedWithinSeconds) {
  Provider provider;
  SigningKeys elsewhere(*provider.db, provider.workers, provider.box, provider.clock, provider.random);
  const auto before = run_task(elsewhere.get(kTenant));
  run_task(provider.keys.rotate(kTenant));
  EXPECT_EQ(run_task(elsewhere.get(kTenant)), before);
  provider.clock.advance(2s);
  EXPECT_NE(run_task(elsewhere.refresh(kTenant)), before) << "an unknown kid looks at once";
  run_task(provider.keys.rotate(kTenant));
  provider.clock.advance(5s);
  EXPECT_EQ(published(*run_task(elsewhere.get(kTenant))), published(*run_task(provider.keys.get(kTenant))));
}

TEST(SigningKeys, RefreshReadsAtMostOnceASecond) {
  Provider provider;
  run_task(provider.keys.get(kTenant));
  const auto reads = provider.db->statistics().units_read;
  for (int i = 0; i < 1000; ++i) run_task(provider.keys.refresh(kTenant));
  EXPECT_EQ(provider.db->statistics().units_read, reads);
}

TEST(SigningKeys, ARevokedKeyIsGoneAtOnce) {
  Provider provider;
  const auto before = run_task(provider.keys.get(kTenant));
  const std::string token = before->sign(crypto::SignatureAlgorithm::PS256, "JWT", {});
  const std::string kid = kid_of(provider, "RS256", KeyState::current);
  EXPECT_EQ(run_task(provider.keys.revoke(kTenant, kid)), SigningKeys::Revocation::current_key);
  EXPECT_EQ(run_task(provider.keys.revoke(kTenant, "nobody")), SigningKeys::Revocation::unknown_key);
  run_task(provider.keys.rotate(kTenant));
  ASSERT_TRUE(verifies(*run_task(provider.keys.get(kTenant)), token));
  EXPECT_EQ(run_task(provider.keys.revoke(kTenant, kid)), SigningKeys::Revocation::done);

  const auto after = run_task(provider.keys.get(kTenant));
  EXPECT_FALSE(verifies(*after, token));
  EXPECT_FALSE(published(*after).contains(kid));
  EXPECT_FALSE(published(*after).contains(kid + "-PS256"));
  EXPECT_EQ(count(provider, KeyState::revoked), 1u);
  EXPECT_EQ(run_task(provider.keys.revoke(kTenant, kid)), SigningKeys::Revocation::done);
}

TEST(SigningKeys, ARevokedNextKeyIsReplaced) {
  Provider provider;
  const std::string kid = kid_of(provider, "ES256", KeyState::next);
  EXPECT_EQ(run_task(provider.keys.revoke(kTenant, kid)), SigningKeys::Revocation::done);
  const std::string replacement = kid_of(provider, "ES256", KeyState::next);
  EXPECT_FALSE(replacement.empty());
  EXPECT_NE(replacement, kid);
}

TEST(SigningKeys, PrivateKeysAreSealedForTheirPlace) {
  Provider provider;
  const auto keys = stored(provider);
  for (const auto& key : keys) {
    EXPECT_FALSE(key.private_key.bytes.contains("PRIVATE")) << "no PEM";
    EXPECT_TRUE(provider.box.open("signing-key", "default|" + key.kid, key.private_key.bytes));
    EXPECT_FALSE(provider.box.open("signing-key", "other|" + key.kid, key.private_key.bytes));
    EXPECT_TRUE(key.certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  }
  // A key that was put into another one's row does not open.
  const std::string current = kid_of(provider, "RS256", KeyState::current);
  const std::string next = kid_of(provider, "RS256", KeyState::next);
  provider.write([&](db::Transaction& tx) {
    tx.execute(
        "UPDATE signing_keys SET private_key = (SELECT private_key FROM signing_keys WHERE kid = ?1)"
        " WHERE kid = ?2",
        {next, current});
  });
  EXPECT_THROW(run_task(provider.keys.get(kTenant)), std::runtime_error);
}

TEST(SigningKeys, MakesNoKeysForATenantThatDoesNotExist) {
  Provider provider;
  EXPECT_THROW(run_task(provider.keys.get(TenantId("nobody"))), std::runtime_error);
  EXPECT_EQ(provider.count("signing_keys", "tenant = 'nobody'"), 0);
}

TEST(KeysEndpoint, ServesTheDocument) {
  Provider provider;
  KeysEndpoint endpoint(provider.keys);
  const auto response = run_task(endpoint.handle(provider.request(http::Method::get, "/.well-known/jwks.json")));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=300");
  EXPECT_EQ(response.body, run_task(provider.keys.get(kTenant))->jwks());
}

}  // namespace
}  // namespace symbolon::oidc
