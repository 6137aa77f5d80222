#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "db/transaction.h"
#include "model/client.h"
#include "model/connection.h"
#include "model/organisation.h"

namespace symbolon::login {

/// Where a person without a chosen connection lands (login-runtime §3.3, HR-6).
enum class Landing {
  nowhere,     ///< no connection signs people in to this client, or none that a page could offer
  straight,    ///< one connection only, and it has no button or the client wants no page
  identifier,  ///< an e-mail address leads to a provider; buttons beside it
  buttons,     ///< none of the connections has a domain
};

struct HomeRealm {
  Landing landing = Landing::nowhere;
  std::optional<model::Connection> only;  ///< with Landing::straight
  /// With Landing::nowhere: there are connections, but none with a button or a domain.
  bool none_to_offer = false;
};

/// Shown to everybody who may use it (HR-10).
bool has_button(const model::Connection& connection);

/// May be offered; one that is not may still be named, and then explains what is missing (login-runtime §3.1, RP-2).
bool is_usable(const model::Connection& connection);

/// Costs the same with ten connections and with ten thousand. Here and below, `organisation` is the one that the request
/// names; it decides which connections the client has.
HomeRealm find_home_realm(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                          const model::OrganisationId& organisation = {});

/// What follows the last `@`, as it is compared with domain_aliases (HR-2); nullopt when `identifier` is no address.
std::optional<std::string> domain_of(std::string_view identifier);

/// The client's connections that have exactly this domain, by creation (HR-4).
std::vector<model::Connection> connections_for_domain(db::Transaction& tx, const TenantId& tenant,
                                                      const model::Client& client, std::string_view domain,
                                                      const model::OrganisationId& organisation = {});

/// The client's connections that are shown as buttons, in the readers' order (HR-10, HR-13).
std::vector<model::Connection> connections_with_button(db::Transaction& tx, const TenantId& tenant,
                                                       const model::Client& client,
                                                       const model::OrganisationId& organisation = {});

/// The connection of that name, if people may sign in to the client through it.
std::optional<model::Connection> find_eligible(db::Transaction& tx, const TenantId& tenant, const model::Client& client,
                                               std::string_view name,
                                               const model::OrganisationId& organisation = {});

}  // namespace symbolon::login
