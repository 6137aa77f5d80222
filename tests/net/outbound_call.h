#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "net/curl_client.h"
#include "support/run_task.h"
#include "support/scripted_server.h"

namespace symbolon::net {

using http::FetchFailure;
using http::Method;
using http::OutboundRequest;
using Result = std::expected<http::OutboundResponse, http::FetchError>;

inline constexpr std::string_view kHello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

inline http::EgressPolicy everything() { return {.allow_http = true, .allow_private = true}; }
inline http::EgressPolicy http_only() { return {.allow_http = true}; }

inline OutboundRequest get(std::string url, http::EgressPolicy egress = everything()) {
  return {.url = std::move(url), .egress = std::move(egress), .total_timeout = std::chrono::seconds(5)};
}

inline Result send(OutboundRequest request) {
  CurlClient client;
  return run_task(client.send(std::move(request)));
}

/// One after another on one io_context, so that connections are reused where that is possible.
inline std::vector<Result> send_in_turn(std::vector<OutboundRequest> requests) {
  CurlClient client;
  return run_task([](CurlClient& sender, std::vector<OutboundRequest> all) -> Task<std::vector<Result>> {
    std::vector<Result> results;
    for (OutboundRequest& request : all) results.push_back(co_await sender.send(std::move(request)));
    co_return results;
  }(client, std::move(requests)));
}

inline void expect_failure(const Result& result, FetchFailure failure, bool sent_nothing) {
  ASSERT_FALSE(result) << result->status;
  EXPECT_EQ(to_string(result.error().failure), to_string(failure)) << result.error().detail;
  EXPECT_EQ(result.error().sent_nothing, sent_nothing) << result.error().detail;
  EXPECT_FALSE(result.error().detail.empty());
}

}  // namespace symbolon::net
