#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/organisation.h"

namespace symbolon::model {

/// One account at one provider. (connection, subject) is the only key by which a login finds its user (RP-75).
struct Identity {
  ConnectionId connection;
  std::string connection_name;
  std::string provider;  ///< strategy: oidc, okta, oauth2
  std::string subject;   ///< byte-exact
  std::string profile;   ///< JSON object: profileData of a linked identity; empty for the primary one
  Instant linked_at{};
};

struct User {
  TenantId tenant;
  UserId id;              ///< `{strategy}|{connection name}|{subject}`
  std::string profile;    ///< JSON object: root attributes as mapped (name, email, … and custom ones)
  std::string email;      ///< as given; empty when unknown
  bool email_verified = false;
  std::string username;
  OrganisationId organisation;  ///< that the person belongs to; empty: the default one
  std::string user_metadata, app_metadata;  ///< JSON objects; empty when none
  bool blocked = false;
  std::vector<Identity> identities;  ///< primary first
  Instant created_at{}, updated_at{};
  std::optional<Instant> last_login;
  std::string last_ip;
  std::int64_t logins_count = 0;
  /// Credentials issued at or before this moment are refused everywhere (login-runtime GT-42).
  std::optional<Instant> tokens_valid_after;
  std::int64_t version = 0;
};

/// The key that a user gets at its first login (login-runtime §2.11).
UserId make_user_id(std::string_view strategy, std::string_view connection_name, std::string_view subject);

}  // namespace symbolon::model
