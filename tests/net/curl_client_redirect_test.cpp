#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/outbound_call.h"

// Where the one outbound client follows, and where it does not.
namespace symbolon::net {
namespace {

using testing::HasSubstr;

/// Redirects `/` to `target` and answers everything else.
ScriptedServer::Script redirect_to(std::string target) {
  return [target = std::move(target)](ScriptedConnection& connection) {
    while (const auto request = connection.read_request())
      connection.send(request->starts_with("GET / ")
                          ? "HTTP/1.1 301 Moved\r\nLocation: " + target + "\r\nContent-Length: 3\r\n\r\nold"
                          : std::string(kHello));
  };
}

TEST(CurlClient, FollowsRedirectsWithinTheOrigin) {
  for (const char* target : {"/other?x=1", "other?x=1"}) {
    ScriptedServer server(redirect_to(target));
    OutboundRequest request = get(server.url());
    request.max_redirects = 1;
    request.headers = {{"X-Kept", "1"}};
    const Result result = send(request);
    ASSERT_TRUE(result) << result.error().detail;
    EXPECT_EQ(result->body, "hello");
    EXPECT_EQ(result->final_url, server.url("/other?x=1"));
    EXPECT_THAT(server.requests().at(1), HasSubstr("X-Kept: 1\r\n"));
    EXPECT_EQ(server.connections(), 1);
  }
}

// CVE-2026-4366 of threats T40: a redirect is an attacker's second URL.
TEST(CurlClient, T40RefusesRedirectsElsewhere) {
  ScriptedServer elsewhere(ScriptedServer::always(std::string(kHello)));
  const std::string port = std::to_string(elsewhere.port());
  for (const std::string& target :
       {"http://127.0.0.1:" + port + "/", "//127.0.0.1:" + port + "/", "http://localhost:" + port + "/",
        std::string("http://169.254.169.254/latest"), std::string("file:///etc/passwd"),
        std::string("http://user@127.0.0.1/"), std::string("https://127.0.0.1/")}) {
    SCOPED_TRACE(target);
    ScriptedServer server(redirect_to(target));
    OutboundRequest request = get(server.url());
    request.max_redirects = 3;
    expect_failure(send(request), FetchFailure::redirect_refused, false);
  }
  EXPECT_EQ(elsewhere.connections(), 0);

  // The same machine by another name is another origin.
  ScriptedServer server([](ScriptedConnection& connection) {
    while (const auto request = connection.read_request()) {
      const auto host = request->substr(request->find("Host: ") + 6);
      connection.send("HTTP/1.1 302 Found\r\nLocation: http://localhost" +
                      host.substr(host.find(':'), host.find('\r') - host.find(':')) +
                      "/x\r\nContent-Length: 0\r\n\r\n");
    }
  });
  OutboundRequest request = get(server.url());
  request.max_redirects = 3;
  expect_failure(send(request), FetchFailure::redirect_refused, false);
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(CurlClient, FollowsNoMoreRedirectsThanAllowed) {
  ScriptedServer server(ScriptedServer::always("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"));
  OutboundRequest request = get(server.url());
  request.max_redirects = 3;
  expect_failure(send(request), FetchFailure::redirect_refused, false);
  EXPECT_EQ(server.requests().size(), 4u);
}

}  // namespace
}  // namespace symbolon::net
