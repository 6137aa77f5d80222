#include <gtest/gtest.h>
#include <openssl/err.h>

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "crypto/key.h"

namespace symbolon::crypto {
namespace {

using enum SignatureAlgorithm;

constexpr SignatureAlgorithm kAlgorithms[] = {RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA};
constexpr KeyType kTypes[] = {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519};

const PrivateKey& key_of(KeyType type) {
  static const PrivateKey keys[] = {PrivateKey::generate(kTypes[0]), PrivateKey::generate(kTypes[1]),
                                    PrivateKey::generate(kTypes[2]), PrivateKey::generate(kTypes[3]),
                                    PrivateKey::generate(kTypes[4])};
  return keys[static_cast<std::size_t>(type)];
}

KeyType type_for(SignatureAlgorithm algorithm) {
  for (const KeyType type : kTypes)
    if (fits(algorithm, type)) return type;
  throw std::logic_error("no key fits");
}

TEST(SignatureAlgorithm, T34_T37_HasNoNameForNoneOrHmac) {
  for (const char* name : {"none", "None", "NONE", "nOnE", "HS256", "HS384", "HS512", "hs256", "", "RS1", "ES256K",
                           "rs256", "RS256 ", " RS256", "RSA-OAEP", "EDDSA", "Ed25519"}) {
    EXPECT_FALSE(parse_signature_algorithm(name)) << name;
  }
}

TEST(SignatureAlgorithm, ParsesWhatItPrints) {
  for (const SignatureAlgorithm algorithm : kAlgorithms)
    EXPECT_EQ(parse_signature_algorithm(to_string(algorithm)), algorithm);
  for (const KeyType type : kTypes) EXPECT_TRUE(fits(default_algorithm(type), type));
}

TEST(Signature, HasTheLengthThatJoseAsksFor) {
  EXPECT_EQ(key_of(KeyType::rsa).sign(RS256, "x").size(), 256U);
  EXPECT_EQ(key_of(KeyType::rsa).sign(PS512, "x").size(), 256U);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(key_of(KeyType::ec_p256).sign(ES256, "x").size(), 64U);
  EXPECT_EQ(key_of(KeyType::ec_p384).sign(ES384, "x").size(), 96U);
  EXPECT_EQ(key_of(KeyType::ec_p521).sign(ES512, "x").size(), 132U);
  EXPECT_EQ(key_of(KeyType::ed25519).sign(EdDSA, "x").size(), 64U);
}

// RFC 8017 §8.1.2. One signature in 256 starts with a zero.
TEST(Signature, OfRsaIsAsLongAsItsKey) {
  const PrivateKey& key = key_of(KeyType::rsa);
  for (const SignatureAlgorithm algorithm : {RS256, PS256}) {
    SCOPED_TRACE(to_string(algorithm));
    std::string signature, input;
    for (int i = 0; i < 20'000 && (signature.empty() || signature.front() != '\0'); ++i) {
      input = std::to_string(i);
      signature = key.sign(algorithm, input);
    }
    ASSERT_EQ(signature.front(), '\0');
    EXPECT_TRUE(key.public_key().verify(algorithm, input, signature));
    EXPECT_FALSE(key.public_key().verify(algorithm, input, signature.substr(1)));
  }
}

TEST(Signature, HoldsForItsInputOnly) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    SCOPED_TRACE(to_string(algorithm));
    const PrivateKey& key = key_of(type_for(algorithm));
    const PublicKey open = key.public_key();
    const std::string signature = key.sign(algorithm, "the input");
    EXPECT_TRUE(open.verify(algorithm, "the input", signature));
    EXPECT_FALSE(open.verify(algorithm, "the inpuT", signature));
    EXPECT_FALSE(open.verify(algorithm, "", signature));
    EXPECT_FALSE(open.verify(algorithm, "the input", ""));
    EXPECT_FALSE(open.verify(algorithm, "the input", signature.substr(1)));
    EXPECT_FALSE(open.verify(algorithm, "the input", signature + '\0'));
    EXPECT_FALSE(open.verify(algorithm, "the input", '\0' + signature));
    EXPECT_FALSE(open.verify(algorithm, "the input", std::string(signature.size(), '\0')));
    EXPECT_FALSE(open.verify(algorithm, "the input", std::string(signature.size(), '\xff')));
    for (const std::size_t at : {std::size_t{0}, signature.size() / 2, signature.size() - 1}) {
      std::string changed = signature;
      changed[at] ^= 1;
      EXPECT_FALSE(open.verify(algorithm, "the input", changed)) << at;
    }
    const PrivateKey other = PrivateKey::generate(key.type());
    EXPECT_FALSE(other.public_key().verify(algorithm, "the input", signature));
  }
}

TEST(Signature, T35_HoldsForItsAlgorithmAndKeyTypeOnly) {
  for (const SignatureAlgorithm signed_with : kAlgorithms) {
    const std::string signature = key_of(type_for(signed_with)).sign(signed_with, "input");
    for (const SignatureAlgorithm checked_with : kAlgorithms) {
      for (const KeyType type : kTypes) {
        const bool same = signed_with == checked_with && type == type_for(signed_with);
        EXPECT_EQ(key_of(type).public_key().verify(checked_with, "input", signature), same)
            << to_string(signed_with) << ' ' << to_string(checked_with) << ' ' << to_string(type);
      }
    }
  }
}

TEST(Signature, IsNotMadeByAKeyThatDoesNotFit) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    for (const KeyType type : kTypes) {
      if (!fits(algorithm, type)) {
        EXPECT_THROW(key_of(type).sign(algorithm, "x"), std::invalid_argument);
      }
    }
  }
}

// ECDSA signatures as DER, the form of TLS and X.509, are not JOSE's.
TEST(Signature, RefusesEcdsaAsDer) {
  const std::string der = hex_decode("3006020101020101").value();
  EXPECT_FALSE(key_of(KeyType::ec_p256).public_key().verify(ES256, "x", der));
}

// RFC 8032 §7.1, test 3.
TEST(Signature, MatchesRfc8032) {
  const std::string prefix = hex_decode("302e020100300506032b657004220420").value();
  const auto key = PrivateKey::from_pkcs8_der(
      prefix + hex_decode("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7").value());
  ASSERT_TRUE(key);
  EXPECT_EQ(hex_encode(key->public_key().ed25519_x()),
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025");
  EXPECT_EQ(hex_encode(key->sign(EdDSA, "\xaf\x82")),
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

// A stale entry would make the next TLS read on this thread look failed.
TEST(Signature, LeavesNoErrorBehind) {
  ERR_clear_error();
  EXPECT_FALSE(key_of(KeyType::rsa).public_key().verify(RS256, "x", std::string(256, 'x')));
  EXPECT_FALSE(key_of(KeyType::rsa).public_key().verify(PS256, "x", std::string(256, 'x')));
  EXPECT_FALSE(key_of(KeyType::ec_p256).public_key().verify(ES256, "x", std::string(64, '\xff')));
  EXPECT_FALSE(PublicKey::from_spki_der("garbage"));
  EXPECT_FALSE(PublicKey::from_pem("garbage"));
  EXPECT_FALSE(PublicKey::from_ec(KeyType::ec_p256, std::string(32, '\1'), std::string(32, '\2')));
  EXPECT_FALSE(PrivateKey::from_pkcs8_der("garbage"));
  EXPECT_EQ(ERR_peek_error(), 0U);
}

TEST(Signature, IsMadeByManyThreadsAtOnce) {
  std::atomic<int> good = 0;
  const PrivateKey fresh = PrivateKey::generate(KeyType::ec_p256);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 25; ++n) {
          const std::string input = std::to_string(n);
          for (const auto& [key, algorithm] :
               {std::pair(&fresh, ES256), std::pair(&key_of(KeyType::rsa), RS256),
                std::pair(&key_of(KeyType::rsa), PS256), std::pair(&key_of(KeyType::ed25519), EdDSA)})
            good += key->public_key().verify(algorithm, input, key->sign(algorithm, input));
        }
      });
    }
  }
  EXPECT_EQ(good, 400);
}

}  // namespace
}  // namespace symbolon::crypto
