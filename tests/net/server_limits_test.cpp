#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/dispatches.h"
#include "support/raw_connection.h"

// How much of everything the server takes, and how long it waits.
namespace symbolon::net {
namespace {

using namespace std::chrono_literals;

TEST(Server, TakesTheCookiesOfEightLoginsAndNotMore) {
  TestServer server(echo);
  RawConnection client(server.port());
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 8; ++i)
    request += "Cookie: login" + std::to_string(i) + "=" + std::string(12 << 10, 'c') + "\r\n";
  client.send(request + "\r\n");
  EXPECT_EQ(client.read_response().status, 200);
  client.send(request + "X: " + std::string(32 << 10, 'x') + "\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 431);
}

// A client that is still sending when the answer comes must be able to read it.
TEST(Server, RefusesABodyThatIsTooLargeWithoutReadingIt) {
  TestServer server(echo);
  RawConnection announced(server.port());
  announced.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n");
  EXPECT_EQ(announced.read_response().status, 413);

  RawConnection sent(server.port());
  sent.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n" + std::string(500'000, 'x'));
  EXPECT_EQ(sent.read_response().status, 413);

  RawConnection chunked(server.port());
  chunked.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n");
  EXPECT_EQ(chunked.read_response().status, 413);

  RawConnection exact(server.port());
  exact.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n" + std::string(1048576, 'x'));
  EXPECT_EQ(exact.read_response().status, 200);
}

TEST(Server, AsksForTheBodyLimitOfEachRequest) {
  TestServer server(echo, [](ServerOptions& options) {
    options.body_limit = [](http::Method method, std::string_view path) -> std::size_t {
      return method == http::Method::post && path == "/par" ? 3 : 10;
    };
  });
  RawConnection client(server.port());
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
  EXPECT_EQ(client.read_response().status, 200);
  client.send("POST /par HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
  EXPECT_EQ(client.read_response().status, 413);
}

TEST(Server, LetsAWaitingClientGoOn) {
  TestServer server(echo);
  RawConnection client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_response(true).status, 100);
  client.send("hi");
  EXPECT_THAT(client.read_response().body, testing::EndsWith("body hi"));

  client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 413);
}

TEST(Server, GivesUpOnASlowHeader) {
  TestServer server(echo, limits([](Limits& l) { l.header_timeout = 50ms; }));
  RawConnection client(server.port());
  client.send("GET / HTTP/1.1\r\nHost");
  const RawResponse response = client.read_response();
  EXPECT_EQ(response.status, 408);
  EXPECT_EQ(response.headers.get("Connection"), "close");
}

// One byte now and then does not buy more time.
TEST(Server, GivesUpOnAHeaderThatTrickles) {
  TestServer server(echo, limits([](Limits& l) { l.header_timeout = 100ms; }));
  RawConnection client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  for (int i = 0; i < 2000 && !client.is_readable_within(5ms); ++i) client.send("x");
  EXPECT_EQ(client.read_response().status, 408);
}

TEST(Server, GivesUpOnASlowBody) {
  TestServer server(echo, limits([](Limits& l) { l.body_timeout = 50ms; }));
  RawConnection client(server.port());
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(client.read_response().status, 408);
}

TEST(Server, ClosesIdleConnectionsWithoutAWord) {
  TestServer server(echo, limits([](Limits& l) { l.idle_timeout = 50ms; }));
  RawConnection client(server.port());
  client.send(kGet);
  EXPECT_EQ(client.read_response().status, 200);
  EXPECT_EQ(client.read_to_end(), "");

  TestServer strict(echo, limits([](Limits& l) { l.header_timeout = 50ms; }));
  RawConnection silent(strict.port());
  EXPECT_EQ(silent.read_to_end(), "");
}

TEST(Server, GivesUpOnAClientThatDoesNotRead) {
  TestServer server(large, limits([](Limits& l) {
                      l.write_timeout = 50ms;
                      l.least_bytes_per_second = 1'000'000'000;
                    }));
  // Far more than the kernel buffers on both sides.
  RawConnection stuck(server.port());
  stuck.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(stuck.is_readable_within(5s));

  // The server waits for its connections when it stops, and says so when it has to break one off.
  testing::internal::CaptureStderr();
  server.server().stop();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::Not(testing::HasSubstr("cancelled")));
}

TEST(Server, MakesRoomByClosingTheConnectionThatIsIdleLongest) {
  TestServer server(echo, limits([](Limits& l) { l.connections = 2; }));
  RawConnection first(server.port()), second(server.port());
  for (RawConnection* client : {&first, &second}) {
    client->send(kGet);
    EXPECT_EQ(client->read_response().status, 200);
  }
  RawConnection third(server.port());
  third.send(kGet);
  EXPECT_EQ(third.read_response().status, 200);
  EXPECT_EQ(first.read_to_end(), "");
  second.send(kGet);
  EXPECT_EQ(second.read_response().status, 200);
}

TEST(Server, RefusesConnectionsWhenAllAreBusy) {
  Held held;
  TestServer server(held.dispatch(), limits([](Limits& l) { l.connections = 2; }));
  RawConnection first(server.port()), second(server.port());
  for (RawConnection* client : {&first, &second}) client->send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
  held.gate.wait_for_arrivals(2);
  RawConnection third(server.port());
  EXPECT_EQ(third.read_response().status, 503);
  held.gate.open();
  EXPECT_EQ(first.read_response().body, "passed");
  EXPECT_EQ(second.read_response().body, "passed");
}

}  // namespace
}  // namespace symbolon::net
