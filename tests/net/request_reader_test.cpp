#include "net/request_reader.h"

#include <gtest/gtest.h>

#include <optional>

namespace symbolon::net {
namespace {

using Stage = RequestReader::Stage;
constexpr std::size_t kHeaderLimit = 4096;
constexpr std::size_t kBodyLimit = 100;

/// What becomes of `bytes`, given at most `step` of them more at a time. Stops where the reader wants more.
struct Outcome {
  Stage stage;
  Refusal refusal;
  std::optional<http::Request> request;
  std::string unused;
  bool keep_alive = false;
};

Outcome feed(RequestReader& reader, std::string_view bytes, std::size_t step) {
  Outcome outcome{};
  std::size_t used = 0, given = 0;
  for (;;) {
    used += reader.feed(bytes.substr(used, given - used));
    if (reader.stage() == Stage::head_done) {
      reader.allow_body(kBodyLimit);
      continue;
    }
    const bool wants_more = reader.stage() == Stage::head || reader.stage() == Stage::body;
    if (!wants_more || given == bytes.size()) break;
    given = std::min(given + step, bytes.size());
  }
  outcome.stage = reader.stage();
  outcome.refusal = reader.refusal();
  outcome.unused = bytes.substr(used);
  if (outcome.stage != Stage::complete) return outcome;
  outcome.keep_alive = reader.keep_alive();
  outcome.request = reader.take();
  return outcome;
}

Outcome feed_all(std::string_view bytes) {
  RequestReader reader(kHeaderLimit);
  return feed(reader, bytes, bytes.size());
}

constexpr std::string_view kPost =
    "POST /a%2Fb/c?x=1&y=%20 HTTP/1.1\r\nHost: idp.example\r\nContent-Type: text/plain\r\nContent-Length: "
    "5\r\n\r\nhello";

TEST(RequestReader, ReadsARequestWhateverThePieces) {
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, kPost.size()}) {
    RequestReader reader(kHeaderLimit);
    const Outcome outcome = feed(reader, kPost, step);
    ASSERT_EQ(outcome.stage, Stage::complete) << step;
    EXPECT_EQ(outcome.request->method, http::Method::post);
    EXPECT_EQ(outcome.request->path, "/a%2Fb/c");
    EXPECT_EQ(outcome.request->query, "x=1&y=%20");
    EXPECT_EQ(outcome.request->headers.get("host"), "idp.example");
    EXPECT_EQ(outcome.request->headers.get("content-type"), "text/plain");
    EXPECT_EQ(outcome.request->body, "hello");
    EXPECT_TRUE(outcome.keep_alive);
    EXPECT_EQ(outcome.unused, "");
  }
}

TEST(RequestReader, LeavesTheNextRequestAlone) {
  RequestReader reader(kHeaderLimit);
  const std::string two = std::string(kPost) + "GET / HTTP/1.1\r\nHost: b\r\n\r\n";
  const Outcome first = feed(reader, two, two.size());
  EXPECT_EQ(first.request->body, "hello");
  const Outcome second = feed(reader, first.unused, two.size());
  ASSERT_EQ(second.stage, Stage::complete);
  EXPECT_EQ(second.request->path, "/");
  EXPECT_EQ(second.request->body, "");
  EXPECT_EQ(second.request->headers.all().size(), 1u);
}

TEST(RequestReader, PassesOverEmptyLinesBeforeARequest) {
  RequestReader reader(kHeaderLimit);
  EXPECT_EQ(feed(reader, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1).stage, Stage::complete);
  EXPECT_EQ(feed_all("\r").stage, Stage::head);
  EXPECT_EQ(feed_all("\n").stage, Stage::refused);
}

TEST(RequestReader, ReadsChunksAndIgnoresTrailers) {
  const std::string_view text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
      "5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nAuthorization: planted\r\nHost: other\r\n\r\nGET";
  for (const std::size_t step : {std::size_t{1}, text.size()}) {
    RequestReader reader(kHeaderLimit);
    const Outcome outcome = feed(reader, text, step);
    ASSERT_EQ(outcome.stage, Stage::complete) << step;
    EXPECT_EQ(outcome.request->body, "hello!");
    EXPECT_FALSE(outcome.request->headers.has("Authorization"));
    EXPECT_EQ(outcome.request->headers.get_all("Host").size(), 1u);
    EXPECT_EQ(outcome.unused, "GET");
  }
}

TEST(RequestReader, ReadsAnEmptyChunkedBodyWhateverThePieces) {
  for (const std::string end : {"0\r\n\r\n", "0\r\nX: y\r\n\r\n", "0;a=b\r\n\r\n"}) {
    const std::string text = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + end;
    for (std::size_t step = 1; step < 8; ++step) {
      RequestReader reader(kHeaderLimit);
      const Outcome outcome = feed(reader, text, step);
      EXPECT_EQ(outcome.stage, Stage::complete) << end << step;
      EXPECT_EQ(outcome.unused, "");
    }
  }
}

TEST(RequestReader, TakesTheAuthorityOfAnAbsoluteTarget) {
  const Outcome outcome = feed_all("GET http://idp.example:8080/x?y=1 HTTP/1.1\r\nHost: other.example\r\n\r\n");
  ASSERT_EQ(outcome.stage, Stage::complete);
  EXPECT_EQ(outcome.request->path, "/x");
  EXPECT_EQ(outcome.request->query, "y=1");
  EXPECT_EQ(outcome.request->headers.get_all("Host"), (std::vector<std::string_view>{"idp.example:8080"}));
  EXPECT_EQ(feed_all("GET https://idp.example HTTP/1.1\r\nHost: a\r\n\r\n").request->path, "/");
}

TEST(RequestReader, KnowsWhetherTheConnectionMayGoOn) {
  const std::pair<const char*, bool> kRows[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  };
  for (const auto& [text, want] : kRows) {
    const Outcome outcome = feed_all(text);
    ASSERT_EQ(outcome.stage, Stage::complete) << text;
    EXPECT_EQ(outcome.keep_alive, want) << text;
  }
}

TEST(RequestReader, RefusesWhatTwoServersCouldReadDifferently) {
  const struct {
    const char* name;
    std::string text;
    int status;
  } kRefused[] = {
      {"no HTTP", "hello\r\n\r\n", 400},
      {"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 400},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"bad version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400},
      {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no slash", "GET path HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"authority", "CONNECT a.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"absolute with user", "GET http://u@a.example/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"byte outside ASCII", "GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"control in the target", "GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"no Host", "GET / HTTP/1.1\r\nAccept: a\r\n\r\n", 400},
      {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"field without a colon", "GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(1, '\0') + "\r\n\r\n", 400},
      {"lone CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
      {"list of lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\nx", 400},
      {"signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400},
      {"negative length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx", 400},
      {"empty length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\nx", 400},
      {"length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551616\r\n\r\nx", 400},
      {"length and coding",
       "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"coding and length",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400},
      {"other coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"chunked not last", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501},
      {"two codings", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"coding in two fields",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
      {"spelled coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n", 501},
      {"coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"bad chunk size", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n", 400},
      {"chunk without its end", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
       400},
      {"chunk size beyond 64 bits",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\nx", 400},
      {"other expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\nContent-Length: 1\r\n\r\nx", 417},
      {"body too long", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n", 413},
      {"chunk too long", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n65\r\nx", 413},
      {"chunks too long together",
       "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + std::string(100, 'x') + "\r\n1\r\nx",
       413},
      {"header too long", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(kHeaderLimit, 'x'), 431},
      {"target too long", "GET /" + std::string(kHeaderLimit, 'x'), 431},
  };
  for (const auto& row : kRefused) {
    SCOPED_TRACE(row.name);
    const Outcome outcome = feed_all(row.text);
    EXPECT_EQ(outcome.stage, Stage::refused);
    EXPECT_EQ(outcome.refusal.status, row.status) << outcome.refusal.description;
    RequestReader in_pieces(kHeaderLimit);
    EXPECT_EQ(feed(in_pieces, row.text, 1).refusal.status, row.status);
  }
}

TEST(RequestReader, AcceptsTheLongestHeaderAndNotOneByteMore) {
  const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ", end = "\r\n\r\n";
  const std::size_t room = kHeaderLimit - start.size() - end.size();
  EXPECT_EQ(feed_all(start + std::string(room, 'x') + end).stage, Stage::complete);
  EXPECT_EQ(feed_all(start + std::string(room + 1, 'x') + end).refusal.status, 431);
}

// The parser gives up each field as it is complete, so that its own limit would never be reached.
TEST(RequestReader, CountsShortFieldsThatNeverEnd) {
  RequestReader reader(kHeaderLimit);
  std::string waiting = "GET / HTTP/1.1\r\nHost: a\r\n";
  int fed = 0;
  while (reader.stage() == Stage::head && ++fed < 10'000) {
    waiting += "X: 0123456789abcdef0123456789abcdef\r\n";
    waiting.erase(0, reader.feed(waiting));
  }
  EXPECT_EQ(reader.refusal().status, 431);
  EXPECT_LT(fed, 150);

  std::string empty_lines;
  for (std::size_t i = 0; i <= kHeaderLimit; ++i) empty_lines += "\r\n";
  EXPECT_EQ(feed_all(empty_lines).refusal.status, 431);

  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 256; ++i) many += "A:b\r\n";
  EXPECT_EQ(feed_all(many + "\r\n").refusal.status, 431);
}

TEST(RequestReader, LimitsWhatStandsBetweenChunks) {
  for (const std::string start : {"1;x=", "0\r\nX: "}) {
    RequestReader reader(kHeaderLimit);
    const std::string text =
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + start + std::string(20 << 10, 'x');
    EXPECT_EQ(feed(reader, text, 1000).refusal.status, 400) << start;
  }
}

TEST(RequestReader, SaysWhenTheClientWaitsBeforeTheBody) {
  RequestReader reader(kHeaderLimit);
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n";
  EXPECT_EQ(reader.feed(head), head.size());
  EXPECT_EQ(reader.stage(), Stage::head_done);
  EXPECT_TRUE(reader.wants_continue());
  reader.allow_body(1);
  EXPECT_EQ(reader.stage(), Stage::body);
  EXPECT_EQ(reader.feed("x"), 1u);
  EXPECT_EQ(reader.stage(), Stage::complete);

  RequestReader old(kHeaderLimit);
  old.feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_EQ(old.stage(), Stage::head_done);
  EXPECT_FALSE(old.wants_continue());
}

}  // namespace
}  // namespace symbolon::net
