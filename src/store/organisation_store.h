#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "db/transaction.h"
#include "model/organisation.h"
#include "model/service_user.h"
#include "store/page.h"

namespace symbolon::store {

/// The instance, its organisations, and who has which roles in them.
class OrganisationStore {
 public:
  OrganisationStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// The number of the instance; empty before it was made.
  std::string instance_id();
  /// Keeps the first one.
  void make_instance(std::string_view id, Instant now);

  std::optional<model::Organisation> find(const model::OrganisationId& id);
  std::optional<model::Organisation> find_default();
  /// By the first label of its primary domain; nullopt also when several have it.
  std::optional<model::Organisation> find_by_domain_label(std::string_view label);
  /// Whether any organisation has it.
  bool has_domain_label(std::string_view label);
  void insert(const model::Organisation& organisation);

  /// Every membership of a person or service user.
  std::vector<model::Membership> memberships_of(std::string_view user);
  /// Members of an organisation, or of the instance when the id is empty; by user.
  std::vector<model::Membership> list_members(const model::OrganisationId& organisation);
  /// Replaces the roles that the user has there. Duplicate when `replace` is off and there is a membership already.
  Insert put_membership(const model::Membership& membership, bool replace);
  bool remove_membership(std::string_view user, const model::OrganisationId& organisation);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
