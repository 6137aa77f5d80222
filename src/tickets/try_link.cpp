#include "tickets/try_link.h"

#include "base/encoding.h"
#include "crypto/digest.h"
#include "json/fields.h"
#include "tickets/opaque.h"

namespace symbolon::tickets {
namespace {

constexpr std::size_t kTicketBytes = 32;
constexpr std::string_view kOrder = "try_connection";
constexpr std::string_view kReport = "try_report";

std::string associated(const TenantId& tenant, std::string_view report_id) {
  return tenant.str() + "|" + std::string(report_id);
}

}  // namespace

struct SealedReport {
  std::string sealed;
};

template <class V>
void fields(V& v, TryOrder& order) {
  v("connection", order.connection);
  v("ordered_by", order.ordered_by);
  v("start_by", order.start_by);
}

template <class V>
void fields(V& v, SealedReport& report) {
  v("sealed", report.sealed);
}

TryLink make_try_link(Random& random) {
  TryLink link;
  link.ticket = random_token(random, kTicketBytes);
  link.report_id = try_report_id(link.ticket);
  return link;
}

std::string try_report_id(std::string_view ticket) {
  return base64url_encode(crypto::sha256("try report of " + std::string(ticket)));
}

model::TicketHash try_order_hash(std::string_view report_id) { return hash_ticket(kOrder, report_id); }
model::TicketHash try_report_hash(std::string_view report_id) { return hash_ticket(kReport, report_id); }

std::string to_document(const TryOrder& order) { return json::serialize_fields(order); }

std::optional<TryOrder> read_try_order(std::string_view document) {
  auto order = json::parse_fields<TryOrder>(document);
  return order ? std::optional(std::move(*order)) : std::nullopt;
}

std::string seal_try_report(const crypto::SecretBox& box, const TenantId& tenant, std::string_view report_id,
                            std::string_view report) {
  return json::serialize_fields(
      SealedReport{base64url_encode(box.seal("try-report", associated(tenant, report_id), report))});
}

std::optional<std::string> open_try_report(const crypto::SecretBox& box, const TenantId& tenant,
                                           std::string_view report_id, std::string_view document) {
  const auto stored = json::parse_fields<SealedReport>(document);
  const auto sealed = stored ? base64url_decode(stored->sealed) : std::nullopt;
  return sealed ? box.open("try-report", associated(tenant, report_id), *sealed) : std::nullopt;
}

}  // namespace symbolon::tickets
