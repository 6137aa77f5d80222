#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "model/organisation.h"
#include "model/sealed.h"

namespace symbolon::model {

using ServiceUserId = Id<struct ServiceUserTag>;

/// A program that calls the ZITADEL API in its own name (zitadel-idps §5.2). Never a person and never linked to one.
struct ServiceUser {
  TenantId tenant;
  ServiceUserId id;  ///< 18 digits
  OrganisationId organisation;
  std::string username;  ///< unique in the tenant, compared without case
  std::string name;
  ClientSecretHash secret_hash;  ///< empty: no client credentials
  Instant created_at{};
};

/// A public key that proves JWT profile assertions; `id` is their `kid`.
struct ServiceUserKey {
  std::string id;  ///< 18 digits
  ServiceUserId user;
  std::string algorithm;
  std::string spki_pem;
  Instant created_at{};
  std::optional<Instant> expires_at;
};

/// An opaque bearer token of a service user, stored by hash.
struct ServiceToken {
  ServiceTokenHash hash;
  std::string id;  ///< 18 digits
  ServiceUserId user;
  bool personal = false;  ///< made by hand: good for the API whatever its scope
  std::vector<std::string> scope;
  Instant created_at{};
  std::optional<Instant> expires_at;
};

/// Roles of a person or a service user in one organisation, or in the instance (zitadel-idps §5.5).
struct Membership {
  std::string user;  ///< id of either
  OrganisationId organisation;
  std::vector<std::string> roles;
  Instant created_at{};
};

}  // namespace symbolon::model
