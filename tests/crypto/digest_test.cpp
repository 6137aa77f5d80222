#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <array>
#include <set>
#include <stdexcept>

#include "base/encoding.h"
#include "base/secret.h"
#include "crypto/aead.h"
#include "crypto/equal.h"
#include "crypto/hkdf.h"
#include "crypto/hmac.h"
#include "crypto/random.h"

namespace symbolon::crypto {
namespace {

std::string bytes(std::string_view hex) { return hex_decode(hex).value(); }

// FIPS 180-4 examples.
TEST(Digest, MatchesThePublishedExamples) {
  EXPECT_EQ(hex_encode(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex_encode(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha384("abc")),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(hex_encode(sha512("abc")),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Digest, AlternatesBetweenAlgorithms) {
  const std::string first = sha256("x");
  sha512("y");
  sha1("z");
  EXPECT_EQ(sha256("x"), first);
}

// RFC 4231 §4.3 and §4.7 (a key longer than a block).
TEST(Hmac, MatchesRfc4231) {
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, JoinsItsParts) {
  const Mac256 mac = hmac_sha256_of("Jefe", {"what do ya want ", "", "for nothing?"});
  EXPECT_EQ(std::string(mac.begin(), mac.end()), hmac_sha256("Jefe", "what do ya want for nothing?"));
}

TEST(Hmac, T34_RefusesAnEmptyKey) { EXPECT_THROW(hmac_sha256("", "message"), std::invalid_argument); }

// RFC 5869 A.1 and A.3.
TEST(Hkdf, MatchesRfc5869) {
  std::array<std::uint8_t, 42> out;
  const std::string key(22, '\x0b');
  hkdf_sha256(key, bytes("000102030405060708090a0b0c"), {bytes("f0f1f2f3f4f5f6"), bytes("f7f8f9")}, out);
  EXPECT_EQ(hex_encode({reinterpret_cast<const char*>(out.data()), out.size()}),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  hkdf_sha256(key, "", {}, out);
  EXPECT_EQ(hex_encode({reinterpret_cast<const char*>(out.data()), out.size()}),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, FillsItsLongestOutputAndNoMore) {
  std::vector<std::uint8_t> most(255 * 32);
  hkdf_sha256("key", "salt", {"label"}, most);
  EXPECT_EQ(
      std::set<std::string>({std::string(most.begin(), most.begin() + 32), std::string(most.end() - 32, most.end())})
          .size(),
      2U);
  std::vector<std::uint8_t> more(255 * 32 + 1);
  EXPECT_THROW(hkdf_sha256("key", "salt", {"label"}, more), std::invalid_argument);
}

struct GcmCase {
  std::string key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
  std::string nonce = bytes("cafebabefacedbaddecaf888");
  std::string head = bytes("feedfacedeadbeef");
  std::string tail = bytes("feedfacedeadbeefabaddad2");
  std::string plaintext = bytes(
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
      "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
  std::string sealed = bytes(
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
      "bcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
};

// Test case 16 of the GCM specification.
TEST(Aead, MatchesTheSpecificationsExample) {
  const GcmCase c;
  std::string out = "before";
  aes256_gcm_seal(c.key, c.nonce, c.head, c.tail, c.plaintext, out);
  EXPECT_EQ(hex_encode(out), hex_encode("before" + c.sealed));
  EXPECT_EQ(aes256_gcm_open(c.key, c.nonce, c.head, c.tail, c.sealed), c.plaintext);
}

TEST(Aead, RefusesWhenOneThingDiffers) {
  const struct {
    const char* name;
    void (*spoil)(GcmCase&);
  } rows[] = {
      {"key", [](GcmCase& c) { c.key[31] ^= 1; }},
      {"nonce", [](GcmCase& c) { c.nonce[0] ^= 1; }},
      {"head", [](GcmCase& c) { c.head[0] ^= 1; }},
      {"tail", [](GcmCase& c) { c.tail.pop_back(); }},
      {"no associated text", [](GcmCase& c) { c.head.clear(), c.tail.clear(); }},
      {"ciphertext", [](GcmCase& c) { c.sealed[0] ^= 1; }},
      {"tag", [](GcmCase& c) { c.sealed.back() ^= 1; }},
      {"cut", [](GcmCase& c) { c.sealed.pop_back(); }},
      {"shorter than a tag", [](GcmCase& c) { c.sealed.resize(15); }},
      {"empty", [](GcmCase& c) { c.sealed.clear(); }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    GcmCase c;
    row.spoil(c);
    EXPECT_FALSE(aes256_gcm_open(c.key, c.nonce, c.head, c.tail, c.sealed));
  }
}

TEST(Aead, SealsNothingAtAll) {
  const GcmCase c;
  std::string out;
  aes256_gcm_seal(c.key, c.nonce, "", "", "", out);
  EXPECT_EQ(out.size(), kAeadTagBytes);
  EXPECT_EQ(aes256_gcm_open(c.key, c.nonce, "", "", out), "");
}

TEST(Aead, ThrowsForKeysAndNoncesOfAWrongLength) {
  const GcmCase c;
  std::string out;
  EXPECT_THROW(aes256_gcm_seal(c.key.substr(1), c.nonce, "", "", "x", out), std::invalid_argument);
  EXPECT_THROW(aes256_gcm_seal(c.key, c.nonce + "x", "", "", "x", out), std::invalid_argument);
}

TEST(ConstantTimeEqual, T36_ComparesWhole) {
  EXPECT_TRUE(constant_time_equal("", ""));
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("abc", "abcd"));
  EXPECT_FALSE(constant_time_equal("abc", ""));
  EXPECT_FALSE(constant_time_equal(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
  EXPECT_TRUE(constant_time_equal(Secret("abc"), Secret("abc")));
  EXPECT_FALSE(constant_time_equal(Secret("abc"), Secret("ab")));
  EXPECT_TRUE(constant_time_equal(Secret("abc"), std::string_view("abc")));
  EXPECT_FALSE(constant_time_equal(Secret("abc"), std::string_view("abC")));
}

TEST(SystemRandom, DoesNotRepeat) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_token(random, 16));
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace symbolon::crypto
