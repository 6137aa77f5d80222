#include "crypto/secret_box.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "crypto/random.h"
#include "support/counter_random.h"

namespace symbolon::crypto {
namespace {

Keyring one_key(const char* id = "00c0ffee", char fill = 'k') {
  std::vector<NamedKey> keys;
  keys.push_back({id, Secret(std::string(32, fill))});
  return Keyring(std::move(keys));
}

struct Box {
  SystemRandom random;
  SecretBox box{one_key(), random};
};

TEST(SecretBox, OpensWhatItSealed) {
  Box t;
  for (const std::string& text : {std::string(), std::string("x"), std::string(5000, 'y')}) {
    const std::string sealed = t.box.seal("cookie", "tenant", text);
    EXPECT_EQ(sealed.size(), text.size() + 41);
    EXPECT_EQ(t.box.open("cookie", "tenant", sealed), text);
  }
}

TEST(SecretBox, HidesThePlaintext) {
  Box t;
  EXPECT_EQ(t.box.seal("cookie", "", "canary-canary").find("canary"), std::string::npos);
}

TEST(SecretBox, T24_T48_OpensForItsPurposeAndPlaceOnly) {
  Box t;
  const std::string sealed = t.box.seal("state", "tenant-a", "value");
  EXPECT_TRUE(t.box.open("state", "tenant-a", sealed));
  EXPECT_FALSE(t.box.open("code", "tenant-a", sealed));
  EXPECT_FALSE(t.box.open("", "tenant-a", sealed));
  EXPECT_FALSE(t.box.open("state", "tenant-b", sealed));
  EXPECT_FALSE(t.box.open("state", "", sealed));
  EXPECT_FALSE(t.box.open("statetenant-a", "", sealed));
}

TEST(SecretBox, T27_RefusesEveryPrefixAndEveryFlippedBit) {
  Box t;
  const std::string sealed = t.box.seal("token", "a", "some value");
  for (std::size_t length = 0; length < sealed.size(); ++length)
    EXPECT_FALSE(t.box.open("token", "a", sealed.substr(0, length)));
  EXPECT_FALSE(t.box.open("token", "a", sealed + '\0'));
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(t.box.open("token", "a", changed)) << bit;
  }
}

TEST(SecretBox, T39_NeverRepeatsASaltOrCiphertext) {
  Box t;
  std::set<std::string> salts;
  std::set<std::string> ciphertexts;
  for (int i = 0; i < 20000; ++i) {
    const std::string sealed = t.box.seal("cookie", "", "the very same text");
    salts.insert(sealed.substr(9, 16));
    ciphertexts.insert(sealed.substr(25));
  }
  EXPECT_EQ(salts.size(), 20000U);
  EXPECT_EQ(ciphertexts.size(), 20000U);
}

// Even a generator that repeats itself does not make two purposes or two keys share a key stream.
TEST(SecretBox, T39_DerivesApartEvenWithOneSalt) {
  CounterRandom first, second, third;
  const SecretBox a(one_key(), first), b(one_key(), second), c(one_key("00c0ffee", 'l'), third);
  const std::string one = a.seal("state", "", "text"), two = b.seal("code", "", "text"),
                    three = c.seal("state", "", "text");
  EXPECT_EQ(one.substr(9, 16), two.substr(9, 16));
  EXPECT_NE(one.substr(25, 4), two.substr(25, 4));
  EXPECT_NE(one.substr(25, 4), three.substr(25, 4));
}

// The format is at rest in databases: a change must be a new version byte, not an edit.
TEST(SecretBox, KeepsItsFormat) {
  CounterRandom random;
  const SecretBox box(one_key(), random);
  const std::string sealed = box.seal("golden", "place", "text");
  EXPECT_EQ(sealed.substr(0, 9), std::string("\x01") + "00c0ffee");
  EXPECT_EQ(hex_encode(sealed.substr(9)), "000102030405060708090a0b0c0d0e0f80e33e4f1713b409dca2bea5cc241b246cd3cfc9");
}

TEST(SecretBox, RefusesAKeyItDoesNotHold) {
  Box t;
  const SecretBox other(one_key("0badcafe", 'k'), t.random);
  EXPECT_FALSE(t.box.open("p", "", other.seal("p", "", "x")));
}

TEST(SecretBox, RotatesWithoutLosingWhatIsSealed) {
  Box t;
  const Keyring old_keys = one_key();
  const std::string before = t.box.seal("p", "", "x");
  EXPECT_FALSE(t.box.needs_reseal(before));

  const Keyring rotated = old_keys.rotated(t.random);
  t.box.replace(rotated);
  EXPECT_EQ(t.box.current_key_id(), rotated.current().id);
  EXPECT_TRUE(t.box.needs_reseal(before));
  EXPECT_EQ(t.box.open("p", "", before), "x");
  const std::string after = t.box.seal("p", "", "x");
  EXPECT_FALSE(t.box.needs_reseal(after));

  t.box.replace(rotated.without("00c0ffee"));
  EXPECT_FALSE(t.box.open("p", "", before));
  EXPECT_EQ(t.box.open("p", "", after), "x");
}

TEST(SecretBox, SaysThatForeignBytesNeedResealing) {
  Box t;
  EXPECT_TRUE(t.box.needs_reseal(""));
  EXPECT_TRUE(t.box.needs_reseal("plain text from before"));
}

TEST(SecretBox, WorksFromSeveralThreadsWhileKeysRotate) {
  Box t;
  std::atomic<int> opened = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 500; ++n) opened += t.box.open("p", "a", t.box.seal("p", "a", "text")) == "text";
      });
    }
    Keyring keys = one_key();
    for (int n = 0; n < 20; ++n) t.box.replace(keys = keys.rotated(t.random));
  }
  EXPECT_EQ(opened, 2000);
}

TEST(Keyring, RefusesKeysThatCannotWork) {
  const auto make = [](std::vector<NamedKey> keys) { return Keyring(std::move(keys)); };
  const Secret key(std::string(32, 'k'));
  EXPECT_NO_THROW(make({{"00000001", key}, {"00000002", key}}));
  EXPECT_THROW(make({}), std::invalid_argument);
  EXPECT_THROW(make({{"00000001", key}, {"00000001", key}}), std::invalid_argument);
  EXPECT_THROW(make({{"0000001", key}}), std::invalid_argument);
  EXPECT_THROW(make({{"0000000G", key}}), std::invalid_argument);
  EXPECT_THROW(make({{"00000001", Secret(std::string(31, 'k'))}}), std::invalid_argument);
  EXPECT_THROW(one_key().without("00c0ffee"), std::invalid_argument);
}

// Two keys of one id would make half of the sealed values unreadable.
TEST(Keyring, RotatesToAnIdThatIsNotTaken) {
  CounterRandom first, second;
  const Keyring keys = Keyring::generate(first);
  EXPECT_NE(keys.rotated(second).current().id, keys.current().id);
}

}  // namespace
}  // namespace symbolon::crypto
