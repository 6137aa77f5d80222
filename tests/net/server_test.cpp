#include "net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <stdexcept>

#include "base/log.h"
#include "net/dispatches.h"
#include "support/raw_connection.h"

namespace symbolon::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(Server, HandsTheRequestToTheDispatcher) {
  TestServer server(echo);
  RawConnection client(server.port());
  client.send(
      "POST /a%2Fb?x=%20 HTTP/1.1\r\nHost: idp.example\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 2\r\n\r\nhi");
  const RawResponse response = client.read_response();
  EXPECT_EQ(response.status_line, "HTTP/1.1 200 OK");
  const std::string id(response.headers.get("X-Request-Id"));
  EXPECT_EQ(id.size(), 24u);
  EXPECT_EQ(response.body, "POST /a%2Fb ? x=%20 from 127.0.0.1 id " + id + " host idp.example body hi");
  EXPECT_EQ(response.headers.get("Date").size(), 29u);
}

TEST(Server, KeepsTheConnectionForTheNextRequest) {
  TestServer server(echo);
  RawConnection client(server.port());
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    ids.emplace(client.read_response().headers.get("X-Request-Id"));
  }
  EXPECT_EQ(ids.size(), 3u);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer server(echo);
  RawConnection client(server.port());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
      "GET /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4");
  EXPECT_THAT(client.read_response().body, HasSubstr("GET /1 "));
  EXPECT_THAT(client.read_response().body, testing::AllOf(HasSubstr("POST /2 "), testing::EndsWith("body abc")));
  EXPECT_THAT(client.read_response().body, HasSubstr("GET /3 "));
  client.send(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_response().body, HasSubstr("GET /4 "));
}

TEST(Server, ClosesWhenTheClientWantsThat) {
  TestServer server(echo);
  for (const char* text : {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
    RawConnection client(server.port());
    client.send(text);
    EXPECT_EQ(client.read_response().headers.get("Connection"), "close");
    EXPECT_EQ(client.read_to_end(), "");
  }
  RawConnection old(server.port());
  for (int i = 0; i < 2; ++i) {
    old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.read_response().headers.get("Connection"), "keep-alive");
  }
}

TEST(Server, AnswersHeadWithoutABody) {
  TestServer server(echo);
  RawConnection client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
  const RawResponse head = client.read_response(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_NE(head.headers.get("Content-Length"), "0");
  EXPECT_THAT(client.read_response().body, HasSubstr("GET /next"));
}

TEST(Server, SendsLargeBodies) {
  TestServer server(large);
  RawConnection client(server.port());
  for (const char* path : {"/large", "/small", "/large"}) {
    client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.read_response().body.size(), path == std::string("/small") ? 10u : 3'000'000u);
  }
}

TEST(Server, RefusesMalformedRequestsWithJson) {
  TestServer server(echo);
  const std::pair<const char*, int> kRows[] = {
      {"nonsense\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
  };
  for (const auto& [text, status] : kRows) {
    RawConnection client(server.port());
    client.send(text);
    const RawResponse response = client.read_response();
    EXPECT_EQ(response.status, status) << text;
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(response.headers.get("Connection"), "close");
    EXPECT_EQ(response.headers.get("X-Request-Id").size(), 24u);
    EXPECT_THAT(response.body, testing::MatchesRegex(R"(\{"error":"invalid_request","error_description":"[^"]+"\})"));
    client.finish_sending();
    EXPECT_EQ(client.read_to_end(), "");
  }
}

Task<http::Response> throws(http::Request request) {
  if (request.path == "/std") throw std::runtime_error("the secret reason\nforged line");
  if (request.path == "/other") throw 7;
  if (request.path == "/split") {
    http::Response response = http::json_response(200, "{}");
    response.headers.set("Location", "/\r\nSet-Cookie: planted=1");
    co_return response;
  }
  if (request.path == "/status") co_return http::empty_response(99);
  co_return http::json_response(200, "fine");
}

TEST(Server, TurnsWhatTheDispatcherThrowsInto500AndGoesOn) {
  TestServer server(throws);
  RawConnection client(server.port());
  for (const char* path : {"/std", "/other", "/split", "/status"}) {
    testing::internal::CaptureStderr();
    client.send("GET " + std::string(path) + "?code=canary HTTP/1.1\r\nHost: a\r\n\r\n");
    const RawResponse response = client.read_response();
    const std::string log = testing::internal::GetCapturedStderr();
    const std::string id(response.headers.get("X-Request-Id"));
    EXPECT_EQ(response.status, 500) << path;
    EXPECT_THAT(response.body,
                testing::MatchesRegex(R"(\{"error":"server_error","error_description":"[^"]+","request_id":")" + id +
                                      R"("\})"));
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    EXPECT_FALSE(response.headers.has("Set-Cookie"));
    EXPECT_THAT(response.body, Not(HasSubstr("secret")));
    EXPECT_THAT(log, HasSubstr(id)) << path;
    EXPECT_EQ(std::ranges::count(log, '\n'), 1) << log;
    EXPECT_THAT(log, Not(HasSubstr("canary")));
  }
  client.send(kGet);
  EXPECT_EQ(client.read_response().body, "fine");
}

TEST(Server, TellsWhatNobodyAnsweredAsItIsTold) {
  TestServer server(throws, [](ServerOptions& options) {
    options.body_limit = [](http::Method, std::string_view) -> std::size_t { return 3; };
    options.error_answer = [](const Unanswered& what) {
      http::Response response = http::json_response(what.status, std::string(what.path) + "|" +
                                                                     std::string(what.description));
      response.headers.set("X-Told", std::string(what.request_id));
      return response;
    };
  });
  const auto ask = [&](const std::string& request) {
    RawConnection client(server.port());
    client.send(request);
    return client.read_response();
  };
  testing::internal::CaptureStderr();
  const RawResponse failed = ask("GET /std?code=canary HTTP/1.1\r\nHost: a\r\n\r\n");
  const RawResponse large = ask("POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nabcd");
  const RawResponse malformed = ask("nonsense\r\n\r\n");
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(failed.status, 500);
  EXPECT_THAT(failed.body, testing::StartsWith("/std|the server failed"));
  EXPECT_EQ(failed.headers.get("X-Told"), failed.headers.get("X-Request-Id"));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.body, "/large|the body is too large");
  EXPECT_EQ(malformed.status, 400);
  EXPECT_THAT(malformed.body, testing::StartsWith("|"));
}

TEST(Server, TurnsWhatIsThrownBeforeTheFirstSuspensionInto500) {
  TestServer server([](http::Request) -> Task<http::Response> { throw std::runtime_error("no coroutine at all"); });
  RawConnection client(server.port());
  client.send(kGet);
  EXPECT_EQ(client.read_response().status, 500);
}

// SEC-42
TEST(Server, LogsRequestsWithoutTheQuery) {
  log::configure(log::Level::debug, log::Format::json);
  testing::internal::CaptureStderr();
  {
    TestServer server(echo);
    RawConnection client(server.port());
    client.send("GET /callback?code=canary HTTP/1.1\r\nHost: a\r\nCookie: s=canary\r\n\r\n");
    client.read_response();
  }
  const std::string log = testing::internal::GetCapturedStderr();
  log::configure(log::Level::info, log::Format::json);
  EXPECT_THAT(log, HasSubstr(R"("method":"GET","path":"/callback","status":200)"));
  EXPECT_THAT(log, Not(HasSubstr("canary")));
}

// T43
TEST(Server, BelievesListedProxiesOnly) {
  const auto ask = [](TestServer& server) {
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 198.51.100.2\r\n\r\n");
    return client.read_response().body;
  };
  TestServer direct(echo);
  EXPECT_THAT(ask(direct), HasSubstr("from 127.0.0.1 "));
  TestServer behind(
      echo, [](ServerOptions& options) { options.trusted_proxies = {http::parse_network("127.0.0.0/8").value()}; });
  EXPECT_THAT(ask(behind), HasSubstr("from 198.51.100.2 "));
}

TEST(Server, LetsRequestsInFlightEndWhenItStops) {
  Held held;
  TestServer server(held.dispatch());
  RawConnection idle(server.port()), busy(server.port());
  idle.send(kGet);
  EXPECT_EQ(idle.read_response().status, 200);
  busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
  held.gate.wait_for_arrivals(1);

  const std::uint16_t port = server.port();
  auto stopped = std::async(std::launch::async, [&] { server.server().stop(); });
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_THROW(RawConnection{port}, std::runtime_error);
  EXPECT_EQ(stopped.wait_for(0s), std::future_status::timeout);

  held.gate.open();
  const RawResponse response = busy.read_response();
  EXPECT_EQ(response.body, "passed");
  EXPECT_EQ(response.headers.get("Connection"), "close");
  EXPECT_EQ(busy.read_to_end(), "");
  stopped.get();
  EXPECT_FALSE(held.cancelled);
}

TEST(Server, CancelsWhatDoesNotEndInTime) {
  Held held;
  TestServer server(held.dispatch(), limits([](Limits& l) { l.stop_timeout = 30ms; }));
  RawConnection client(server.port());
  client.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n");
  held.gate.wait_for_arrivals(1);
  server.server().stop();
  EXPECT_TRUE(held.cancelled);
  EXPECT_EQ(client.read_to_end(), "");
  server.server().stop();
}

TEST(Server, CancelsBackgroundJobsWhenItStops) {
  Held held;
  TestServer server(echo);
  server.server().spawn([](Held& shared) -> Task<void> {
    http::Request request;
    request.path = "/held";
    (void)co_await shared.handle(std::move(request));
  }(held));
  held.gate.wait_for_arrivals(1);
  EXPECT_FALSE(held.cancelled);
  server.server().stop();
  EXPECT_TRUE(held.cancelled);
}

TEST(Server, StopsBeforeItStarted) {
  SystemClock clock;
  crypto::SystemRandom random;
  Server server({.listeners = {Listener{}}}, echo, clock, random);
  server.stop();
}

TEST(Server, RunsOnSeveralThreads) {
  TestServer server(echo, [](ServerOptions& options) { options.threads = 4; });
  std::vector<std::future<std::set<std::string>>> clients;
  for (int i = 0; i < 8; ++i)
    clients.push_back(std::async(std::launch::async, [&server] {
      std::set<std::string> ids;
      for (int connection = 0; connection < 5; ++connection) {
        RawConnection client(server.port());
        for (int n = 0; n < 5; ++n) {
          client.send(kGet);
          ids.emplace(client.read_response().headers.get("X-Request-Id"));
        }
      }
      return ids;
    }));
  std::set<std::string> all;
  for (auto& client : clients) all.merge(client.get());
  EXPECT_EQ(all.size(), 8u * 25u);
}

std::string listen_failure(Listener listener, unsigned threads) {
  SystemClock clock;
  crypto::SystemRandom random;
  try {
    Server server({.listeners = {std::move(listener)}, .threads = threads}, echo, clock, random);
  } catch (const ListenError& error) {
    return error.what();
  }
  return "";
}

TEST(Server, SaysWhyItCannotListen) {
  TestServer taken(echo, [](ServerOptions& options) { options.threads = 2; });
  const std::string place = "127.0.0.1:" + std::to_string(taken.port());
  for (const unsigned threads : {1u, 2u})
    EXPECT_EQ(listen_failure({.port = taken.port()}, threads),
              "cannot listen on " + place + ": another program listens there");
  EXPECT_EQ(listen_failure({.address = "192.0.2.1", .port = 8080}, 1),
            "cannot listen on 192.0.2.1:8080: this machine has no such address");
  EXPECT_EQ(listen_failure({.address = "localhost", .port = 8080}, 1),
            "cannot listen on localhost:8080: the address is no IP address");
}

}  // namespace
}  // namespace symbolon::net
