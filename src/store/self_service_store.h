#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/id.h"
#include "db/transaction.h"
#include "model/sealed.h"
#include "store/page.h"

namespace symbolon::store {

/// What a customer's administrator may set up alone, and how the pages for it look (management-api §6.7).
struct SelfServiceProfile {
  std::string id;   ///< `ssp_` + 22
  std::string doc;  ///< JSON object as shown, without id and times
  std::int64_t version = 0;
  Instant created_at{}, updated_at{};
};

/// A link that lets a customer's administrator set a connection up; the value itself is never kept.
struct SelfServiceTicket {
  model::TicketHash hash;
  std::string profile;
  std::string doc;  ///< JSON object: what was asked for
  Instant created_at{}, expires_at{};
};

class SelfServiceStore {
 public:
  SelfServiceStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<SelfServiceProfile> find(std::string_view id);
  Page<SelfServiceProfile> list(const Window& window);
  void insert(const SelfServiceProfile& profile);
  Update update(const SelfServiceProfile& profile, std::int64_t based_on);
  /// With its tickets.
  bool remove(std::string_view id);

  void insert_ticket(const SelfServiceTicket& ticket);
  std::optional<SelfServiceTicket> find_ticket(const model::TicketHash& hash, Instant now);
  bool remove_ticket(std::string_view profile, const model::TicketHash& hash);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

}  // namespace symbolon::store
