#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "oidc/authorize_request.h"

namespace symbolon::oidc {

inline constexpr const char* kSampleChallenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A request that is accepted as it is, and everything that it is judged by. Tests change one thing.
struct Sample {
  Parameters parameters{{"client_id", "web"},
                        {"redirect_uri", "https://app.example.com/cb"},
                        {"response_type", "code"},
                        {"scope", "openid profile"},
                        {"state", "s 1"},
                        {"nonce", "n-1"},
                        {"code_challenge", kSampleChallenge},
                        {"code_challenge_method", "S256"}};
  model::Tenant tenant;
  model::Client client;
  std::string audience;
  std::optional<ApiAccess> api;
  std::optional<std::string> hinted_subject;
  bool realm_is_connection = false;

  Sample() {
    client.id = ClientId("web");
    client.app_type = "regular_web";
    client.callbacks = {"https://app.example.com/cb"};
    client.grant_types = {"authorization_code"};
  }

  void set(const std::string& name, std::string value) {
    for (auto& [known, old] : parameters)
      if (known == name) {
        old = std::move(value);
        return;
      }
    parameters.emplace_back(name, std::move(value));
  }
  void drop(const std::string& name) {
    std::erase_if(parameters, [&](const auto& parameter) { return parameter.first == name; });
  }
  void with_api(std::string identifier, std::vector<std::string> scopes) {
    api.emplace();
    api->api.identifier = audience = std::move(identifier);
    api->api.scopes = std::move(scopes);
  }

  AuthorizeParameters parsed() const {
    http::Request request;
    request.query = http::encode_form(parameters);
    return parse_authorize_parameters(request).value();
  }
};

struct Judgement {
  std::optional<model::OAuthError> error;
  model::AuthorizationRequest request;
};

inline Judgement judge(const Sample& sample) {
  const AuthorizeParameters parameters = sample.parsed();
  const auto redirect = trust_redirect(parameters, sample.client);
  if (!redirect) throw std::logic_error("the sample's redirect_uri must be trusted");
  const AuthorizeContext context{.tenant = sample.tenant,
                                 .client = sample.client,
                                 .audience = sample.audience,
                                 .api = sample.api,
                                 .hinted_subject = sample.hinted_subject,
                                 .realm_is_connection = sample.realm_is_connection};
  Judgement result{{}, return_address(parameters, sample.client, *redirect)};
  result.error = check_authorize_request(parameters, context, *redirect, result.request);
  return result;
}

}  // namespace symbolon::oidc
