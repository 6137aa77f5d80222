#include "login/end_session.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "store/client_store.h"
#include "store/grant_store.h"
#include "store/outbox_discard.h"
#include "store/outbox_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"

namespace symbolon::login {
namespace {

bool wants_to_know(const model::Client& client, std::string_view initiator) {
  return contains(client.backchannel_logout_initiators, "all") ||
         contains(client.backchannel_logout_initiators, initiator);
}

void queue_notices(db::Transaction& tx, const model::Session& session, LogoutInitiator initiator, Instant now) {
  store::ClientStore clients(tx, session.tenant);
  store::OutboxStore outbox(tx);
  for (const ClientId& id : session.clients) {
    const auto client = clients.find(id);
    if (!client || !wants_to_know(*client, to_string(initiator))) continue;
    const LogoutNotice notice{id, session.user, session.id, session.base_url + "/", std::string(to_string(initiator))};
    for (const std::string& url : client->backchannel_logout_urls) {
      store::OutboxItem item;
      item.tenant = session.tenant;
      item.id = session.id.str() + "|" + id.str() + "|" + url;  // a session ends once
      item.kind = kLogoutNotice;
      item.target = url;
      item.doc = to_document(notice);
      item.due_at = item.created_at = now;
      outbox.insert(item);
    }
  }
}

}  // namespace

std::string_view to_string(LogoutInitiator initiator) {
  switch (initiator) {
    case LogoutInitiator::rp_logout:
      return "rp-logout";
    case LogoutInitiator::idp_logout:
      return "idp-logout";
    case LogoutInitiator::session_revoked:
      return "session-revoked";
    case LogoutInitiator::session_expired:
      return "session-expired";
    case LogoutInitiator::account_deleted:
      return "account-deleted";
    case LogoutInitiator::account_deactivated:
      return "account-deactivated";
    case LogoutInitiator::email_identifier_changed:
      return "email-identifier-changed";
  }
  throw std::logic_error("LogoutInitiator outside its enumerators");
}

std::optional<model::Session> end_session(db::Transaction& tx, const TenantId& tenant, const SessionId& session,
                                          LogoutInitiator initiator, Instant now) {
  auto ended = store::SessionStore(tx, tenant).take(session);
  if (!ended) return std::nullopt;
  store::RefreshTokenStore(tx, tenant).revoke_of_session(ended->user, session, true);
  store::CodeStore(tx, tenant).cancel_of_session(ended->user, session, now);
  store::AccessTokenStore(tx, tenant).remove_of_session(ended->user, session);
  queue_notices(tx, *ended, initiator, now);
  return ended;
}

// The client comes first: discard_notices() finds its notices by how they begin.
std::string to_document(const LogoutNotice& notice) {
  return boost::json::serialize(boost::json::object{{"client_id", notice.client.str()},
                                                    {"sub", notice.user.str()},
                                                    {"sid", notice.session.str()},
                                                    {"iss", notice.issuer},
                                                    {"initiator", notice.initiator}});
}

LogoutNotice notice_from_document(std::string_view document) {
  const auto parsed = boost::json::parse(boost::json::string_view(document.data(), document.size())).as_object();
  const auto text = [&](std::string_view name) { return std::string(parsed.at(name).as_string()); };
  return {ClientId(text("client_id")), UserId(text("sub")), SessionId(text("sid")), text("iss"), text("initiator")};
}

void discard_notices(db::Transaction& tx, const TenantId& tenant, const ClientId& client, std::string_view address) {
  std::string start = boost::json::serialize(boost::json::object{{"client_id", client.str()}});
  start.back() = ',';
  store::discard_deliveries(tx, tenant, address, kLogoutNotice, start);
}

}  // namespace symbolon::login
