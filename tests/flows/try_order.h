#pragma once

#include "flows/world.h"
#include "store/ticket_store.h"
#include "tickets/try_link.h"

namespace symbolon::flows {

/// Orders a test of `connection`, as POST /api/v2/connections/{id}/try does.
inline tickets::TryLink order_try(World& world, const std::string& connection) {
  const tickets::TryLink link = tickets::make_try_link(world.random);
  run_task(world.db.write([&](db::Transaction& tx) {
    const auto row = tx.query_one("SELECT id FROM connections WHERE name = ?1", {connection});
    const tickets::TryOrder order{ConnectionId(std::string(row->text(0))), ClientId(world.client_id),
                                  world.clock.now() + tickets::kTryLinkLifetime};
    store::TicketStore(tx, TenantId("default"))
        .insert({.kind = store::TicketKind::try_connection,
                 .hash = tickets::try_order_hash(link.report_id),
                 .subject = order.connection.str(),
                 .doc = to_document(order),
                 .created_at = world.clock.now(),
                 .expires_at = world.clock.now() + tickets::kTryLifetime,
                 .used_at = {}});
  }));
  return link;
}

}  // namespace symbolon::flows
