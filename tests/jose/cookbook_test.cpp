#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "jose/private_jwk.h"
#include "jose/public_jwk.h"
#include "jose/verify.h"
#include "json/parse.h"
#include "support/published_data.h"

// RFC 7520 and RFC 8037 as published by the working group.
namespace symbolon::jose {
namespace {

using boost::json::object;
using enum crypto::SignatureAlgorithm;

constexpr AlgorithmSet kAll{RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA};

std::optional<object> example(const std::string& name) {
  const auto text = find_published("jose/cookbook/" + name);
  return text ? std::optional(json::parse_object(*text).value()) : std::nullopt;
}

object public_part(object jwk) {
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi"}) jwk.erase(member);
  return jwk;
}

std::string member(const object& in, const char* outer, const char* name) {
  return std::string(in.at(outer).at(name).as_string());
}

std::expected<void, JoseError> check(const std::string& compact, const object& jwk) {
  const auto jws = Jws::parse(compact);
  if (!jws) return std::unexpected(jws.error());
  return verify(*jws, parse_jwk(public_part(jwk)).value().key, kAll);
}

TEST(Cookbook, SignaturesHold) {
  for (const char* name : {"4_1.rsa_v15_signature.json", "4_2.rsa-pss_signature.json", "4_3.ecdsa_signature.json",
                           "curve25519_jws.json"}) {
    SCOPED_TRACE(name);
    const auto file = example(name);
    if (!file) GTEST_SKIP();
    const std::string compact = member(*file, "output", "compact");
    const object& key = file->at("input").at("key").as_object();
    EXPECT_TRUE(check(compact, key));
    std::string changed = compact;
    changed[compact.find('.') + 3] ^= 1;
    EXPECT_FALSE(check(changed, key));
    const auto jws = Jws::parse(compact).value();
    EXPECT_EQ(to_string(jws.algorithm()), member(*file, "input", "alg"));
    EXPECT_EQ(jws.payload().error(), JoseError::payload);  // prose, not claims
  }
}

TEST(Cookbook, SignaturesAreMadeTheSame) {
  for (const char* name : {"4_1.rsa_v15_signature.json", "curve25519_jws.json"}) {
    SCOPED_TRACE(name);
    const auto file = example(name);
    if (!file) GTEST_SKIP();
    const auto key = private_key_of(file->at("input").at("key").as_object());
    const auto algorithm = crypto::parse_signature_algorithm(member(*file, "input", "alg")).value();
    EXPECT_EQ(base64url_encode(key.sign(algorithm, member(*file, "signing", "sig-input"))),
              member(*file, "signing", "sig"));
  }
}

TEST(Cookbook, KeysAreRead) {
  const auto ec = example("3_1.ec_public_key.json"), rsa = example("3_3.rsa_public_key.json");
  if (!ec || !rsa) GTEST_SKIP();
  for (const object& jwk : {*ec, *rsa}) {
    const auto key = parse_jwk(jwk);
    ASSERT_TRUE(key);
    const object again = render_public_jwk(key->key, *key->kid, std::nullopt);
    EXPECT_EQ(again, jwk);
  }
}

TEST(Cookbook, T37_PrivateAndSymmetricKeysAreNotPublished) {
  for (const char* name : {"3_2.ec_private_key.json", "3_4.rsa_private_key.json",
                           "3_5.symmetric_key_mac_computation.json", "3_6.symmetric_key_encryption.json"}) {
    const auto jwk = example(name);
    if (!jwk) GTEST_SKIP();
    EXPECT_FALSE(parse_jwk(*jwk)) << name;
  }
}

TEST(Cookbook, T34_HmacIsRefused) {
  const auto file = example("4_4.hmac-sha2_integrity_protection.json");
  if (!file) GTEST_SKIP();
  EXPECT_EQ(Jws::parse(member(*file, "output", "compact")).error(), JoseError::unknown_algorithm);
}

TEST(Cookbook, OtherSerialisationsAreRefused) {
  for (const char* name : {"4_1.rsa_v15_signature.json", "4_6.protecting_specific_header_fields.json",
                           "4_7.protecting_content_only.json", "4_8.multiple_signatures.json"}) {
    const auto file = example(name);
    if (!file) GTEST_SKIP();
    for (const char* form : {"json", "json_flat"})
      if (const auto* output = file->at("output").as_object().if_contains(form)) {
        EXPECT_FALSE(Jws::parse(boost::json::serialize(*output))) << name;
      }
  }
}

TEST(Cookbook, OneOfSeveralSignaturesHoldsOnItsOwn) {
  const auto file = example("4_8.multiple_signatures.json");
  if (!file) GTEST_SKIP();
  const object& first = file->at("signing").as_array()[0].as_object();
  const std::string compact =
      std::string(first.at("sig-input").as_string()) + '.' + std::string(first.at("sig").as_string());
  EXPECT_TRUE(check(compact, file->at("input").at("key").as_array()[0].as_object()));
  EXPECT_FALSE(check(compact, file->at("input").at("key").as_array()[1].as_object()));
}

}  // namespace
}  // namespace symbolon::jose
