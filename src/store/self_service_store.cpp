#include "store/self_service_store.h"

#include "store/list_query.h"
#include "store/row_reader.h"
#include "store/sequence.h"
#include "store/versioned.h"

namespace symbolon::store {
namespace {

constexpr std::string_view kColumns = "id, doc, version, created_at, updated_at";

SelfServiceProfile read_profile(RowReader row) {
  return {.id = row.text(),
          .doc = row.text(),
          .version = row.integer(),
          .created_at = row.instant(),
          .updated_at = row.instant()};
}

}  // namespace

std::optional<SelfServiceProfile> SelfServiceStore::find(std::string_view id) {
  static const std::string kSql =
      "SELECT " + std::string(kColumns) + " FROM self_service_profiles WHERE tenant = ?1 AND id = ?2";
  return read_one(tx_.query(kSql, {tenant_, id}), read_profile);
}

Page<SelfServiceProfile> SelfServiceStore::list(const Window& window) {
  ListQuery query("self_service_profiles", "seq");
  query.where("tenant", tenant_);
  return read_page(tx_, query, kColumns, window, read_profile);
}

void SelfServiceStore::insert(const SelfServiceProfile& profile) {
  tx_.execute(
      "INSERT INTO self_service_profiles (tenant, id, seq, doc, version, created_at, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
      {tenant_, profile.id, next_number(tx_, tenant_, "self_service_profiles"), profile.doc, profile.version,
       profile.created_at, profile.updated_at});
}

Update SelfServiceStore::update(const SelfServiceProfile& profile, std::int64_t based_on) {
  const auto changed = tx_.execute(
      "UPDATE self_service_profiles SET doc = ?4, version = version + 1, updated_at = ?5"
      " WHERE tenant = ?1 AND id = ?2 AND version = ?3",
      {tenant_, profile.id, based_on, profile.doc, profile.updated_at});
  return outcome_of(changed, [&] { return find(profile.id).has_value(); });
}

bool SelfServiceStore::remove(std::string_view id) {
  tx_.execute("DELETE FROM self_service_tickets WHERE tenant = ?1 AND profile_id = ?2", {tenant_, id});
  return tx_.execute("DELETE FROM self_service_profiles WHERE tenant = ?1 AND id = ?2", {tenant_, id}) > 0;
}

void SelfServiceStore::insert_ticket(const SelfServiceTicket& ticket) {
  tx_.execute(
      "INSERT INTO self_service_tickets (tenant, hash, profile_id, doc, created_at, expires_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      {tenant_, bind(ticket.hash), ticket.profile, ticket.doc, ticket.created_at, ticket.expires_at});
}

std::optional<SelfServiceTicket> SelfServiceStore::find_ticket(const model::TicketHash& hash, Instant now) {
  return read_one(tx_.query("SELECT hash, profile_id, doc, created_at, expires_at FROM self_service_tickets"
                            " WHERE tenant = ?1 AND hash = ?2 AND expires_at > ?3",
                            {tenant_, bind(hash), now}),
                  [](RowReader row) {
                    return SelfServiceTicket{.hash = row.bytes<model::TicketHash>(),
                                             .profile = row.text(),
                                             .doc = row.text(),
                                             .created_at = row.instant(),
                                             .expires_at = row.instant()};
                  });
}

bool SelfServiceStore::remove_ticket(std::string_view profile, const model::TicketHash& hash) {
  return tx_.execute("DELETE FROM self_service_tickets WHERE tenant = ?1 AND hash = ?2 AND profile_id = ?3",
                     {tenant_, bind(hash), profile}) > 0;
}

}  // namespace symbolon::store
