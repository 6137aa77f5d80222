#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "jose/verify.h"
#include "json/parse.h"
#include "support/published_data.h"

namespace symbolon::jose {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using enum crypto::SignatureAlgorithm;

constexpr AlgorithmSet kAll{RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA};

std::string text_of(const value& token) {
  return token.is_string() ? std::string(token.as_string()) : boost::json::serialize(token);
}

object without(object key, std::initializer_list<const char*> members) {
  for (const char* member : members) key.erase(member);
  return key;
}

// Some groups print private members among the public ones; a published key may not have them, so they are checked
// both ways.
value without_secrets(const value& keys) {
  object copy = keys.as_object();
  if (!copy.contains("keys")) return without(std::move(copy), {"d", "p", "q", "dp", "dq", "qi"});
  for (value& key : copy["keys"].as_array()) key = without(key.as_object(), {"d", "p", "q", "dp", "dq", "qi"});
  return copy;
}

bool has_private_members(const value& keys) { return keys.as_object().contains("d"); }

KeySet set_of(const value& keys) {
  const object set = keys.as_object().contains("keys") ? keys.as_object() : object{{"keys", array{keys}}};
  return KeySet::parse(boost::json::serialize(set)).value();
}

bool is_accepted(const std::string& token, const KeySet& keys) {
  const auto jws = Jws::parse(token);
  return jws && verify(*jws, keys, kAll);
}

bool is_symmetric(const value& keys) {
  const object& key = keys.as_object().contains("keys") ? keys.at("keys").as_array()[0].as_object() : keys.as_object();
  return key.at("kty") == "oct";
}

// Published as valid, refused by us on purpose: the key's `alg` is PS256 where the token has PS384, or ES521, which
// does not exist. Without that member the signature must hold.
constexpr std::int64_t kStricter[] = {346, 347, 350, 351};

struct Tally {
  int accepted = 0, refused = 0;
};

Tally run(const object& file, bool with_exceptions) {
  Tally tally;
  for (const value& group : file.at("testGroups").as_array()) {
    const object& members = group.as_object();
    const value& keys = members.contains("public") ? members.at("public") : members.at("private");
    const KeySet published = set_of(without_secrets(keys));
    for (const value& test : group.at("tests").as_array()) {
      if (!test.as_object().contains("jws")) continue;
      const std::int64_t id = test.at("tcId").as_int64();
      SCOPED_TRACE(std::to_string(id) + " " + std::string(test.at("comment").as_string()));
      const std::string token = text_of(test.at("jws"));
      const bool excepted = with_exceptions && std::ranges::find(kStricter, id) != std::end(kStricter);
      // We have no HMAC signatures (threats T34), so even the valid ones are refused.
      const bool want = test.at("result") == "valid" && !is_symmetric(keys) && !excepted;
      EXPECT_EQ(is_accepted(token, published), want);
      if (excepted) {
        EXPECT_TRUE(is_accepted(token, set_of(without(keys.as_object(), {"alg"}))));
      }
      if (has_private_members(keys)) {
        EXPECT_FALSE(is_accepted(token, set_of(keys)));
      }
      ++(want ? tally.accepted : tally.refused);
    }
  }
  return tally;
}

object read(const std::string& text) { return json::parse_object(text, {.bytes = 4 << 20}).value(); }

TEST(Wycheproof, JsonWebSignature) {
  const auto text = find_published("jose/wycheproof/json_web_signature_test.json");
  if (!text) GTEST_SKIP();
  const Tally tally = run(read(*text), true);
  EXPECT_EQ(tally.accepted + tally.refused, 401);
  EXPECT_EQ(tally.accepted, 32);
}

TEST(Wycheproof, JsonWebKey) {
  const auto text = find_published("jose/wycheproof/json_web_key_test.json");
  if (!text) GTEST_SKIP();
  const Tally tally = run(read(*text), false);
  EXPECT_EQ(tally.accepted + tally.refused, 26);
  EXPECT_EQ(tally.accepted, 1);
}

TEST(Wycheproof, JsonWebCrypto) {
  const auto text = find_published("jose/wycheproof/json_web_crypto_test.json");
  if (!text) GTEST_SKIP();
  const Tally tally = run(read(*text), false);
  EXPECT_EQ(tally.accepted, 2);
  EXPECT_GT(tally.refused, 40);
}

TEST(Wycheproof, EncryptedTokensAreRefusedByName) {
  for (const char* name :
       {"jose/wycheproof/json_web_encryption_test.json", "jose/wycheproof/json_web_crypto_test.json"}) {
    const auto text = find_published(name);
    if (!text) GTEST_SKIP();
    int seen = 0;
    const object file = read(*text);
    for (const value& group : file.at("testGroups").as_array()) {
      for (const value& test : group.at("tests").as_array()) {
        if (!test.as_object().contains("jwe")) continue;
        const std::string token = text_of(test.at("jwe"));
        const auto jws = Jws::parse(token);
        ASSERT_FALSE(jws) << token;
        if (std::ranges::count(token, '.') == 4) {
          EXPECT_EQ(jws.error(), JoseError::encrypted);
        }
        ++seen;
      }
    }
    EXPECT_GT(seen, 20);
  }
}

}  // namespace
}  // namespace symbolon::jose
