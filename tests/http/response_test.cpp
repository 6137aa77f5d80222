#include "http/response.h"

#include <gtest/gtest.h>

#include "http/client.h"

namespace symbolon::http {
namespace {

TEST(Response, BodiesNameTheirType) {
  const Response json = json_response(400, "{}");
  EXPECT_EQ(json.status, 400);
  EXPECT_EQ(json.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(json.body, "{}");
  EXPECT_EQ(html_response(200, "<p>").headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_TRUE(empty_response(204).headers.all().empty());
}

TEST(Response, RedirectAfterPostMakesTheBrowserUseGet) {
  EXPECT_EQ(redirect_after_get("https://app.example/cb").status, 302);
  const Response after_post = redirect_after_post("https://app.example/cb");
  EXPECT_EQ(after_post.status, 303);
  EXPECT_EQ(after_post.headers.get("Location"), "https://app.example/cb");
}

// OP-20d
TEST(Response, ForbidCachingReplacesWhatWasThere) {
  Response response = json_response(200, "{}");
  response.headers.add("Cache-Control", "public");
  forbid_caching(response);
  EXPECT_EQ(response.headers.get_all("Cache-Control"), (std::vector<std::string_view>{"no-store"}));
  EXPECT_EQ(response.headers.get("Pragma"), "no-cache");
  EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
}

TEST(FetchFailure, HasTheNamesOfTheSpecification) {
  EXPECT_EQ(to_string(FetchFailure::address_not_allowed), "address_not_allowed");
  EXPECT_EQ(to_string(FetchFailure::dns), "dns");
  EXPECT_EQ(to_string(FetchFailure::too_large), "too_large");
}

}  // namespace
}  // namespace symbolon::http
