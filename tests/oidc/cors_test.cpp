#include "oidc/cors.h"

#include <gtest/gtest.h>

namespace symbolon::oidc {
namespace {

model::Client sample_client() {
  model::Client client;
  client.allowed_origins = {"https://allowed.example.com"};
  client.web_origins = {"https://web.example.com:8443"};
  client.callbacks = {"https://app.example.com/cb", "com.example.app:/cb"};
  return client;
}

TEST(Cors, KnowsTheOriginsOfTheThreeLists) {
  for (const char* origin : {"https://allowed.example.com", "https://web.example.com:8443", "https://app.example.com"})
    EXPECT_TRUE(is_client_origin(sample_client(), origin)) << origin;
}

TEST(Cors, T59ComparesWholeOrigins) {
  for (const char* origin :
       {"https://allowed.example.com.evil.example", "https://allowed.example.co", "https://allowed.example.com:444",
        "http://allowed.example.com", "https://xallowed.example.com", "https://allowed.example.com/", "null", "", "*",
        "https://web.example.com", "https://ALLOWED.example.com", "https://app.example.com/cb",
        "com.example.app:", "https://allowed.example.com@evil.example"})
    EXPECT_FALSE(is_client_origin(sample_client(), origin)) << origin;
}

TEST(Cors, AnswersTheRegisteredOriginWithoutCredentials) {
  http::Request request;
  request.headers.set("Origin", "https://web.example.com:8443");
  http::Response response;
  const auto client = sample_client();
  allow_client_origin(response, request, client);
  EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "https://web.example.com:8443");
  EXPECT_FALSE(response.headers.has("Access-Control-Allow-Credentials"));
  EXPECT_EQ(response.headers.get("Vary"), "Origin");
}

TEST(Cors, SaysNothingToOthers) {
  const auto client = sample_client();
  http::Request request;
  http::Response without;
  allow_client_origin(without, request, client);
  EXPECT_FALSE(without.headers.has("Access-Control-Allow-Origin"));
  EXPECT_EQ(without.headers.get("Vary"), "Origin");

  request.headers.set("Origin", "https://evil.example");
  http::Response foreign;
  allow_client_origin(foreign, request, client);
  EXPECT_FALSE(foreign.headers.has("Access-Control-Allow-Origin"));
}

}  // namespace
}  // namespace symbolon::oidc
