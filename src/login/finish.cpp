#include "login/finish.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "base/time_ordered.h"
#include "login/admission.h"
#include "login/browser_session.h"
#include "login/consent.h"
#include "login/decision.h"
#include "login/end_session.h"
#include "login/finish_refusals.h"
#include "login/first_meeting.h"
#include "login/organisation.h"
#include "login/pending_contact.h"
#include "login/user_sync.h"
#include "store/log_store.h"
#include "store/session_store.h"
#include "store/ticket_store.h"
#include "store/user_store.h"
#include "tickets/opaque.h"

namespace symbolon::login {
namespace {

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
  const Instant proved_at;  ///< when a provider last proved the person
  const tickets::Opaque<model::SessionCookieHash> cookie;
  const std::string new_sid;
  const ContactKey contact;  ///< for a person who is asked what should happen
};

bool burn_state(db::Transaction& tx, const Inputs& in) {
  return store::TicketStore(tx, in.tenant.id)
             .burn(store::TicketKind::login_state, tickets::hash_ticket("login_state", in.ticket.state),
                   in.ticket.expires_at) == store::Insert::done;
}

bool burn_token(db::Transaction& tx, const Inputs& in) {
  if (in.identity.replay_key.empty()) return true;
  return store::TicketStore(tx, in.tenant.id)
             .burn(store::TicketKind::front_channel_token,
                   tickets::hash_ticket("front_channel_token", in.identity.replay_key),
                   in.identity.replay_expires_at) == store::Insert::done;
}

void describe_login(model::Session& session, const Inputs& in, const crypto::SecretBox& box,
                    const model::Connection& connection) {
  const auto& limits = in.tenant.sessions;
  session.cookie = in.cookie.hash;
  session.connection = connection.id;
  session.authenticated_at = in.proved_at;
  session.updated_at = session.last_interacted_at = in.now;
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

using Outcome = Finish::Outcome;

// The person is admitted and has a user: what is left is the same for everybody.
Outcome conclude(db::Transaction& tx, const Services& services, const Inputs& in, const model::Connection& connection,
                 const std::string& login_only, SyncedUser synced) {
  model::Session session = open_session(tx, in, services.box, connection, synced.user.id);
  log_success(tx, in, connection, synced, session);
  if (find_consent_question(tx, in.tenant.id, in.client, in.ticket.request, synced.user.id).is_open)
    return AwaitingConsent{std::move(session), login_only, in.cookie.value};
  Finished done;
  done.issued = services.responder.issue(tx, *in.http.site, in.client, in.ticket.request,
                                         {std::move(synced.user), std::move(session), login_only}, in.now);
  done.session_cookie = in.cookie.value;
  return done;
}

// A refusal says whose sign-in it was, so that it is found among what happened to that person.
Outcome about(const std::optional<model::User>& person, Outcome outcome) {
  auto* refused = std::get_if<RefusedSignIn>(&outcome);
  if (!refused || !person) return outcome;
  refused->user = person->id;
  refused->user_name = person->email;
  return outcome;
}

Outcome finish_for(db::Transaction& tx, const Services& services, const Inputs& in,
                   const std::optional<model::User>& known) {
  AdmissionQuestion question{in.ticket.upstream.connection, organisation_of(in.ticket.request.scope), {}, in.now};
  if (known) question.user = known->id;
  auto admitted = admit(tx, in.tenant.id, in.client, question);
  if (!admitted) return from_refusal(std::move(admitted.error()));
  const model::Connection& connection = admitted->connection;

  // Mapped with the connection as it is in this transaction, so that a changed mapping acts at once.
  auto mapped = upstream::map_claims(connection, in.identity);
  if (!mapped) return std::move(mapped.error());
  const model::AuthorizationRequest& request = in.ticket.request;
  if (!request.may_be(user_id_of(connection, in.identity, admitted->user))) return other_person();
  if (!request.accepts_acr(in.identity.acr)) return weaker_than_asked(request, in.identity.acr);
  if (admitted->user)
    return conclude(tx, services, in, connection, mapped->login_only,
                    sync_user(tx, connection, in.identity, *mapped, std::move(*admitted->user), in.now,
                              in.http.client_address));

  auto met = meet(tx, {in.client, connection, in.ticket, in.identity, *mapped, in.now, in.http.client_address});
  if (auto* refused = std::get_if<upstream::UpstreamError>(&met)) return std::move(*refused);
  if (auto* synced = std::get_if<SyncedUser>(&met))
    return conclude(tx, services, in, connection, mapped->login_only, std::move(*synced));
  store_contact(tx, services.box, in.tenant.id, in.contact, std::get<PendingContact>(met), in.now);
  return AwaitingContact{in.contact};
}

// Every refusal is decided before anything but the burnt state is written: a refused login still spends its state.
Outcome finish(db::Transaction& tx, const Services& services, const Inputs& in) {
  if (!burn_state(tx, in)) return AlreadyUsed{};
  if (!burn_token(tx, in)) return token_used_before();
  const auto known =
      store::UserStore(tx, in.tenant.id).find_by_identity(in.ticket.upstream.connection, in.identity.subject);
  return about(known, finish_for(tx, services, in, known));
}

void put(boost::json::object& profile, std::string_view name, const std::string& value) {
  if (value.empty())
    profile.erase(name);
  else
    profile[name] = value;
}

// An address that the person typed is nobody's proof; the provider's own stays as verified as it was (§6.11).
void edit(upstream::MappedProfile& mapped, const ContactAnswer::NewAccount& account) {
  boost::json::value parsed = boost::json::parse(mapped.profile);
  boost::json::object& profile = parsed.as_object();
  put(profile, "given_name", account.given_name);
  put(profile, "family_name", account.family_name);
  put(profile, "nickname", account.nickname);
  std::string name = account.given_name;
  if (!name.empty() && !account.family_name.empty()) name += ' ';
  name += account.family_name;
  if (!name.empty()) profile["name"] = name;
  if (account.email != mapped.email) mapped.email_verified = false;
  mapped.email = account.email;
  put(profile, "email", mapped.email);
  if (profile.contains("email_verified")) profile["email_verified"] = mapped.email_verified;
  mapped.profile = boost::json::serialize(parsed);
}

// What resume() works with, beside the sign-in that it takes.
struct Resumed {
  const http::Request& http;
  const model::Tenant& tenant;
  const model::Client& client;
  const ContactAnswer& answer;
  const Instant now;
  const tickets::Opaque<model::SessionCookieHash> cookie;
  const std::string new_sid;
};

// The account that the second sign-in proved; who is blocked or revoked proves nothing.
std::expected<UserId, upstream::UpstreamError> proved_user(db::Transaction& tx, const Resumed& in,
                                                           const ContactAnswer::ProvedAccount& proof,
                                                           const std::optional<model::User>& user) {
  if (!user) return std::unexpected(unknown_account());
  const model::OrganisationId organisation = organisation_of(proof.trip.request.scope);
  auto admitted = admit(tx, in.tenant.id, in.client, {proof.connection, organisation, user->id, in.now});
  if (!admitted) return std::unexpected(from_refusal(std::move(admitted.error())));
  return user->id;
}

Outcome resume_for(db::Transaction& tx, const Services& services, const Resumed& in,
                   const std::optional<model::User>& person) {
  const auto* proof = std::get_if<ContactAnswer::ProvedAccount>(&in.answer.choice);
  std::optional<UserId> user;
  if (proof) {
    store::TicketStore tickets(tx, in.tenant.id);
    if (tickets.burn(store::TicketKind::login_state, tickets::hash_ticket("login_state", proof->trip.state),
                     proof->trip.expires_at) == store::Insert::duplicate)
      return AlreadyUsed{};
    // A sign-in that leads to no account, or to another one, leaves the question open: the person may try again.
    auto proved = proved_user(tx, in, *proof, person);
    if (!proved) return std::move(proved.error());
    const auto waiting = find_contact(tx, services.box, *in.http.site, in.answer.pending, in.now);
    if (waiting && !waiting->proposed.empty() && waiting->proposed != *proved) return unknown_account();
    user = std::move(*proved);
  }
  const auto pending = take_contact(tx, services.box, *in.http.site, in.answer.pending, in.now);
  if (!pending || pending->login.request.client != in.client.id) return AlreadyUsed{};
  // Whoever signed in to an old account has just proved to be there; whoever pressed a button has not.
  const Instant proved_at = proof ? in.now : pending->proved_at;
  if (is_too_old(pending->login.request, proved_at, in.now)) return answered_too_late();
  const Inputs inputs{in.http,   in.tenant, in.client, pending->login, pending->identity, in.now,
                      proved_at, in.cookie, in.new_sid, {}};
  const model::OrganisationId organisation = organisation_of(pending->login.request.scope);
  auto admitted = admit(tx, in.tenant.id, in.client, {pending->login.upstream.connection, organisation, {}, in.now});
  if (!admitted) return from_refusal(std::move(admitted.error()));
  const model::Connection& connection = admitted->connection;
  if (tickets::take_snapshot(connection.id, connection.name, connection.upstream) != pending->login.upstream)
    return changed_meanwhile();
  if (user && !pending->login.request.may_be(*user)) return other_person();
  auto mapped = upstream::map_claims(connection, pending->identity);
  if (!mapped) return std::move(mapped.error());
  if (const auto* account = std::get_if<ContactAnswer::NewAccount>(&in.answer.choice);
      account && account->edited && connection.upstream.first_contact.creation_allowed)
    edit(*mapped, *account);

  const Meeting meeting{in.client, connection, pending->login, pending->identity,
                        *mapped,   in.now,     in.http.client_address};
  // Somebody may have made or linked the identity since; an account never loses it to a second one.
  auto synced = user ? link_proved_account(tx, meeting, *pending, *user) : make_chosen_account(tx, meeting, *pending);
  if (!synced) return std::move(synced.error());
  return conclude(tx, services, inputs, connection, mapped->login_only, std::move(*synced));
}

Outcome resume_login(db::Transaction& tx, const Services& services, const Resumed& in) {
  std::optional<model::User> person;  // of the old account, where one was proved
  if (const auto* proof = std::get_if<ContactAnswer::ProvedAccount>(&in.answer.choice))
    person = store::UserStore(tx, in.tenant.id).find_by_identity(proof->connection, proof->subject);
  return about(person, resume_for(tx, services, in, person));
}

}  // namespace

Task<Outcome> Finish::run(http::Request http, model::Tenant tenant, model::Client client, tickets::LoginTicket ticket,
                          upstream::ProvenIdentity identity) {
  const Instant now = services_.clock.now();
  const Inputs in{.http = http,
                  .tenant = tenant,
                  .client = client,
                  .ticket = ticket,
                  .identity = identity,
                  .now = now,
                  .proved_at = now,
                  .cookie = tickets::make_session_cookie(services_.random, now),
                  .new_sid = time_ordered_token(services_.random, now, kSessionIdBytes),
                  .contact = make_contact_key(services_.random)};
  co_return co_await services_.db.write([&](db::Transaction& tx) { return finish(tx, services_, in); });
}

Task<Outcome> Finish::resume(http::Request http, model::Tenant tenant, model::Client client, ContactAnswer answer) {
  const Instant now = services_.clock.now();
  const Resumed in{.http = http,
                   .tenant = tenant,
                   .client = client,
                   .answer = answer,
                   .now = now,
                   .cookie = tickets::make_session_cookie(services_.random, now),
                   .new_sid = time_ordered_token(services_.random, now, kSessionIdBytes)};
  co_return co_await services_.db.write([&](db::Transaction& tx) { return resume_login(tx, services_, in); });
}

}  // namespace symbolon::login
