#include "login/finish.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "crypto/digest.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/end_session.h"
#include "login/user_sync.h"
#include "store/grant_store.h"
#include "store/log_store.h"
#include "store/session_store.h"
#include "store/ticket_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"

namespace symbolon::login {
namespace {

constexpr std::chrono::seconds kCookieGrace{10};  // login-runtime SE-3
constexpr std::size_t kSessionIdBytes = 24;
constexpr std::size_t kMaxUpstreamIdToken = 16 * 1024;

// Everything that the unit of work needs; random values are drawn before, since a unit may run twice.
struct Inputs {
  const http::Request& http;
  const model::Tenant& tenant;
  const model::Client& client;
  const tickets::LoginTicket& ticket;
  const upstream::ProvenIdentity& identity;
  const Instant now;
  const tickets::Opaque<model::SessionCookieHash> cookie;
  const std::string new_sid;
};

upstream::UpstreamError from_refusal(Refusal refusal) {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = std::move(refusal.rule);
  error.check = "this person may enter this application through this connection";
  error.received = refusal.error.description;
  error.hint = "Look at the connection's applications and at the user's account.";
  error.downstream = std::move(refusal.error);
  return error;
}

upstream::UpstreamError other_person() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "AZ-19";
  error.check = "the person is the one that id_token_hint names";
  error.expected = "the user of id_token_hint";
  error.received = "another user";
  error.hint = "Sign in with the account that the application asked for.";
  error.downstream = {model::OAuthCode::login_required, "another user signed in than the one asked for", {}};
  return error;
}

bool burn(db::Transaction& tx, const Inputs& in) {
  store::TicketStore tickets(tx, in.tenant.id);
  if (tickets.burn(store::TicketKind::login_state, tickets::hash_ticket("login_state", in.ticket.state),
                   in.ticket.expires_at) == store::Insert::duplicate)
    return false;
  if (in.identity.replay_key.empty()) return true;
  return tickets.burn(store::TicketKind::front_channel_token,
                      tickets::hash_ticket("front_channel_token", in.identity.replay_key),
                      in.identity.replay_expires_at) == store::Insert::done;
}

void describe_login(model::Session& session, const Inputs& in, const crypto::SecretBox& box,
                    const model::Connection& connection) {
  const auto& limits = in.tenant.sessions;
  session.cookie = in.cookie.hash;
  session.connection = connection.id;
  session.updated_at = session.authenticated_at = session.last_interacted_at = in.now;
  session.persistent = limits.persistent_cookie;
  session.expires_at = in.now + (session.persistent ? limits.absolute : limits.ephemeral_absolute);
  session.upstream_expiry = connection.upstream.session_expiry_supported ? in.identity.session_expiry : std::nullopt;
  if (session.upstream_expiry) session.expires_at = std::min(session.expires_at, *session.upstream_expiry);
  session.idle_expires_at = idle_end(session, in.tenant, in.now);
  session.upstream_issuer = in.identity.issuer;
  session.upstream_subject = in.identity.subject;
  session.upstream_sid = in.identity.upstream_sid;
  session.acr = in.identity.acr;
  session.amr = in.identity.amr;
  session.last_user_agent = printable(in.http.headers.get("User-Agent"), 512);
  session.last_ip = in.http.client_address;
  const bool keep_token = connection.upstream.store_upstream_id_token && !in.identity.id_token.empty() &&
                          in.identity.id_token.size() <= kMaxUpstreamIdToken;
  session.upstream_id_token.bytes =
      keep_token ? box.seal("upstream-id-token", in.tenant.id.str() + "|" + session.id.str(), in.identity.id_token)
                 : std::string();
}

// The same person keeps the session id, another one ends the old session (AZ-30, SE-3, SE-4, SE-13).
model::Session open_session(db::Transaction& tx, const Inputs& in, const crypto::SecretBox& box,
                            const model::Connection& connection, const UserId& user) {
  store::SessionStore sessions(tx, in.tenant.id);
  auto current = find_browser_session(tx, in.http, in.tenant, in.now);
  const bool may_change = current && holds_current_cookie(in.http, *current);
  if (may_change && current->user == user) {
    model::Session session = std::move(*current);
    session.previous_cookie = session.cookie;
    session.previous_cookie_until = in.now + kCookieGrace;
    describe_login(session, in, box, connection);
    sessions.update(session);
    return session;
  }
  if (may_change) {
    end_session(tx, in.tenant.id, current->id, LogoutInitiator::session_revoked, in.now);
  }
  model::Session session;
  session.tenant = in.tenant.id;
  session.id = SessionId(in.new_sid);
  session.user = user;
  session.base_url = in.http.site->base_url;
  session.created_at = in.now;
  describe_login(session, in, box, connection);
  session.initial_user_agent = session.last_user_agent;
  session.initial_ip = session.last_ip;
  sessions.insert(session);
  return session;
}

void log_success(db::Transaction& tx, const Inputs& in, const model::Connection& connection, const SyncedUser& synced,
                 const model::Session& session) {
  boost::json::object details{
      {"prompts", boost::json::array{boost::json::object{{"name", "federated-authenticate"},
                                                         {"connection", connection.name},
                                                         {"strategy", std::string(to_string(connection.upstream.strategy))},
                                                         {"identity", in.identity.subject},
                                                         {"completedAt", to_epoch_millis(in.now)}}}},
      {"session_id", session.id.str()},
      {"channel", std::string(to_string(connection.upstream.channel))},
      {"stats", {{"loginsCount", synced.user.logins_count}}}};
  if (synced.created) details["user_created"] = true;
  if (session.upstream_expiry) details["idp_session_expiry"] = to_epoch_seconds(*session.upstream_expiry);
  if (!in.identity.warnings.empty()) details["warnings"] = boost::json::value_from(in.identity.warnings);

  model::LogEvent event;
  event.date = in.now;
  event.type = "s";
  event.client = in.client.id;
  event.client_name = in.client.name;
  event.connection_id = connection.id;
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.user = synced.user.id;
  event.user_name = synced.user.email;
  event.ip = in.http.client_address;
  event.user_agent = session.last_user_agent;
  event.hostname = in.http.site->host;
  event.details = boost::json::serialize(details);
  store::LogStore(tx, in.tenant.id).insert(std::move(event));
}

UserId user_id_of(const model::Connection& connection, const upstream::ProvenIdentity& identity,
                  const std::optional<model::User>& known) {
  return known ? known->id
               : model::make_user_id(to_string(connection.upstream.strategy), connection.name, identity.subject);
}

using Outcome = std::variant<Finished, AlreadyUsed, upstream::UpstreamError>;

// Every refusal is decided before anything but the burnt state is written: a refused login still spends its state.
Outcome finish(db::Transaction& tx, const Services& services, const Inputs& in) {
  if (!burn(tx, in)) return AlreadyUsed{};

  auto known = store::UserStore(tx, in.tenant.id).find_by_identity(in.ticket.upstream.connection, in.identity.subject);
  AdmissionQuestion question{in.ticket.upstream.connection, {}, in.now};
  if (known) question.user = known->id;
  auto admitted = admit(tx, in.tenant.id, in.client, question);
  if (!admitted) return from_refusal(std::move(admitted.error()));
  const model::Connection& connection = admitted->connection;

  // Mapped with the connection as it is in this transaction, so that a changed mapping acts at once.
  auto mapped = upstream::map_claims(connection, in.identity);
  if (!mapped) return std::move(mapped.error());
  const std::string& hinted = in.ticket.request.id_token_hint_subject;
  if (!hinted.empty() && hinted != user_id_of(connection, in.identity, admitted->user).str()) return other_person();
  auto synced = sync_user(tx, connection, in.identity, *mapped, std::move(admitted->user), in.now,
                          in.http.client_address);
  if (!synced) return std::move(synced.error());

  model::Session session = open_session(tx, in, services.box, connection, synced->user.id);
  log_success(tx, in, connection, *synced, session);
  Finished done;
  done.issued = services.responder.issue(tx, *in.http.site, in.client, in.ticket.request,
                                         {std::move(synced->user), std::move(session), mapped->login_only}, in.now);
  done.session_cookie = in.cookie.value;
  return done;
}

}  // namespace

Task<Outcome> Finish::run(http::Request http, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                          upstream::ProvenIdentity identity) {
  const Inputs in{.http = http,
                  .tenant = tenant,
                  .client = client,
                  .ticket = ticket,
                  .identity = identity,
                  .now = services_.clock.now(),
                  .cookie = tickets::make_session_cookie(services_.random),
                  .new_sid = random_token(services_.random, kSessionIdBytes)};
  co_return co_await services_.db.write([&](db::Transaction& tx) { return finish(tx, services_, in); });
}

}  // namespace symbolon::login
