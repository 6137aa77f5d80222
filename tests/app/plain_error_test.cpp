#include "app/plain_error.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::app {
namespace {

namespace json = boost::json;

struct Case {
  int status, code;
  const char* message;
};

TEST(PlainError, SpeaksZitadelsWordsBelowItsAddresses) {
  const Case kCases[] = {{404, 5, "Not Found"},
                         {405, 12, "Method Not Allowed"},
                         {400, 3, "what happened"},
                         {408, 3, "what happened"},
                         {413, 3, "what happened"},
                         {421, 5, "what happened"},
                         {500, 13, "what happened"},
                         {501, 12, "what happened"},
                         {503, 14, "what happened"}};
  for (const char* path : {"/admin/v1", "/admin/v1/idps/oauth", "/management/v1/x"})
    for (const Case& one : kCases) {
      const http::Response response =
          render(PlainError{.status = one.status, .path = path, .code = "c", .description = "what happened"});
      EXPECT_EQ(response.status, one.status) << path;
      EXPECT_EQ(json::parse(response.body), (json::value{{"code", one.code}, {"message", one.message}})) << path;
      EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    }
}

TEST(PlainError, SpeaksTheManagementApisWordsBelowItsAddress) {
  const http::Response response =
      render(PlainError{.status = 413, .path = "/api/v2/clients", .code = "c", .description = "what happened"});
  EXPECT_EQ(json::parse(response.body),
            (json::value{{"statusCode", 413}, {"error", "Payload Too Large"}, {"message", "what happened"}}));
}

TEST(PlainError, SpeaksOAuthsWordsEverywhereElse) {
  for (const char* path : {"", "/", "/oauth/token", "/admin/v11", "/administration", "/management", "/api/v21"}) {
    const http::Response response = render(
        PlainError{.status = 404, .path = path, .code = "not_found", .description = "what happened \"here\""});
    EXPECT_EQ(json::parse(response.body),
              (json::value{{"error", "not_found"}, {"error_description", "what happened \"here\""}}))
        << path;
  }
}

TEST(PlainError, NamesTheRequestWhereTheLogTellsMore) {
  const auto body = [](const char* path) {
    return json::parse(render(PlainError{.path = path, .code = "server_error", .description = "d", .request_id = "r"}).body);
  };
  EXPECT_EQ(body("/oauth/token").at("request_id"), "r");
  EXPECT_EQ(body("/admin/v1/x").at("message"), "d r");
  EXPECT_EQ(body("/api/v2/x").at("message"), "d r");
}

}  // namespace
}  // namespace symbolon::app
