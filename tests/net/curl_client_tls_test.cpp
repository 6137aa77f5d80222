#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "net/curl_client.h"
#include "support/run_task.h"
#include "support/scripted_server.h"
#include "support/test_identity.h"
#include "support/test_server.h"

namespace symbolon::net {
namespace {

using http::FetchFailure;
using http::OutboundRequest;
using Result = std::expected<http::OutboundResponse, http::FetchError>;

const TestIdentity& identity() {
  static const TestIdentity kMade = TestIdentity::make({"localhost", "127.0.0.1"});
  return kMade;
}

/// An https server that counts what reaches it.
struct Counted {
  std::atomic<int> requests = 0;
  TestServer server;

  explicit Counted(const TlsIdentity& shown)
      : server([this](http::Request) { return answer(); }, TestServer::with_tls(shown)) {}
  Task<http::Response> answer() {
    ++requests;
    co_return http::json_response(200, "{}");
  }
  OutboundRequest request(std::string ca_pem, std::string_view host = "localhost") const {
    return {.url = "https://" + std::string(host) + ":" + std::to_string(server.port()) + "/",
            .egress = {.allow_private = true, .ca_pem = std::move(ca_pem)}};
  }
};

std::vector<Result> send_in_turn(std::vector<OutboundRequest> requests) {
  CurlClient client;
  return run_task([](CurlClient& sender, std::vector<OutboundRequest> all) -> Task<std::vector<Result>> {
    std::vector<Result> results;
    for (OutboundRequest& request : all) results.push_back(co_await sender.send(std::move(request)));
    co_return results;
  }(client, std::move(requests)));
}

void expect_tls_failure(const Result& result) {
  ASSERT_FALSE(result);
  EXPECT_EQ(to_string(result.error().failure), "tls") << result.error().detail;
  EXPECT_TRUE(result.error().sent_nothing);
}

TEST(CurlClientTls, TrustsTheAuthorityOfThePolicy) {
  const Counted https(identity().identity);
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const auto results = send_in_turn({https.request(identity().ca_pem, host)});
    EXPECT_TRUE(results[0]) << results[0].error().detail;
  }
  EXPECT_EQ(https.requests, 2);
}

// SEC-39
TEST(CurlClientTls, RefusesAnUnknownAuthority) {
  const Counted https(identity().identity);
  expect_tls_failure(send_in_turn({https.request("")})[0]);
  expect_tls_failure(send_in_turn({https.request(TestIdentity::make({"localhost"}).ca_pem)})[0]);
  expect_tls_failure(send_in_turn({https.request("not a certificate")})[0]);
  EXPECT_EQ(https.requests, 0);
}

TEST(CurlClientTls, RefusesAnotherHostsCertificate) {
  const TestIdentity other = TestIdentity::make({"other.example"});
  const Counted https(other.identity);
  expect_tls_failure(send_in_turn({https.request(other.ca_pem)})[0]);
  expect_tls_failure(send_in_turn({https.request(other.ca_pem, "127.0.0.1")})[0]);
  EXPECT_EQ(https.requests, 0);
}

// What one connection's policy trusts must not vouch for another's, neither by reuse nor by a resumed session.
TEST(CurlClientTls, TrustIsNotInheritedByReuse) {
  const Counted https(identity().identity);
  const auto results =
      send_in_turn({https.request(identity().ca_pem), https.request(""), https.request(identity().ca_pem)});
  EXPECT_TRUE(results[0]);
  expect_tls_failure(results[1]);
  EXPECT_TRUE(results[2]);
  EXPECT_EQ(https.requests, 2);
}

TEST(CurlClientTls, RefusesAServerThatSpeaksNoTls) {
  ScriptedServer plain([](ScriptedConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.hang();
  });
  CurlClient client;
  expect_tls_failure(run_task(client.send({.url = plain.url("/", "https"), .egress = {.allow_private = true}})));
}

}  // namespace
}  // namespace symbolon::net
