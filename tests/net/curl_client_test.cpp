#include "net/curl_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/asio/detached.hpp>
#include <thread>

#include "net/deadline.h"
#include "net/outbound_call.h"

namespace symbolon::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(CurlClient, BringsTheAnswer) {
  ScriptedServer server(
      ScriptedServer::always("HTTP/1.1 404 Not Found\r\nX-A: 1\r\nx-a:2 \r\nContent-Length: 4\r\n\r\ngone"));
  const Result result = send(get(server.url("/a%20b?c=%2F#fragment")));
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->status, 404);
  EXPECT_EQ(result->body, "gone");
  EXPECT_EQ(result->headers.get_all("X-A"), (std::vector<std::string_view>{"1", "2"}));
  EXPECT_EQ(result->final_url, server.url("/a%20b?c=%2F"));
  const std::string request = server.requests().at(0);
  EXPECT_THAT(request,
              StartsWith("GET /a%20b?c=%2F HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"));
  EXPECT_THAT(request, HasSubstr("Accept-Encoding: identity\r\n"));
  for (const char* unwanted : {"Cookie", "Authorization", "Expect", "Content-Type", "Content-Length"})
    EXPECT_THAT(request, Not(HasSubstr(unwanted)));
}

TEST(CurlClient, SendsEveryMethodWithItsBody) {
  ScriptedServer server(ScriptedServer::always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  const struct {
    Method method;
    std::string body;
    const char* start;
    const char* length;
  } kRows[] = {
      {Method::get, "", "GET / ", nullptr},
      {Method::head, "", "HEAD / ", nullptr},
      {Method::post, "a=1", "POST / ", "Content-Length: 3\r\n"},
      {Method::post, "", "POST / ", "Content-Length: 0\r\n"},
      {Method::put, "abcd", "PUT / ", "Content-Length: 4\r\n"},
      {Method::patch, "abcde", "PATCH / ", "Content-Length: 5\r\n"},
      {Method::del, "", "DELETE / ", nullptr},
      {Method::del, "x", "DELETE / ", "Content-Length: 1\r\n"},
  };
  for (const auto& row : kRows) {
    OutboundRequest request = get(server.url());
    request.method = row.method;
    request.body = row.body;
    request.headers = {{"Content-Type", "text/x"}, {"Authorization", "Bearer t"}, {"X-Empty", ""}};
    const Result result = send(std::move(request));
    ASSERT_TRUE(result) << row.start << result.error().detail;
    const std::string seen = server.requests().back();
    EXPECT_THAT(seen, StartsWith(row.start));
    EXPECT_THAT(seen, testing::EndsWith("\r\n\r\n" + row.body));
    EXPECT_THAT(seen, HasSubstr("Content-Type: text/x\r\n"));
    EXPECT_THAT(seen, HasSubstr("Authorization: Bearer t\r\n"));
    EXPECT_THAT(seen, HasSubstr("X-Empty:\r\n"));
    if (row.length != nullptr)
      EXPECT_THAT(seen, HasSubstr(row.length));
    else
      EXPECT_THAT(seen, Not(HasSubstr("Content-Length")));
  }
}

TEST(CurlClient, IgnoresInterimAnswers) {
  ScriptedServer server(ScriptedServer::always("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" + std::string(kHello)));
  const Result result = send(get(server.url()));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_FALSE(result->headers.has("X-Early"));
}

// T40, SEC-40
TEST(CurlClient, T40ReachesNoAddressThatIsNotPublic) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  const std::string port = ":" + std::to_string(server.port()) + "/";
  const std::pair<const char*, FetchFailure> kHosts[] = {
      {"127.0.0.1", FetchFailure::address_not_allowed},
      {"127.255.0.9", FetchFailure::address_not_allowed},
      {"localhost", FetchFailure::address_not_allowed},
      {"[::1]", FetchFailure::address_not_allowed},
      {"[::ffff:127.0.0.1]", FetchFailure::address_not_allowed},
      {"[::ffff:7f00:1]", FetchFailure::address_not_allowed},
      {"[::ffff:10.0.0.1]", FetchFailure::address_not_allowed},
      {"[::127.0.0.1]", FetchFailure::address_not_allowed},
      {"[64:ff9b::127.0.0.1]", FetchFailure::address_not_allowed},
      {"[64:ff9b::a9fe:a9fe]", FetchFailure::address_not_allowed},
      {"[2002:7f00:1::]", FetchFailure::address_not_allowed},
      {"[::]", FetchFailure::address_not_allowed},
      {"[fd00:ec2::254]", FetchFailure::address_not_allowed},
      {"[fe80::1]", FetchFailure::address_not_allowed},
      {"169.254.169.254", FetchFailure::address_not_allowed},
      {"0.0.0.0", FetchFailure::address_not_allowed},
      {"10.0.0.1", FetchFailure::address_not_allowed},
      {"192.168.1.1", FetchFailure::address_not_allowed},
      {"100.100.100.200", FetchFailure::address_not_allowed},
      {"255.255.255.255", FetchFailure::address_not_allowed},
      {"2130706433", FetchFailure::bad_url},
      {"017700000001", FetchFailure::bad_url},
      {"0177.0.0.1", FetchFailure::bad_url},
      {"0x7f000001", FetchFailure::bad_url},
      {"0x7f.1", FetchFailure::bad_url},
      {"127.1", FetchFailure::bad_url},
      {"127.0.0.1.", FetchFailure::bad_url},
      {"%31%32%37.0.0.1", FetchFailure::bad_url},
      {"public.example@127.0.0.1", FetchFailure::bad_url},
  };
  for (const auto& [host, failure] : kHosts) {
    SCOPED_TRACE(host);
    expect_failure(send(get("http://" + std::string(host) + port, http_only())), failure, true);
    expect_failure(send(get("https://" + std::string(host) + port, {})), failure, true);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlClient, ReachesWhatTheAllowListHas) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  const http::EgressPolicy listed{.allowed_networks = {"127.0.0.0/8"}, .allow_http = true};
  EXPECT_TRUE(send(get(server.url(), listed)));
  EXPECT_TRUE(send(get(server.url("/", "http", "localhost"), listed)));
  const http::EgressPolicy other{.allowed_networks = {"10.0.0.0/8"}, .allow_http = true};
  expect_failure(send(get(server.url("/", "http", "localhost"), other)), FetchFailure::address_not_allowed, true);
}

// A connection that a permissive call left open must not carry a request that may not go there.
TEST(CurlClient, ChecksTheAddressOfAReusedConnection) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  const std::string url = server.url("/", "http", "localhost");
  const auto results = send_in_turn({get(url, everything()), get(url, everything()), get(url, http_only())});
  EXPECT_TRUE(results[0]);
  EXPECT_TRUE(results[1]);
  expect_failure(results[2], FetchFailure::address_not_allowed, true);
  EXPECT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.connections(), 1) << "otherwise nothing was reused, and nothing proved";
}

TEST(CurlClient, RefusesUrlsItWouldNotUnderstandLikeOthersDo) {
  for (const char* url : {"", "idp.example", "ftp://idp.example/", "file:///etc/passwd", "gopher://idp.example/",
                          "https://", "https:///x", "https://a b/", "https://user@idp.example/",
                          "https://idp.example\\@evil.example/", "com.example:/cb"})
    expect_failure(send(get(url)), FetchFailure::bad_url, true);
  expect_failure(send(get("http://idp.example/", {})), FetchFailure::bad_url, true);
}

TEST(CurlClient, SaysWhenTheNameDoesNotResolve) {
  expect_failure(send(get("https://does-not-exist.invalid/", {})), FetchFailure::dns, true);
}

TEST(CurlClient, SaysWhenNobodyListens) {
  const ClosedPort closed;
  expect_failure(send(get("http://127.0.0.1:" + std::to_string(closed.port()) + "/")), FetchFailure::connect, true);
}

TEST(CurlClient, GivesUpOnASilentServer) {
  ScriptedServer server([](ScriptedConnection& connection) { connection.hang(); });
  OutboundRequest request = get(server.url());
  request.total_timeout = 100ms;
  expect_failure(send(request), FetchFailure::timeout, false);

  OutboundRequest handshake = get(server.url("/", "https"));
  handshake.connect_timeout = 100ms;
  expect_failure(send(handshake), FetchFailure::timeout, true);
}

TEST(CurlClient, GivesUpOnASlowBody) {
  ScriptedServer server([](ScriptedConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
    connection.hang();
  });
  OutboundRequest request = get(server.url());
  request.total_timeout = 100ms;
  expect_failure(send(request), FetchFailure::timeout, false);
}

TEST(CurlClient, TakesNoMoreThanItsLimits) {
  const std::pair<const char*, ScriptedServer::Script> kServers[] = {
      {"announced", ScriptedServer::always("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'))},
      {"endless",
       [](ScriptedConnection& connection) {
         connection.read_request();
         connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
         while (connection.send("40\r\n" + std::string(64, 'x') + "\r\n")) continue;
       }},
      {"until the end",
       [](ScriptedConnection& connection) {
         connection.read_request();
         connection.send("HTTP/1.1 200 OK\r\n\r\n");
         while (connection.send(std::string(1000, 'x'))) continue;
       }},
      {"long field",
       ScriptedServer::always("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'x') + "\r\nContent-Length: 0\r\n\r\n")},
      {"fields without end",
       [](ScriptedConnection& connection) {
         connection.read_request();
         connection.send("HTTP/1.1 200 OK\r\n");
         while (connection.send("X: y\r\n")) continue;
       }},
  };
  for (const auto& [name, script] : kServers) {
    SCOPED_TRACE(name);
    ScriptedServer server(script);
    OutboundRequest request = get(server.url());
    request.max_body_bytes = 100;
    expect_failure(send(request), FetchFailure::too_large, false);
  }
  ScriptedServer exact(
      ScriptedServer::always("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x')));
  OutboundRequest request = get(exact.url());
  request.max_body_bytes = 100;
  EXPECT_EQ(send(request)->body.size(), 100u);
}

// What is not asked for is not unpacked, so it cannot grow.
TEST(CurlClient, DoesNotDecompress) {
  ScriptedServer server(
      ScriptedServer::always("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x01"));
  EXPECT_EQ(send(get(server.url()))->body, "\x1f\x8b\x08\x01");
}

TEST(CurlClient, RefusesWhatIsNoHttp) {
  const std::pair<const char*, std::string> kAnswers[] = {
      {"nothing", ""},
      {"no status line", "hello\r\n\r\n"},
      {"HTTP/0.9", "<html>"},
      {"half a body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"},
      {"half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"},
      {"bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
  };
  for (const auto& [name, answer] : kAnswers) {
    SCOPED_TRACE(name);
    ScriptedServer server([&text = answer](ScriptedConnection& connection) {
      connection.read_request();
      connection.send(text);
    });
    expect_failure(send(get(server.url())), FetchFailure::protocol, false);
  }
}

TEST(CurlClient, ReturnsARedirectThatItMayNotFollow) {
  ScriptedServer server(ScriptedServer::always("HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"));
  const Result result = send(get(server.url()));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 302);

  OutboundRequest post = get(server.url());
  post.method = Method::post;
  post.max_redirects = 3;
  EXPECT_EQ(send(post)->status, 302);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST(CurlClient, ReusesConnections) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  OutboundRequest post = get(server.url());
  post.method = Method::post;
  for (const Result& result : send_in_turn({get(server.url()), post, get(server.url())})) EXPECT_TRUE(result);
  EXPECT_EQ(server.connections(), 1);
}

/// Answers the first request; reads the second on the same connection and closes without a word.
void break_second(ScriptedConnection& connection) {
  connection.read_request();
  connection.send(kHello);
  connection.read_request();
  if (connection.number() > 1) connection.send(kHello);
}

TEST(CurlClient, NeverSendsAPostTwice) {
  ScriptedServer server(break_second);
  OutboundRequest post = get(server.url());
  post.method = Method::post;
  post.body = "code=once";
  const auto results = send_in_turn({get(server.url()), post});
  EXPECT_TRUE(results[0]);
  expect_failure(results[1], FetchFailure::protocol, false);
  EXPECT_EQ(server.requests().size(), 2u);
}

TEST(CurlClient, RepeatsAGetOverAFreshConnection) {
  ScriptedServer server(break_second);
  const auto results = send_in_turn({get(server.url()), get(server.url())});
  EXPECT_TRUE(results[0]);
  EXPECT_TRUE(results[1]);
  EXPECT_EQ(server.requests().size(), 3u);
  EXPECT_EQ(server.connections(), 2);
}

TEST(CurlClient, SendsNoFieldThatSplitsTheRequest) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  const std::pair<const char*, const char*> kFields[] = {
      {"X", "a\r\nY: b"},
      {"X\r\nY", "b"},
      {"X: a", "b"},
      {"", "b"},
      {"Host", "evil.example"},
      {"content-length", "5"},
      {"Transfer-Encoding", "chunked"},
  };
  for (const auto& [name, value] : kFields) {
    OutboundRequest request = get(server.url());
    request.headers = {{name, value}};
    expect_failure(send(request), FetchFailure::protocol, true);
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(CurlClient, IgnoresTheEnvironment) {
  const ClosedPort closed;
  const std::string proxy = "http://127.0.0.1:" + std::to_string(closed.port());
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) ::setenv(name, proxy.c_str(), 1);
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  EXPECT_TRUE(send(get(server.url())));
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"}) ::unsetenv(name);
}

Task<void> note_when_done(CurlClient& client, OutboundRequest request, std::vector<std::string>& done,
                          std::string name) {
  const Result result = co_await client.send(std::move(request));
  done.push_back(name + (result ? " ok" : " " + std::string(to_string(result.error().failure))));
}

// SEC-41
TEST(CurlClient, ADeadHostDelaysNoOther) {
  ScriptedServer dead([](ScriptedConnection& connection) { connection.hang(); });
  ScriptedServer live(ScriptedServer::always(std::string(kHello)));
  CurlClient client({.calls_per_host = 2, .calls = 3, .waiting_per_host = 5});
  std::vector<std::string> done;
  std::vector<Task<void>> tasks;
  for (int i = 0; i < 8; ++i) {
    OutboundRequest request = get(dead.url());
    request.total_timeout = 200ms;
    tasks.push_back(note_when_done(client, std::move(request), done, "dead"));
  }
  for (int i = 0; i < 3; ++i) tasks.push_back(note_when_done(client, get(live.url()), done, "live"));
  run_together(std::move(tasks));
  EXPECT_THAT(done,
              testing::ElementsAre("dead connect", "live ok", "live ok", "live ok", "dead timeout", "dead timeout",
                                   "dead timeout", "dead timeout", "dead timeout", "dead timeout", "dead timeout"));
  EXPECT_EQ(dead.connections(), 2);
}

Task<void> give_up_then_send(CurlClient& client, OutboundRequest silent, OutboundRequest fine, bool& gave_up,
                             bool& worked) {
  gave_up = !co_await with_deadline(client.send(std::move(silent)), 20ms);
  worked = (co_await client.send(std::move(fine))).has_value();
}

TEST(CurlClient, CanBeCancelled) {
  ScriptedServer silent([](ScriptedConnection& connection) { connection.hang(); });
  ScriptedServer fine(ScriptedServer::always(std::string(kHello)));
  CurlClient client;
  bool gave_up = false, worked = false;
  run_task(give_up_then_send(client, get(silent.url()), get(fine.url()), gave_up, worked));
  EXPECT_TRUE(gave_up);
  EXPECT_TRUE(worked);
}

TEST(CurlClient, EndsWithItsIoContext) {
  ScriptedServer silent([](ScriptedConnection& connection) { connection.hang(); });
  ScriptedServer fine(ScriptedServer::always(std::string(kHello)));
  CurlClient client({.calls_per_host = 1});
  std::vector<std::string> done;
  {
    boost::asio::io_context io;
    for (int i = 0; i < 3; ++i)
      boost::asio::co_spawn(io, note_when_done(client, get(silent.url()), done, "silent"), boost::asio::detached);
    boost::asio::co_spawn(io, note_when_done(client, get(fine.url()), done, "fine"), boost::asio::detached);
    while (done.empty()) io.run_one();
  }
  EXPECT_THAT(done, testing::ElementsAre("fine ok"));
  EXPECT_TRUE(run_task(client.send(get(fine.url()))));
}

TEST(CurlClient, ServesSeveralThreads) {
  ScriptedServer server(ScriptedServer::always(std::string(kHello)));
  CurlClient client;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      std::vector<std::string> done;
      std::vector<Task<void>> tasks;
      for (int n = 0; n < 10; ++n) tasks.push_back(note_when_done(client, get(server.url()), done, ""));
      run_together(std::move(tasks));
      EXPECT_EQ(std::ranges::count(done, " ok"), 10);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server.requests().size(), 40u);
}

}  // namespace
}  // namespace symbolon::net
