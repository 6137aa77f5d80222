#include "oidc/pushed_request.h"

#include <boost/json.hpp>

#include "json/parse.h"
#include "json/read.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::oidc {
namespace {

constexpr std::string_view kKind = "pushed_request";

}  // namespace

PushedName draw_pushed_name(Random& random) {
  auto drawn = tickets::make_ticket(random, kKind);
  return {std::string(kPushedUriPrefix) + drawn.value, std::move(drawn.hash)};
}

void insert_pushed_request(db::Transaction& tx, const TenantId& tenant, const PushedName& name, const ClientId& client,
                           const std::string& base_url, const PushedRequest& pushed, Instant now,
                           std::chrono::seconds lifetime) {
  store::StoredTicket ticket;
  ticket.kind = store::TicketKind::pushed_request;
  ticket.hash = name.hash;
  ticket.subject = client.str();
  ticket.doc = boost::json::serialize(boost::json::object{
      {"base_url", base_url}, {"form", http::encode_form(pushed.form.all())}, {"signed", pushed.was_signed}});
  ticket.created_at = now;
  ticket.expires_at = now + lifetime;
  store::TicketStore(tx, tenant).insert(ticket);
}

std::optional<PushedRequest> take_pushed_request(db::Transaction& tx, const TenantId& tenant, std::string_view uri,
                                                 const ClientId& client, const std::string& base_url, Instant now) {
  if (!uri.starts_with(kPushedUriPrefix)) return std::nullopt;
  const auto hash = tickets::hash_ticket(kKind, uri.substr(kPushedUriPrefix.size()));
  store::TicketStore tickets(tx, tenant);
  // Looked at before it is taken: somebody else's mistake must not cost the client its request.
  const auto found = tickets.find(store::TicketKind::pushed_request, hash, now);
  if (!found || found->subject != client.str()) return std::nullopt;
  const auto document = json::parse_object(found->doc);
  if (!document || json::find_text(*document, "base_url") != base_url) return std::nullopt;
  auto form = http::Form::parse(json::find_string(*document, "form").value_or(""));
  if (!form || !tickets.take(store::TicketKind::pushed_request, hash, now)) return std::nullopt;
  return PushedRequest{std::move(*form), json::find_bool(*document, "signed").value_or(false)};
}

}  // namespace symbolon::oidc
