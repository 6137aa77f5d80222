#include "login/failure.h"

#include <gtest/gtest.h>

#include <set>

#include "crypto/random.h"

namespace symbolon::login {
namespace {

TEST(MakeReference, IsShortReadableAndNeverTheSame) {
  crypto::SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string reference = make_reference(random);
    ASSERT_EQ(reference.size(), 9U);
    EXPECT_EQ(reference[4], '-');
    EXPECT_EQ(reference.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), std::string::npos) << reference;
    seen.insert(reference);
  }
  EXPECT_EQ(seen.size(), 1000U);
}

}  // namespace
}  // namespace symbolon::login
