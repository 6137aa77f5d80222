#include "store/ticket_store.h"

#include <stdexcept>

#include "store/row_reader.h"

namespace symbolon::store {
namespace {

auto reader_of(TicketKind kind) {
  return [kind](RowReader row) {
    return StoredTicket{.kind = kind,
                        .hash = row.bytes<model::TicketHash>(),
                        .subject = row.text(),
                        .doc = row.text(),
                        .created_at = row.instant(),
                        .expires_at = row.instant(),
                        .used_at = row.optional_instant()};
  };
}

}  // namespace

std::string_view to_string(TicketKind kind) {
  switch (kind) {
    case TicketKind::login_state:
      return "login_state";
    case TicketKind::front_channel_token:
      return "front_channel_token";
    case TicketKind::client_assertion:
      return "client_assertion";
    case TicketKind::logout_token:
      return "logout_token";
    case TicketKind::revocation_token:
      return "revocation_token";
    case TicketKind::pushed_request:
      return "pushed_request";
    case TicketKind::administrator_link:
      return "administrator_link";
    case TicketKind::try_connection:
      return "try_connection";
    case TicketKind::try_report:
      return "try_report";
    case TicketKind::account_link:
      return "account_link";
    case TicketKind::federated_logout:
      return "federated_logout";
    case TicketKind::link_page:
      return "link_page";
    case TicketKind::jwt_profile:
      return "jwt_profile";
  }
  throw std::logic_error("TicketKind outside its enumerators");
}

Insert TicketStore::burn(TicketKind kind, const model::TicketHash& hash, Instant expires_at) {
  const auto inserted = tx_.execute(
      "INSERT INTO used_tickets (tenant, kind, hash, expires_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
      {tenant_, to_string(kind), bind(hash), expires_at});
  return inserted > 0 ? Insert::done : Insert::duplicate;
}

bool TicketStore::is_burnt(TicketKind kind, const model::TicketHash& hash) {
  return tx_
      .query_one("SELECT 1 FROM used_tickets WHERE tenant = ?1 AND kind = ?2 AND hash = ?3",
                 {tenant_, to_string(kind), bind(hash)})
      .has_value();
}

void TicketStore::insert(const StoredTicket& ticket) {
  tx_.execute(
      "INSERT INTO tickets (tenant, kind, hash, subject, doc, created_at, expires_at, used_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
      {tenant_, to_string(ticket.kind), bind(ticket.hash), ticket.subject, ticket.doc, ticket.created_at,
       ticket.expires_at, ticket.used_at});
}

std::optional<StoredTicket> TicketStore::find(TicketKind kind, const model::TicketHash& hash, Instant now) {
  return read_one(tx_.query("SELECT hash, subject, doc, created_at, expires_at, used_at FROM tickets"
                            " WHERE tenant = ?1 AND kind = ?2 AND hash = ?3 AND expires_at > ?4",
                            {tenant_, to_string(kind), bind(hash), now}),
                  reader_of(kind));
}

std::optional<StoredTicket> TicketStore::take(TicketKind kind, const model::TicketHash& hash, Instant now) {
  return read_one(tx_.query("UPDATE tickets SET used_at = ?4 WHERE tenant = ?1 AND kind = ?2 AND hash = ?3"
                            " AND used_at IS NULL AND expires_at > ?4"
                            " RETURNING hash, subject, doc, created_at, expires_at, used_at",
                            {tenant_, to_string(kind), bind(hash), now}),
                  reader_of(kind));
}

}  // namespace symbolon::store
