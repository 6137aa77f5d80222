#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "crypto/secret_box.h"
#include "model/sealed.h"

// The test of a connection (login-runtime §4.1): an administrator orders it and gets a link, a browser follows the link
// to the provider, and what came of it is kept under an id that leads nowhere but to the report.
namespace symbolon::tickets {

/// How long a link may be used, a login that it started may take, and its report is kept.
inline constexpr std::chrono::seconds kTryLinkLifetime{300};
inline constexpr std::chrono::seconds kTryLifetime{3600 + 300};
inline constexpr std::chrono::hours kTryReportLifetime{24 * 7};

struct TryLink {
  std::string ticket;     ///< 256 bits, base64url; part of the link
  std::string report_id;  ///< what the ticket stands for; whoever holds it alone cannot make the link
};

TryLink make_try_link(Random& random);
std::string try_report_id(std::string_view ticket);

/// Keys of the two rows that belong to a report: the order, which the link takes, and the report itself.
model::TicketHash try_order_hash(std::string_view report_id);
model::TicketHash try_report_hash(std::string_view report_id);

/// What stands in the order's row.
struct TryOrder {
  ConnectionId connection;
  ClientId ordered_by;
  Instant start_by{};
};
std::string to_document(const TryOrder& order);
std::optional<TryOrder> read_try_order(std::string_view document);

/// A report holds a person's claims, so it lies in the database sealed. The result is the row's document.
std::string seal_try_report(const crypto::SecretBox& box, const TenantId& tenant, std::string_view report_id,
                            std::string_view report);
std::optional<std::string> open_try_report(const crypto::SecretBox& box, const TenantId& tenant,
                                           std::string_view report_id, std::string_view document);

}  // namespace symbolon::tickets
