#include "management/etag.h"

#include <gtest/gtest.h>

#include "management/management_test.h"

namespace symbolon::management {
namespace {

std::optional<Problem> outcome(const std::string& if_match) {
  Call call;
  if (!if_match.empty()) call.http.headers.set("If-Match", if_match);
  const auto result = check_if_match(call, 7);
  return result ? std::nullopt : std::optional(result.error());
}

TEST(IfMatch, AcceptsTheVersionAnyVersionOrNone) {
  for (const char* header : {"", "*", "\"7\"", " \"7\" ", "\"6\", \"7\""}) EXPECT_FALSE(outcome(header)) << header;
}

TEST(IfMatch, RefusesEveryOtherVersion) {
  for (const char* header : {"\"6\"", "7", "W/\"7\"", "\"77\"", "\"\"", "\"7"}) {
    const auto problem = outcome(header);
    ASSERT_TRUE(problem) << header;
    EXPECT_EQ(problem->status, 412);
  }
}

// One PATCH that the first reader wins and the second does not, on every resource that has versions.
class ConcurrencyTest : public ManagementTest {};

TEST_F(ConcurrencyTest, AChangeBasedOnAnOldVersionIsRefused) {
  const std::string client = make_client("one");
  const std::string api =
      post("/resource-servers", R"({"identifier":"https://api.example.com","scopes":[{"value":"a"}]})").id();
  const std::string grant = post("/client-grants", R"({"client_id":")" + client +
                                                       R"(","audience":"https://api.example.com","scope":["a"]})")
                                .id();
  const struct {
    std::string path, body;
  } kRows[] = {
      {"/connections/" + make_connection("one"), R"({"display_name":"x"})"},
      {"/clients/" + client, R"({"description":"x"})"},
      {"/client-grants/" + grant, R"({"scope":[]})"},
      {"/resource-servers/" + api, R"({"name":"x"})"},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.path);
    http::Headers based_on;
    based_on.set("If-Match", std::string(get(row.path).headers.get("ETag")));
    const Reply first = send({"PATCH", row.path, row.body, full_token(), based_on});
    EXPECT_EQ(first.status, 200);
    EXPECT_NE(first.headers.get("ETag"), based_on.get("If-Match"));
    EXPECT_EQ(get(row.path).headers.get("ETag"), first.headers.get("ETag"));

    const Reply second = send({"PATCH", row.path, row.body, full_token(), based_on});
    EXPECT_EQ(second.status, 412);
    EXPECT_EQ(second.at("/errorCode"), "precondition_failed");
    EXPECT_EQ(send({"DELETE", row.path, "", full_token(), based_on}).status, 412);
    EXPECT_EQ(patch(row.path, row.body).status, 200) << "without If-Match the last writer wins";
  }
}

}  // namespace
}  // namespace symbolon::management
