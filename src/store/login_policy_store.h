#pragma once

#include <optional>
#include <vector>

#include "db/transaction.h"
#include "model/connection.h"
#include "model/login_policy.h"
#include "store/page.h"

namespace symbolon::store {

/// Login policies and the providers that they offer (zitadel-idps §6.1).
///
/// A request that names no organisation is under the default organisation's policy. What that one offers is not looked up
/// at a login: it is enabled for every application, the ones there are and, when they are made, the ones to come
/// (ClientStore::insert), beside what was enabled by hand. Other organisations' policies are looked up (ConnectionStore).
class LoginPolicyStore {
 public:
  LoginPolicyStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<model::LoginPolicy> find(const model::OrganisationId& owner);
  Insert insert(const model::LoginPolicy& policy);
  /// False when there is none. The version grows by one.
  bool update(const model::LoginPolicy& policy);
  /// With its list of providers.
  bool remove(const model::OrganisationId& owner);

  std::vector<ConnectionId> providers(const model::OrganisationId& owner);
  Insert add_provider(const model::OrganisationId& owner, const ConnectionId& connection);
  bool remove_provider(const model::OrganisationId& owner, const ConnectionId& connection);

  /// Enables `connection` for every application of the tenant, but not for the one that stands for all.
  void offer(const ConnectionId& connection);
  /// Enables everything that the default organisation's policy offers for one application.
  void offer_to(const ClientId& client);
  /// Takes `connection` away from every application for which it was not enabled by hand.
  void withdraw(const ConnectionId& connection);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

/// Whose policy holds for the default organisation: its own, if it has one, else the instance's (empty).
model::OrganisationId default_policy_owner(db::Transaction& tx, const TenantId& tenant);

}  // namespace symbolon::store
