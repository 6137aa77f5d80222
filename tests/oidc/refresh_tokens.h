#pragma once

#include <gtest/gtest.h>

#include "oidc/provider.h"

// Refresh tokens of the client `web`: how they are asked for, used and refused.
namespace symbolon::oidc {

inline const boost::json::object kRotating{{"rotation_type", "rotating"},
                                           {"expiration_type", "expiring"},
                                           {"token_lifetime", 2592000},
                                           {"infinite_token_lifetime", false},
                                           {"infinite_idle_token_lifetime", false},
                                           {"idle_token_lifetime", 1296000},
                                           {"leeway", 0}};

inline boost::json::object rotating(int leeway = 0) {
  boost::json::object policy = kRotating;
  policy["leeway"] = leeway;
  return {{"refresh_token", policy}};
}

inline Fields refreshing(const std::string& token) {
  return {{"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", "web"}, {"client_secret", kSecret}};
}

inline model::AuthorizationRequest offline(std::vector<std::string> scope = {"openid", "profile", "email",
                                                                             "offline_access"},
                                           std::string audience = {}) {
  auto request = Provider::authorization();
  request.scope = std::move(scope);
  request.audience = std::move(audience);
  return request;
}

inline boost::json::object first_answer(Provider& provider, const model::AuthorizationRequest& request = offline()) {
  const auto response = provider.post_token(Provider::redemption(provider.code(request)));
  EXPECT_EQ(response.status, 200) << response.body;
  return json_of(response);
}

inline std::string first_token(Provider& provider, const model::AuthorizationRequest& request = offline()) {
  return text_at(first_answer(provider, request), "refresh_token");
}

inline std::string refreshed_token(Provider& provider, const std::string& token) {
  const auto response = provider.post_token(refreshing(token));
  EXPECT_EQ(response.status, 200) << response.body;
  return text_at(json_of(response), "refresh_token");
}

inline int status_of(Provider& provider, const std::string& token) {
  return provider.post_token(refreshing(token)).status;
}

inline void expect_refused(const http::Response& response) {
  EXPECT_EQ(response.status, 400) << response.body;
  EXPECT_EQ(error_of(response), "invalid_grant");
  EXPECT_TRUE(text_at(json_of(response), "error_description").contains("invalid refresh token")) << response.body;
  EXPECT_FALSE(response.body.contains("access_token"));
}

}  // namespace symbolon::oidc
