#pragma once

#include <boost/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "model/connection.h"
#include "upstream/effective_settings.h"

namespace symbolon::upstream {

inline boost::json::object object_of(std::string_view text) { return boost::json::parse(text).as_object(); }

/// Options that are laid over others; null removes a member.
inline boost::json::object merged(boost::json::object base, std::string_view changes) {
  for (const auto& member : object_of(changes)) {
    if (member.value().is_null()) {
      base.erase(member.key());
    } else {
      base[member.key()] = member.value();
    }
  }
  return base;
}

/// Metadata of a provider with everything that a login may use.
inline constexpr std::string_view kMetadata = R"({
  "issuer": "https://idp.example",
  "authorization_endpoint": "https://idp.example/authorize",
  "token_endpoint": "https://idp.example/token",
  "userinfo_endpoint": "https://idp.example/userinfo",
  "jwks_uri": "https://idp.example/jwks",
  "end_session_endpoint": "https://idp.example/logout",
  "response_types_supported": ["code", "id_token"],
  "response_modes_supported": ["query", "form_post"],
  "subject_types_supported": ["public"],
  "id_token_signing_alg_values_supported": ["RS256", "ES256"],
  "code_challenge_methods_supported": ["S256", "plain"],
  "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"]
})";

inline model::Connection connection_with(model::Strategy strategy, const boost::json::object& options,
                                         const boost::json::object& metadata, bool has_secret = true) {
  auto settings = resolve_settings(strategy, options, metadata, has_secret);
  if (!settings) throw std::logic_error(settings.error().member + " " + settings.error().message);
  model::Connection connection;
  connection.tenant = TenantId("default");
  connection.id = ConnectionId("con_0123456789abcdef");
  connection.name = "acme";
  connection.display_name = "Acme Inc";
  connection.upstream = std::move(*settings);
  connection.options = boost::json::serialize(options);
  return connection;
}

/// A back-channel connection of strategy oidc; `changes` are laid over its options and metadata.
inline model::Connection back_channel(std::string_view changes = "{}", std::string_view metadata_changes = "{}") {
  return connection_with(model::Strategy::oidc,
                         merged(object_of(R"({"type":"back_channel","client_id":"client-1"})"), changes),
                         merged(object_of(kMetadata), metadata_changes));
}

inline model::Connection front_channel(std::string_view changes = "{}", std::string_view metadata_changes = "{}") {
  return connection_with(model::Strategy::oidc,
                         merged(object_of(R"({"type":"front_channel","client_id":"client-1"})"), changes),
                         merged(object_of(kMetadata), metadata_changes), false);
}

inline model::Connection oauth2_connection(std::string_view changes = "{}") {
  return connection_with(model::Strategy::oauth2,
                         merged(object_of(R"({
    "client_id": "client-1",
    "authorizationURL": "https://idp.example/authorize",
    "tokenURL": "https://idp.example/token",
    "userinfo_url": "https://idp.example/user",
    "scope": "read:user user:email"
  })"),
                                changes),
                         {});
}

}  // namespace symbolon::upstream
