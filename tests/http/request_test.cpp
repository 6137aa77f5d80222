#include "http/request.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(Method, NamesAndBack) {
  for (const Method method :
       {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del, Method::options})
    EXPECT_EQ(parse_method(to_string(method)), method) << to_string(method);
}

TEST(Method, IsCaseSensitiveAndKnowsNoOthers) {
  for (const char* name : {"get", "Get", "TRACE", "CONNECT", "OTHER", ""})
    EXPECT_EQ(parse_method(name), Method::other) << name;
}

}  // namespace
}  // namespace symbolon::http
