#include "login/user_sync.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::login {
namespace {

namespace json = boost::json;
using model::RootAttributeSync;

json::value merged(RootAttributeSync sync) {
  return json::parse(merge_profile(R"({"name":"Old","picture":"https://old","department":"a","gone":1})",
                                   R"({"name":"New","nickname":"n","department":"b"})", sync));
}

TEST(MergeProfile, OnEachLoginTheProviderDecidesEverything) {
  EXPECT_EQ(merged(RootAttributeSync::on_each_login), json::parse(R"({"name":"New","nickname":"n","department":"b"})"));
}

TEST(MergeProfile, OnFirstLoginTheFiveRootsStayAndTheRestFollows) {
  EXPECT_EQ(merged(RootAttributeSync::on_first_login),
            json::parse(R"({"department":"b","name":"Old","picture":"https://old"})"));
}

TEST(MergeProfile, AnEmptyStoredProfileIsNoObstacle) {
  EXPECT_EQ(json::parse(merge_profile("", R"({"name":"New","x":1})", RootAttributeSync::on_first_login)),
            json::parse(R"({"x":1})"));
}

}  // namespace
}  // namespace symbolon::login
