#include "login/pending_contact.h"

#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>

#include "base/encoding.h"
#include "json/fields.h"
#include "login/sealed_cookies.h"
#include "store/ticket_store.h"
#include "tickets/opaque.h"

namespace symbolon::upstream {

// What the end of a sign-in needs. Tokens of the provider and the calls to it are not kept.
template <class V>
void fields(V& v, ProvenIdentity& identity) {
  v("issuer", identity.issuer);
  v("subject", identity.subject);
  v("claims", identity.claims);
  v("userinfo", identity.userinfo);
  v("id_token", identity.id_token);
  v("scope_granted", identity.scope_granted);
  v("acr", identity.acr);
  v("amr", identity.amr);
  v("upstream_sid", identity.upstream_sid);
  v("auth_time", identity.auth_time);
  v("session_expiry", identity.session_expiry);
  v("warnings", identity.warnings);
}

}  // namespace symbolon::upstream

namespace symbolon::login {
namespace {

constexpr std::string_view kKind = "link_page";
constexpr std::string_view kPurpose = "first-contact";
constexpr std::chrono::seconds kLifetime{1800};
constexpr std::size_t kIdBytes = 16;
constexpr SealedCookies kCookies("contact-", {.values = 4, .bytes = 4 * 1024});

// The stored form; the sealed login is opened with what stands beside it.
struct Record {
  std::string state, login, proposed;
  upstream::ProvenIdentity identity;
  Instant proved_at{};
  bool may_create = false, may_edit = false, may_link = false, incomplete = false, proposes = false;
};

template <class V>
void fields(V& v, Record& record) {
  v("state", record.state);
  v("login", record.login);
  v("proposed", record.proposed);
  v("identity", record.identity);
  v("proved_at", record.proved_at);
  v("may_create", record.may_create);
  v("may_edit", record.may_edit);
  v("may_link", record.may_link);
  v("incomplete", record.incomplete);
  v("proposes", record.proposes);
}

std::string associated(const TenantId& tenant, const model::TicketHash& hash) {
  return tenant.str() + "|" + hex_encode(hash.bytes);
}

std::optional<PendingContact> open(const store::StoredTicket& ticket, const crypto::SecretBox& box,
                                   const http::Site& site, Instant now) {
  const auto doc = boost::json::parse(ticket.doc);
  const auto sealed = base64url_decode(std::string_view(doc.at("sealed").get_string()));
  const auto text = sealed ? box.open(kPurpose, associated(site.tenant, ticket.hash), *sealed) : std::nullopt;
  if (!text) return std::nullopt;
  auto record = json::parse_fields<Record>(*text);
  if (!record) return std::nullopt;
  const auto login = base64url_decode(record->login);
  auto opened = login ? tickets::open_login(box, *login, record->state, site.tenant, site.base_url, now) : std::nullopt;
  if (!opened) return std::nullopt;
  PendingContact pending;
  pending.login = std::move(*opened);
  pending.identity = std::move(record->identity);
  pending.decision = {.step = record->proposes ? FirstContactStep::propose : FirstContactStep::ask,
                      .may_create = record->may_create,
                      .may_edit = record->may_edit,
                      .may_link = record->may_link,
                      .incomplete = record->incomplete};
  // A record of an older version does not say when; it was stored in the same moment.
  pending.proved_at = record->proved_at == Instant() ? ticket.created_at : record->proved_at;
  pending.proposed = UserId(std::move(record->proposed));
  return pending;
}

// `{milliseconds}.{value}`: the time orders the cookies of a browser.
std::string packed(const std::string& value, Instant now) {
  return std::to_string(to_epoch_millis(now)) + "." + value;
}

Instant made_at(const std::string& text) {
  std::int64_t millis = 0;
  std::from_chars(text.data(), text.data() + text.size(), millis);
  return from_epoch_millis(millis);
}

}  // namespace

ContactKey make_contact_key(Random& random) {
  auto made = tickets::make_ticket(random, kKind);
  return {random_token(random, kIdBytes), std::move(made.value), std::move(made.hash)};
}

model::TicketHash hash_contact(std::string_view value) { return tickets::hash_ticket(kKind, value); }

void store_contact(db::Transaction& tx, const crypto::SecretBox& box, const TenantId& tenant, const ContactKey& key,
                   const PendingContact& pending, Instant now) {
  Record record;
  record.state = pending.login.state;
  record.login = base64url_encode(tickets::seal_login(box, pending.login));
  record.proposed = pending.proposed.str();
  record.identity = pending.identity;
  record.proved_at = pending.proved_at;
  record.may_create = pending.decision.may_create;
  record.may_edit = pending.decision.may_edit;
  record.may_link = pending.decision.may_link;
  record.incomplete = pending.decision.incomplete;
  record.proposes = pending.decision.step == FirstContactStep::propose;
  const std::string sealed = box.seal(kPurpose, associated(tenant, key.hash), json::serialize_fields(record));
  store::StoredTicket ticket;
  ticket.kind = store::TicketKind::link_page;
  ticket.hash = key.hash;
  ticket.subject = pending.login.upstream.connection.str();
  ticket.doc = boost::json::serialize(boost::json::object{{"sealed", base64url_encode(sealed)}});
  ticket.created_at = now;
  ticket.expires_at = std::min(now + kLifetime, pending.login.expires_at);
  store::TicketStore(tx, tenant).insert(ticket);
}

std::optional<PendingContact> find_contact(db::Transaction& tx, const crypto::SecretBox& box, const http::Site& site,
                                           const model::TicketHash& hash, Instant now) {
  const auto ticket = store::TicketStore(tx, site.tenant).find(store::TicketKind::link_page, hash, now);
  if (!ticket || ticket->used_at) return std::nullopt;
  return open(*ticket, box, site, now);
}

std::optional<PendingContact> take_contact(db::Transaction& tx, const crypto::SecretBox& box, const http::Site& site,
                                           const model::TicketHash& hash, Instant now) {
  const auto ticket = store::TicketStore(tx, site.tenant).take(store::TicketKind::link_page, hash, now);
  return ticket ? open(*ticket, box, site, now) : std::nullopt;
}

namespace contact_cookies {

void keep(http::Response& response, const http::Request& http, const ContactKey& key, Instant now) {
  kCookies.keep(response, http, key.id, packed(key.value, now), kLifetime,
                [](const std::string&, const std::string& text) { return made_at(text); });
}

std::optional<std::string> find(const http::Request& http, const std::string& id) {
  const auto text = id.empty() ? std::nullopt : kCookies.find(http, id);
  const auto dot = text ? text->find('.') : std::string::npos;
  if (dot == std::string::npos) return std::nullopt;
  return text->substr(dot + 1);
}

void forget(http::Response& response, const http::Request& http, const std::string& id) {
  kCookies.forget(response, http, id);
}

}  // namespace contact_cookies
}  // namespace symbolon::login
