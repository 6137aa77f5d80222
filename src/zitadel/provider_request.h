#pragma once

#include <boost/json.hpp>
#include <expected>
#include <string>
#include <vector>

#include "model/upstream_settings.h"
#include "zitadel/api.h"

namespace symbolon::zitadel {

/// A provider as a request describes it, checked and trimmed (zitadel-idps §3). Which members count depends on the
/// strategy; `client_secret` is empty when none was sent.
struct ProviderRequest {
  model::Strategy strategy = model::Strategy::oauth2;
  std::string name, client_id, client_secret;
  std::string authorization_endpoint, token_endpoint, user_endpoint, id_attribute;  ///< OAuth
  std::string issuer;                                                              ///< OpenID Connect
  std::vector<std::string> scopes;
  boost::json::object provider_options;  ///< all five members
  bool use_pkce = false;
  bool is_id_token_mapping = false;
};

/// `creating`: the rules of POST, else those of PUT. `http_allowed`: providers on plain http (--dev).
std::expected<ProviderRequest, Error> read_provider(const Call& call, model::Strategy strategy, bool creating,
                                                    bool http_allowed);

}  // namespace symbolon::zitadel
