#include "store/text_list.h"

#include <gtest/gtest.h>

#include "db/transaction.h"

namespace symbolon::store {
namespace {

TEST(TextList, ComesBackAsItWas) {
  for (const std::vector<std::string>& list : {std::vector<std::string>{}, {""}, {"a"}, {"two words", "a,b", "\"\n\\"}})
    EXPECT_EQ(unpack_list(pack_list(list)), list);
  EXPECT_EQ(pack_list({}), "");
}

TEST(TextList, RefusesWhatNobodyWrote) {
  EXPECT_THROW(unpack_list("a b"), db::DatabaseError);
  EXPECT_THROW(unpack_list("{}"), db::DatabaseError);
  EXPECT_THROW(unpack_list("[1]"), db::DatabaseError);
}

}  // namespace
}  // namespace symbolon::store
