#include "store/organisation_store.h"

#include <string>

#include "base/text.h"
#include "store/row_reader.h"
#include "store/sequence.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "tenant, id, name, domain_label, is_default, version, created_at, updated_at";

model::Organisation read_organisation(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .id = row.id<model::OrganisationId>(),
          .name = row.text(),
          .domain_label = row.text(),
          .is_default = row.flag(),
          .version = row.integer(),
          .created_at = row.instant(),
          .updated_at = row.instant()};
}

model::Membership read_membership(RowReader row) {
  return {.user = row.text(),
          .organisation = row.id<model::OrganisationId>(),
          .roles = row.words(),
          .created_at = row.instant()};
}

}  // namespace

std::string OrganisationStore::instance_id() {
  auto row = tx_.query_one("SELECT id FROM instances WHERE tenant = ?1", {tenant_});
  return row ? row->take_text(0) : std::string();
}

void OrganisationStore::make_instance(std::string_view id, Instant now) {
  tx_.execute("INSERT INTO instances (tenant, id, created_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
              {tenant_, id, now});
}

std::optional<model::Organisation> OrganisationStore::find(const model::OrganisationId& id) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM organisations WHERE tenant = ?1 AND id = ?2";
  return read_one(tx_.query(kSql, {tenant_, id}), read_organisation);
}

std::optional<model::Organisation> OrganisationStore::find_default() {
  static const std::string kSql = "SELECT " + std::string(kColumns) +
                                  " FROM organisations WHERE tenant = ?1 AND is_default = 1 ORDER BY seq LIMIT 1";
  return read_one(tx_.query(kSql, {tenant_}), read_organisation);
}

std::optional<model::Organisation> OrganisationStore::find_by_domain_label(std::string_view label) {
  if (label.empty()) return std::nullopt;
  static const std::string kSql = "SELECT " + std::string(kColumns) +
                                  " FROM organisations WHERE tenant = ?1 AND domain_label = ?2 LIMIT 2";
  auto rows = tx_.query(kSql, {tenant_, label});
  if (rows.size() != 1) return std::nullopt;
  return read_one(std::move(rows), read_organisation);
}

bool OrganisationStore::has_domain_label(std::string_view label) {
  if (label.empty()) return false;
  return tx_.query_one("SELECT 1 FROM organisations WHERE tenant = ?1 AND domain_label = ?2 LIMIT 1", {tenant_, label})
      .has_value();
}

void OrganisationStore::insert(const model::Organisation& organisation) {
  tx_.execute(
      "INSERT INTO organisations (tenant, id, seq, name, is_default, version, created_at, updated_at, domain_label)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      {tenant_, organisation.id, next_number(tx_, tenant_, "organisations"), organisation.name,
       organisation.is_default, organisation.version, organisation.created_at, organisation.updated_at,
       organisation.domain_label});
}

std::vector<model::Membership> OrganisationStore::memberships_of(std::string_view user) {
  return read_all(tx_.query("SELECT user_id, org_id, roles, created_at FROM memberships"
                            " WHERE tenant = ?1 AND user_id = ?2 ORDER BY org_id",
                            {tenant_, user}),
                  read_membership);
}

std::vector<model::Membership> OrganisationStore::list_members(const model::OrganisationId& organisation) {
  return read_all(tx_.query("SELECT user_id, org_id, roles, created_at FROM memberships"
                            " WHERE tenant = ?1 AND org_id = ?2 ORDER BY user_id",
                            {tenant_, organisation}),
                  read_membership);
}

Insert OrganisationStore::put_membership(const model::Membership& membership, bool replace) {
  const auto inserted = tx_.execute(
      "INSERT INTO memberships (tenant, user_id, org_id, roles, created_at) VALUES (?1, ?2, ?3, ?4, ?5)"
      " ON CONFLICT DO NOTHING",
      {tenant_, membership.user, membership.organisation, join(membership.roles, " "), membership.created_at});
  if (inserted > 0) return Insert::done;
  if (!replace) return Insert::duplicate;
  tx_.execute("UPDATE memberships SET roles = ?4 WHERE tenant = ?1 AND user_id = ?2 AND org_id = ?3",
              {tenant_, membership.user, membership.organisation, join(membership.roles, " ")});
  return Insert::done;
}

bool OrganisationStore::remove_membership(std::string_view user, const model::OrganisationId& organisation) {
  return tx_.execute("DELETE FROM memberships WHERE tenant = ?1 AND user_id = ?2 AND org_id = ?3",
                     {tenant_, user, organisation}) > 0;
}

}  // namespace symbolon::store
