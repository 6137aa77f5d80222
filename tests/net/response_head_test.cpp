#include "net/response_head.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace symbolon::net {
namespace {

constexpr std::string_view kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

std::string head(const http::Response& response, Framing framing = {}) {
  framing.request_id = "id";
  framing.date = kDate;
  std::string out;
  append_head(out, response, framing);
  return out;
}

TEST(ResponseHead, IsWrittenByteForByte) {
  EXPECT_EQ(head(http::json_response(201, "{}")),
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-Request-Id: id\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  EXPECT_FALSE(head({}).contains("Connection:"));
  EXPECT_TRUE(head({}, {.keep_alive = false}).contains("Connection: close\r\n"));
  EXPECT_TRUE(head({}, {.keep_alive = true, .http_1_0 = true}).contains("Connection: keep-alive\r\n"));
}

TEST(ResponseHead, PromisesNoBodyWhereThereIsNone) {
  EXPECT_FALSE(head(http::empty_response(204)).contains("Content-Length"));
  EXPECT_FALSE(head(http::empty_response(304)).contains("Content-Length"));
  EXPECT_TRUE(head(http::empty_response(200)).contains("Content-Length: 0\r\n"));
}

TEST(ResponseHead, LeavesOutWhatAHandlerMayNotDecide) {
  http::Response response = http::json_response(200, "{}");
  for (const char* name : {"content-length", "Transfer-Encoding", "connection", "Date", "X-Request-ID", "Upgrade"})
    response.headers.add(name, "planted");
  EXPECT_FALSE(head(response).contains("planted"));
}

TEST(ResponseHead, KeepsEverySetCookie) {
  http::Response response;
  response.headers.add("Set-Cookie", "a=1");
  response.headers.add("Set-Cookie", "b=2");
  EXPECT_TRUE(head(response).contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"));
}

// T60, for headers
TEST(ResponseHead, ThrowsForWhatWouldSplitTheAnswer) {
  const std::pair<const char*, const char*> kBad[] = {
      {"X", "a\r\nSet-Cookie: b=1"}, {"X", "a\n"}, {"X", "\x1b[0m"}, {"X: a\r\nY", "b"}, {"", "a"}, {"X Y", "a"}};
  for (const auto& [name, value] : kBad) {
    http::Response response;
    response.headers.add(name, value);
    EXPECT_THROW(head(response), std::logic_error) << name << value;
  }
  for (const int status : {0, 100, 101, 199, 600, -1})
    EXPECT_THROW(head({.status = status}), std::logic_error) << status;
}

TEST(HttpDate, HasTheFixedForm) {
  EXPECT_EQ(to_http_date(from_epoch_seconds(784111777)), kDate);
  EXPECT_EQ(to_http_date(from_epoch_millis(1709210096999)), "Thu, 29 Feb 2024 12:34:56 GMT");
}

}  // namespace
}  // namespace symbolon::net
