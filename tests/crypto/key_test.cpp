#include "crypto/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "base/encoding.h"

namespace symbolon::crypto {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string bytes(std::string_view hex) { return hex_decode(hex).value(); }

constexpr KeyType kTypes[] = {KeyType::rsa, KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521, KeyType::ed25519};

PublicKey rebuilt(const PublicKey& key) {
  switch (key.type()) {
    case KeyType::rsa:
      return PublicKey::from_rsa(key.rsa_components().n, key.rsa_components().e).value();
    case KeyType::ed25519:
      return PublicKey::from_ed25519(key.ed25519_x()).value();
    case KeyType::ec_p256:
    case KeyType::ec_p384:
    case KeyType::ec_p521:
      return PublicKey::from_ec(key.type(), key.ec_components().x, key.ec_components().y).value();
  }
  throw std::logic_error("unreachable");
}

TEST(Key, SurvivesEveryEncoding) {
  for (const KeyType type : kTypes) {
    SCOPED_TRACE(to_string(type));
    const PrivateKey made = PrivateKey::generate(type);
    EXPECT_EQ(made.type(), type);
    const auto stored = PrivateKey::from_pkcs8_der(made.pkcs8_der().reveal());
    ASSERT_TRUE(stored);
    EXPECT_THAT(made.pkcs8_pem().reveal(), StartsWith("-----BEGIN PRIVATE KEY-----\n"));

    const PublicKey key = stored->public_key();
    EXPECT_EQ(rebuilt(key).spki_der(), key.spki_der());
    EXPECT_EQ(PublicKey::from_spki_der(key.spki_der()).value().spki_der(), key.spki_der());
    EXPECT_EQ(PublicKey::from_pem(key.spki_pem()).value().spki_der(), key.spki_der());
    EXPECT_EQ(made.public_key().spki_der(), key.spki_der());

    const auto algorithm = default_algorithm(type);
    EXPECT_TRUE(rebuilt(key).verify(algorithm, "text", stored->sign(algorithm, "text")));
  }
}

TEST(Key, KnowsItsSize) {
  EXPECT_EQ(PrivateKey::generate(KeyType::rsa).bits(), 2048);
  EXPECT_EQ(PrivateKey::generate(KeyType::rsa, 3072).public_key().bits(), 3072);
  EXPECT_EQ(PrivateKey::generate(KeyType::ec_p384).bits(), 384);
  EXPECT_THROW(PrivateKey::generate(KeyType::rsa, 1024), std::invalid_argument);
}

TEST(Key, PadsCoordinatesToTheField) {
  for (int i = 0; i < 300; ++i) {  // one coordinate in 256 starts with a zero byte
    const auto point = PrivateKey::generate(KeyType::ec_p256).public_key().ec_components();
    ASSERT_EQ(point.x.size(), 32U);
    ASSERT_EQ(point.y.size(), 32U);
  }
}

TEST(Key, GivesOnlyTheComponentsItHas) {
  const PublicKey rsa = PrivateKey::generate(KeyType::rsa).public_key();
  const PublicKey ed = PrivateKey::generate(KeyType::ed25519).public_key();
  EXPECT_THROW(rsa.ec_components(), std::logic_error);
  EXPECT_THROW(rsa.ed25519_x(), std::logic_error);
  EXPECT_THROW(ed.rsa_components(), std::logic_error);
}

struct RsaNumbers {
  std::string n = std::string(256, '\xff');  // any odd number will do: nobody factors it here
  std::string e = bytes("010001");
};

TEST(Key, T37_RefusesWeakRsaKeys) {
  const struct {
    const char* name;
    void (*spoil)(RsaNumbers&);
    KeyError want;
  } rows[] = {
      {"1024 bits", [](RsaNumbers& k) { k.n.resize(128); }, KeyError::too_small},
      {"2047 bits", [](RsaNumbers& k) { k.n[0] = '\x7f'; }, KeyError::too_small},
      {"small behind zeros", [](RsaNumbers& k) { k.n = std::string(200, '\0') + k.n.substr(128); },
       KeyError::too_small},
      {"8200 bits", [](RsaNumbers& k) { k.n.assign(1025, '\xff'); }, KeyError::too_large},
      {"a megabyte", [](RsaNumbers& k) { k.n.assign(1 << 20, '\xff'); }, KeyError::too_large},
      {"endless exponent", [](RsaNumbers& k) { k.e.assign(5000, '\xff'); }, KeyError::too_large},
      {"exponent 1", [](RsaNumbers& k) { k.e = bytes("01"); }, KeyError::weak},
      {"exponent 0", [](RsaNumbers& k) { k.e = bytes("00"); }, KeyError::weak},
      {"even exponent", [](RsaNumbers& k) { k.e = bytes("010000"); }, KeyError::weak},
      {"exponent of 72 bits", [](RsaNumbers& k) { k.e = std::string(9, '\xff'); }, KeyError::weak},
      {"even modulus", [](RsaNumbers& k) { k.n.back() = '\xfe'; }, KeyError::weak},
      {"no modulus", [](RsaNumbers& k) { k.n.clear(); }, KeyError::malformed},
      {"no exponent", [](RsaNumbers& k) { k.e.clear(); }, KeyError::malformed},
  };
  ASSERT_TRUE(PublicKey::from_rsa(RsaNumbers().n, RsaNumbers().e));
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    RsaNumbers key;
    row.spoil(key);
    const auto made = PublicKey::from_rsa(key.n, key.e);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error(), row.want);
  }
}

TEST(Key, TakesAModulusWithALeadingZero) { EXPECT_TRUE(PublicKey::from_rsa('\0' + RsaNumbers().n, RsaNumbers().e)); }

TEST(Key, RefusesPointsOffTheCurve) {
  for (const KeyType curve : {KeyType::ec_p256, KeyType::ec_p384, KeyType::ec_p521}) {
    SCOPED_TRACE(to_string(curve));
    EcComponents point = PrivateKey::generate(curve).public_key().ec_components();
    ASSERT_TRUE(PublicKey::from_ec(curve, point.x, point.y));
    EXPECT_EQ(PublicKey::from_ec(curve, point.x, point.y.substr(1)).error(), KeyError::malformed);
    EXPECT_EQ(PublicKey::from_ec(curve, '\0' + point.x, point.y).error(), KeyError::malformed);
    EXPECT_EQ(PublicKey::from_ec(curve, "", "").error(), KeyError::malformed);
    const std::string zero(point.x.size(), '\0');
    EXPECT_EQ(PublicKey::from_ec(curve, zero, zero).error(), KeyError::not_on_curve);
    EXPECT_EQ(PublicKey::from_ec(curve, std::string(zero.size(), '\xff'), point.y).error(), KeyError::not_on_curve);
    point.y.back() ^= 1;
    EXPECT_EQ(PublicKey::from_ec(curve, point.x, point.y).error(), KeyError::not_on_curve);
  }
  EXPECT_EQ(PublicKey::from_ed25519(std::string(31, 'x')).error(), KeyError::malformed);
  EXPECT_THROW((void)PublicKey::from_ec(KeyType::rsa, "", ""), std::logic_error);
}

TEST(Key, RefusesEncodingsOfOtherThings) {
  const PrivateKey key = PrivateKey::generate(KeyType::ec_p256);
  const std::string spki = key.public_key().spki_der();
  const std::string pkcs8 = key.pkcs8_der().reveal();
  EXPECT_EQ(PublicKey::from_spki_der("").error(), KeyError::malformed);
  EXPECT_EQ(PublicKey::from_spki_der(spki.substr(1)).error(), KeyError::malformed);
  EXPECT_EQ(PublicKey::from_spki_der(spki + "x").error(), KeyError::malformed);
  EXPECT_EQ(PublicKey::from_spki_der(pkcs8).error(), KeyError::malformed);
  EXPECT_EQ(PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n").error(),
            KeyError::malformed);
  EXPECT_EQ(PublicKey::from_pem(key.pkcs8_pem().reveal()).error(), KeyError::malformed);
  EXPECT_EQ(PublicKey::from_pem(std::string(20000, 'x')).error(), KeyError::too_large);
  EXPECT_EQ(PrivateKey::from_pkcs8_der("").error(), KeyError::malformed);
  EXPECT_EQ(PrivateKey::from_pkcs8_der(spki).error(), KeyError::malformed);
  EXPECT_EQ(PrivateKey::from_pkcs8_der(pkcs8 + "x").error(), KeyError::malformed);
}

// X25519, secp256k1 and a 1024-bit RSA key, as SubjectPublicKeyInfo.
TEST(Key, RefusesOtherKindsOfKeys) {
  EXPECT_EQ(PublicKey::from_spki_der(bytes("302a300506032b656e032100") + std::string(32, '\x09')).error(),
            KeyError::unsupported);
  EXPECT_EQ(PublicKey::from_spki_der(bytes("3056301006072a8648ce3d020106052b8104000a034200"
                                           "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
                                           "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"))
                .error(),
            KeyError::unsupported);
  EXPECT_EQ(PublicKey::from_spki_der(bytes("30819f300d06092a864886f70d010101050003818d0030818902818100") +
                                     std::string(128, '\xff') + bytes("0203010001"))
                .error(),
            KeyError::too_small);
}

}  // namespace
}  // namespace symbolon::crypto
