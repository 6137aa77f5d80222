#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/outbound_call.h"

// Calls through a proxy: whose it is decides what is checked.
namespace symbolon::net {
namespace {

using testing::StartsWith;

/// A proxy that answers for the origin itself.
void tunnel(ScriptedConnection& connection) {
  const auto connect = connection.read_request();
  if (!connect) return;
  if (connect->starts_with("CONNECT refused.example")) {
    connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    return;
  }
  connection.send("HTTP/1.1 200 Connection established\r\nX-Proxy: 1\r\n\r\n");
  while (connection.read_request() && connection.send(kHello)) continue;
}

TEST(CurlClient, GoesThroughTheProxyOfThePolicy) {
  ScriptedServer proxy(tunnel);
  http::EgressPolicy policy = http_only();
  policy.proxy = proxy.url("");
  policy.proxy_is_operators = true;
  const auto results = send_in_turn({get("http://idp.example/x", policy), get("http://idp.example/y", policy)});
  for (const Result& result : results) {
    ASSERT_TRUE(result) << result.error().detail;
    EXPECT_EQ(result->body, "hello");
    EXPECT_FALSE(result->headers.has("X-Proxy"));
  }
  EXPECT_THAT(proxy.requests().at(0), StartsWith("CONNECT idp.example:80 HTTP/1.1\r\n"));
  EXPECT_THAT(proxy.requests().at(1), StartsWith("GET /x HTTP/1.1\r\nHost: idp.example\r\n"));
  EXPECT_EQ(proxy.connections(), 1);

  expect_failure(send(get("http://refused.example/", policy)), FetchFailure::connect, true);
  for (const char* literal : {"http://127.0.0.1/", "http://[::ffff:169.254.169.254]/"})
    expect_failure(send(get(literal, policy)), FetchFailure::address_not_allowed, true);
  policy.proxy = "socks5://127.0.0.1:1";
  expect_failure(send(get("http://idp.example/", policy)), FetchFailure::bad_url, true);
}

// Otherwise naming a proxy would be a way around the check, also over a connection that the operator's own proxy left.
TEST(CurlClient, JudgesTheAddressOfAProxyThatIsNotTheOperators) {
  ScriptedServer proxy(tunnel);
  http::EgressPolicy operators = http_only();
  operators.proxy = proxy.url("");
  operators.proxy_is_operators = true;
  http::EgressPolicy foreign = operators;
  foreign.proxy_is_operators = false;
  expect_failure(send(get("http://idp.example/", foreign)), FetchFailure::address_not_allowed, true);
  EXPECT_EQ(proxy.connections(), 0);

  const auto results = send_in_turn({get("http://idp.example/", operators), get("http://idp.example/", foreign)});
  EXPECT_TRUE(results[0]);
  expect_failure(results[1], FetchFailure::address_not_allowed, true);
  EXPECT_EQ(proxy.requests().size(), 2u) << "CONNECT and the one permitted request";

  foreign.allowed_networks = {"127.0.0.0/8"};
  EXPECT_TRUE(send(get("http://idp.example/", foreign)));
}

// What went through the proxy must not be reused without it, and the other way round.
TEST(CurlClient, KeepsProxiedConnectionsApart) {
  ScriptedServer proxy(tunnel), direct(ScriptedServer::always(std::string(kHello)));
  http::EgressPolicy through = everything();
  through.proxy = proxy.url("");
  for (const Result& result : send_in_turn({get(direct.url(), through), get(direct.url()), get(direct.url(), through)}))
    EXPECT_TRUE(result);
  EXPECT_EQ(proxy.requests().size(), 3u);
  EXPECT_EQ(direct.requests().size(), 1u);
}

}  // namespace
}  // namespace symbolon::net
