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

TEST(AddToProfile, OnlyWhatIsNotEmptyOverwrites) {
  const json::value merged = json::parse(add_to_profile(
      R"({"name":"Old","nickname":"o","email":"old@x.example","email_verified":true,"kept":1})",
      R"({"name":"New","nickname":"","email":"new@x.example","email_verified":false,"given_name":null,"extra":[]})",
      "old@x.example", true));
  EXPECT_EQ(merged, json::parse(R"({"name":"New","nickname":"o","email":"old@x.example","email_verified":true,
                                    "kept":1,"extra":[]})"));
}

TEST(AddToProfile, AnEmptyStoredProfileIsNoObstacle) {
  EXPECT_EQ(json::parse(add_to_profile("", R"({"name":"New"})", "", false)), json::parse(R"({"name":"New"})"));
}

}  // namespace
}  // namespace symbolon::login
