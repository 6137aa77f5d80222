#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/sealed.h"
#include "model/upstream_settings.h"

namespace symbolon::model {

/// Health of a connection's configuration (login-runtime DB-15, RP-8).
enum class ConnectionStatus { ok, incomplete, issuer_changed, metadata_changed, unreachable };
std::string_view to_string(ConnectionStatus value);
bool from_text(std::string_view text, ConnectionStatus& value);

/// An upstream identity provider as one customer configured it. Typed members are what the server acts on; the texts
/// are what the Management API shows. The ZITADEL API is a second view of the same record.
struct Connection {
  TenantId tenant;
  ConnectionId id;
  std::string name;
  std::string display_name;
  bool authentication_active = true;
  bool connected_accounts_active = false;
  bool is_domain_connection = false;
  bool show_as_button = false;
  std::vector<std::string> realms;
  std::vector<std::string> domain_aliases;  ///< lower-case A-labels
  std::string icon_url;
  UpstreamSettings upstream;
  SealedSecret client_secret;  ///< purpose "connection-secret", associated data "tenant|connection id"
  /// oauth2: JSON object of the headers that go with the token request, API keys among them; purpose
  /// "connection-headers", associated data as above. Empty: none.
  SealedSecret custom_headers;
  ConnectionStatus status = ConnectionStatus::ok;
  std::string status_detail;

  std::string doc;            ///< JSON object: top-level members except options and enabled_clients
  std::string options;        ///< JSON object: options as shown, without client_secret, customHeaders and oidc_metadata
  std::string oidc_metadata;  ///< JSON object; empty when never known
  bool metadata_pinned = false;             ///< given by hand: never refreshed (RP-9)
  Instant metadata_fetched_at{};            ///< when it was last looked up, with or without success; epoch: never
  std::string zitadel_id;                   ///< 18 digits; set for providers that /admin/v1 can show
  std::string zitadel_owner;                ///< organisation that owns it; empty: instance level

  std::int64_t version = 0;                 ///< grows with every change; the ETag
  Instant created_at{}, updated_at{};

  const std::string& label() const { return display_name.empty() ? name : display_name; }
};

}  // namespace symbolon::model
