#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/dispatches.h"
#include "support/raw_connection.h"

// What becomes of everybody else when somebody wants all that the server has.
namespace symbolon::net {
namespace {

using namespace std::chrono_literals;

std::string post_of(std::size_t bytes, std::string_view path = "/") {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) + "\r\n\r\n" +
         std::string(bytes, 'x');
}

// Both are sent behind a whole request, whose answer says that the server has begun to wait for the rest.
TEST(Server, MakesRoomByClosingARequestThatNeverEnds) {
  for (const char* begun : {"GET /slow HTTP/1.1\r\nHost", "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab"}) {
    TestServer server(echo, limits([](Limits& l) { l.connections = 1; }));
    RawConnection slow(server.port());
    slow.send(std::string(kGet) + begun);
    EXPECT_EQ(slow.read_response().status, 200);
    RawConnection next(server.port());
    next.send(kGet);
    EXPECT_EQ(next.read_response().status, 200) << begun;
    EXPECT_EQ(slow.read_to_end(), "") << begun;
  }
}

TEST(Server, MakesRoomByClosingAnAnswerThatNobodyReads) {
  TestServer server(large, limits([](Limits& l) { l.connections = 1; }));
  RawConnection stuck(server.port());
  stuck.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(stuck.is_readable_within(5s));
  RawConnection next(server.port());
  next.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(next.read_response().status, 200);
}

TEST(Server, ClosesIdleConnectionsBeforeRequestsThatHaveBegun) {
  TestServer server(echo, limits([](Limits& l) { l.connections = 2; }));
  RawConnection begun(server.port()), idle(server.port());
  begun.send(std::string(kGet) + "GET /begun HTTP/1.1\r\nHo");
  EXPECT_EQ(begun.read_response().status, 200);
  idle.send(kGet);
  EXPECT_EQ(idle.read_response().status, 200);
  RawConnection next(server.port());
  next.send(kGet);
  EXPECT_EQ(next.read_response().status, 200);
  EXPECT_EQ(idle.read_to_end(), "");
  begun.send("st: a\r\n\r\n");
  EXPECT_THAT(begun.read_response().body, testing::HasSubstr("GET /begun"));
}

TEST(Server, HoldsAFewLargeBodiesAtATime) {
  Held held;
  TestServer server(held.dispatch(), limits([](Limits& l) {
                      l.large_bodies = 1;
                      l.small_body_bytes = 1000;
                    }));
  RawConnection first(server.port());
  first.send(post_of(1001, "/held"));
  held.gate.wait_for_arrivals(1);
  for (const std::size_t bytes : {1001u, 500'000u}) {
    RawConnection second(server.port());
    second.send(post_of(bytes));
    EXPECT_EQ(second.read_response().status, 503) << bytes;
  }
  RawConnection small(server.port());
  small.send(post_of(1000));
  EXPECT_EQ(small.read_response().status, 200);

  held.gate.open();
  EXPECT_EQ(first.read_response().body, "passed");
  for (int i = 0; i < 2; ++i) {
    small.send(post_of(2000));
    EXPECT_EQ(small.read_response().status, 200) << "the place is free again";
  }
}

// Whoever goes away in the middle takes no place along.
TEST(Server, FreesThePlaceOfALargeBodyThatNeverEnds) {
  TestServer server(echo, limits([](Limits& l) {
                      l.large_bodies = 1;
                      l.small_body_bytes = 1000;
                    }));
  {
    RawConnection gone(server.port());
    gone.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + std::string(5000, 'x'));
    gone.finish_sending();
    EXPECT_EQ(gone.read_to_end(), "");
  }
  RawConnection next(server.port());
  next.send(post_of(2000));
  EXPECT_EQ(next.read_response().status, 200);
}

}  // namespace
}  // namespace symbolon::net
