#include "jose/key_set.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "jose/public_jwk.h"

namespace symbolon::jose {
namespace {

using boost::json::array;
using boost::json::object;
using crypto::KeyType;
using enum crypto::SignatureAlgorithm;

const crypto::PublicKey& key_of(KeyType type) {
  static const crypto::PublicKey rsa = crypto::PrivateKey::generate(KeyType::rsa).public_key();
  static const crypto::PublicKey ec = crypto::PrivateKey::generate(KeyType::ec_p256).public_key();
  return type == KeyType::rsa ? rsa : ec;
}

object jwk(KeyType type, std::string_view kid, std::optional<crypto::SignatureAlgorithm> algorithm = {}) {
  object made = render_public_jwk(key_of(type), kid, algorithm);
  if (kid.empty()) made.erase("kid");
  return made;
}

KeySet set_of(array keys) { return KeySet::parse(boost::json::serialize(object{{"keys", std::move(keys)}})).value(); }

TEST(KeySet, KeepsTheGoodAndListsTheRest) {
  object encryption = jwk(KeyType::rsa, "enc");
  encryption["use"] = "enc";
  const KeySet set = set_of({jwk(KeyType::rsa, "a"), encryption, "text",
                             object{{"kty", "oct"}, {"k", "AA"}, {"kid", 5}}, jwk(KeyType::ec_p256, "b")});
  ASSERT_EQ(set.keys().size(), 2U);
  EXPECT_EQ(set.keys()[0].kid, "a");
  EXPECT_EQ(set.keys()[1].kid, "b");
  ASSERT_EQ(set.ignored().size(), 3U);
  EXPECT_EQ(set.ignored()[0].index, 1U);
  EXPECT_EQ(set.ignored()[0].kid, "enc");
  EXPECT_EQ(set.ignored()[0].why, JwkError::use);
  EXPECT_EQ(set.ignored()[1].why, JwkError::malformed);
  EXPECT_EQ(set.ignored()[2].kid, "");
}

TEST(KeySet, MayBeEmpty) {
  EXPECT_TRUE(KeySet().keys().empty());
  EXPECT_TRUE(set_of({}).keys().empty());
  EXPECT_TRUE(KeySet().candidates("a", RS256).empty());
}

TEST(KeySet, RefusesWhatIsNoSet) {
  const std::string many = "{\"keys\":[" + [] {
    std::string keys = "{}";
    for (int i = 0; i < 100; ++i) keys += ",{}";
    return keys;
  }() + "]}";
  const struct {
    const char* name;
    std::string text;
    KeySetError want;
  } rows[] = {
      {"empty", "", KeySetError::not_json},
      {"HTML", "<html>", KeySetError::not_json},
      {"keys twice", R"({"keys":[],"keys":[]})", KeySetError::not_json},
      {"kid twice", R"({"keys":[{"kid":"a","kid":"b"}]})", KeySetError::not_json},
      {"array", "[]", KeySetError::no_keys},
      {"no keys", "{}", KeySetError::no_keys},
      {"keys an object", R"({"keys":{}})", KeySetError::no_keys},
      {"101 keys", many, KeySetError::too_many_keys},
      {"more than 512 KiB", R"({"keys":[]})" + std::string(512 * 1024, ' '), KeySetError::too_long},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto set = KeySet::parse(row.text);
    ASSERT_FALSE(set);
    EXPECT_EQ(to_string(set.error()), to_string(row.want));
  }
}

TEST(KeySet, TakesAHundredKeys) {
  array keys;
  for (int i = 0; i < 100; ++i) keys.push_back(jwk(KeyType::ec_p256, std::to_string(i)));
  EXPECT_EQ(set_of(std::move(keys)).keys().size(), 100U);
}

TEST(Candidates, AreChosenByKid) {
  const KeySet set = set_of({jwk(KeyType::rsa, "a"), jwk(KeyType::rsa, "b"), jwk(KeyType::rsa, "")});
  ASSERT_EQ(set.candidates("b", RS256).size(), 1U);
  EXPECT_EQ(set.candidates("b", RS256)[0]->kid, "b");
  EXPECT_TRUE(set.candidates("c", RS256).empty());
  EXPECT_TRUE(set.candidates("", RS256).empty());
  EXPECT_TRUE(set.candidates("A", RS256).empty());
}

TEST(Candidates, T35_MustFitTheAlgorithm) {
  const KeySet set = set_of({jwk(KeyType::rsa, "a", RS256), jwk(KeyType::ec_p256, "b")});
  EXPECT_EQ(set.candidates("a", RS256).size(), 1U);
  EXPECT_TRUE(set.candidates("a", RS384).empty());
  EXPECT_TRUE(set.candidates("a", PS256).empty());
  EXPECT_TRUE(set.candidates("a", ES256).empty());
  EXPECT_EQ(set.candidates("b", ES256).size(), 1U);
  EXPECT_TRUE(set.candidates("b", ES384).empty());
  EXPECT_TRUE(set.candidates("b", EdDSA).empty());
}

TEST(Candidates, AreAllThatFitWithoutAKid) {
  array keys{jwk(KeyType::ec_p256, "e"), jwk(KeyType::rsa, "p", PS256)};
  for (int i = 0; i < 3; ++i) keys.push_back(jwk(KeyType::rsa, std::to_string(i)));
  const KeySet set = set_of(keys);
  EXPECT_EQ(set.candidates(std::nullopt, RS256).size(), 3U);
  EXPECT_EQ(set.candidates(std::nullopt, PS256).size(), 4U);
  EXPECT_EQ(set.candidates(std::nullopt, ES256).size(), 1U);
  EXPECT_TRUE(set.candidates(std::nullopt, ES512).empty());
}

TEST(Candidates, AreEightAtMost) {
  array keys;
  for (int i = 0; i < 20; ++i) keys.push_back(jwk(KeyType::rsa, "same"));
  const KeySet set = set_of(std::move(keys));
  EXPECT_EQ(set.candidates(std::nullopt, RS256).size(), 8U);
  EXPECT_EQ(set.candidates("same", RS256).size(), 8U);
}

}  // namespace
}  // namespace symbolon::jose
