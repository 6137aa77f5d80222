#include "login/first_meeting.h"

#include <boost/json.hpp>

#include "login/account_match.h"
#include "login/admission.h"
#include "login/organisation.h"
#include "store/log_store.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

upstream::UpstreamError refusal(std::string rule, std::string check, std::string expected, std::string received,
                                std::string hint, std::string description) {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = std::move(rule);
  error.check = std::move(check);
  error.expected = std::move(expected);
  error.received = std::move(received);
  error.hint = std::move(hint);
  error.downstream = {model::OAuthCode::access_denied, std::move(description), error.received};
  return error;
}

// Row 10.
upstream::UpstreamError nothing_allowed() {
  return refusal("RP-83", "the provider's options let this person in", "isAutoCreation, isCreationAllowed or isLinkingAllowed",
                 "none of them", "Allow creation or linking in the provider's options, or make the user first.",
                 "account creation and linking are disabled");
}

// Row 6c.
upstream::UpstreamError incomplete() {
  return refusal("RP-83", "the provider tells enough to make an account", "an e-mail address", "none",
                 "Ask for the scope that releases the e-mail address, map it, or set isCreationAllowed so that people "
                 "can type it.",
                 "the identity provider told no e-mail address, and an account needs one");
}

upstream::UpstreamError not_allowed_now(std::string what) {
  return refusal("RP-83", "the provider's options allow what the person chose", what, "switched off meanwhile",
                 "Start the sign-in again.", "the sign-in method was changed during the sign-in, try again");
}

upstream::UpstreamError taken() {
  return refusal("RP-83", "the identity belongs to nobody yet", "a new identity", "one that an account has",
                 "Identities are never moved by a sign-in; unlink it from the other account first.",
                 "this identity belongs to an account already");
}

void log_link(db::Transaction& tx, const Meeting& meeting, const model::User& user, std::string_view rule) {
  model::LogEvent event;
  event.date = meeting.now;
  event.type = "account_linked";
  event.description = "An identity was added to an account";
  event.client = meeting.client.id;
  event.client_name = meeting.client.name;
  event.connection_id = meeting.connection.id;
  event.connection = meeting.connection.name;
  event.strategy = to_string(meeting.connection.upstream.strategy);
  event.user = user.id;
  event.user_name = user.email;
  event.ip = meeting.ip;
  event.details = boost::json::serialize(boost::json::object{{"rule", rule}, {"identity", meeting.identity.subject}});
  store::LogStore(tx, meeting.connection.tenant).insert(std::move(event));
}

// In the organisation that the request names; the connection was admitted there in this transaction.
std::expected<SyncedUser, upstream::UpstreamError> create(db::Transaction& tx, const Meeting& meeting) {
  const TenantId& tenant = meeting.connection.tenant;
  return create_user(tx, meeting.connection, as_kept(tx, tenant, organisation_of(meeting.login.request.scope)),
                     meeting.identity, meeting.mapped, meeting.now, meeting.ip);
}

std::expected<SyncedUser, upstream::UpstreamError> link(db::Transaction& tx, const Meeting& meeting, const UserId& id,
                                                        std::string_view rule) {
  const TenantId& tenant = meeting.connection.tenant;
  // Asked with the user that is meant: a blocked account gets no new way in.
  auto admitted = admit(
      tx, tenant, meeting.client,
      {meeting.connection.id, organisation_of(meeting.login.request.scope), id, meeting.now, true});
  if (!admitted) {
    auto error = refusal(admitted.error().rule, "the account may be signed in to", "an account in use",
                         admitted.error().error.description, "Look at the user's account.", {});
    error.downstream = admitted.error().error;
    return std::unexpected(std::move(error));
  }
  model::Identity identity{meeting.connection.id, meeting.connection.name,
                           std::string(to_string(meeting.connection.upstream.strategy)), meeting.identity.subject,
                           meeting.mapped.profile, meeting.now};
  if (store::UserStore(tx, tenant).add_identity(id, identity) == store::Insert::duplicate)
    return std::unexpected(taken());
  model::User user = std::move(*admitted->user);
  user.identities.push_back(std::move(identity));
  log_link(tx, meeting, user, rule);
  return sync_user(tx, meeting.connection, meeting.identity, meeting.mapped, std::move(user), meeting.now, meeting.ip);
}

MeetingOutcome outcome_of(std::expected<SyncedUser, upstream::UpstreamError> result) {
  if (!result) return std::move(result.error());
  return std::move(*result);
}

FirstContactFacts facts_of(const Meeting& meeting, const FoundAccount& account) {
  const model::FirstContactOptions& options = meeting.connection.upstream.first_contact;
  return {.known = false,
          .options = options,
          .match = account.match,
          .match_is_safe = account.safe,
          .profile_complete = is_complete(options, meeting.mapped)};
}

}  // namespace

MeetingOutcome meet(db::Transaction& tx, const Meeting& meeting) {
  if (meeting.connection.upstream.root_sync == model::RootAttributeSync::never_on_login)
    return outcome_of(create(tx, meeting));
  const FoundAccount account =
      find_account(tx, meeting.client, organisation_of(meeting.login.request.scope), meeting.connection, meeting.mapped);
  const FirstContactDecision decision = decide_first_contact(facts_of(meeting, account));
  switch (decision.step) {
    case FirstContactStep::link:
      return outcome_of(link(tx, meeting, account.user->id,
                             to_string(meeting.connection.upstream.first_contact.auto_linking)));
    case FirstContactStep::create:
      return outcome_of(create(tx, meeting));
    case FirstContactStep::propose:
    case FirstContactStep::ask:
      return PendingContact{.login = meeting.login,
                            .identity = meeting.identity,
                            .decision = decision,
                            .proved_at = meeting.now,
                            .proposed = account.user ? account.user->id : UserId()};
    case FirstContactStep::refuse: return decision.incomplete ? incomplete() : nothing_allowed();
    case FirstContactStep::sign_in: break;
  }
  throw std::logic_error("a first meeting with somebody who is known");
}

std::expected<SyncedUser, upstream::UpstreamError> make_chosen_account(db::Transaction& tx, const Meeting& meeting,
                                                                       const PendingContact& pending) {
  const model::FirstContactOptions& options = meeting.connection.upstream.first_contact;
  const bool automatic = options.auto_creation && is_complete(options, meeting.mapped);
  if (!pending.decision.may_create || !(options.creation_allowed || automatic))
    return std::unexpected(not_allowed_now("isCreationAllowed"));
  if (!is_complete(options, meeting.mapped)) return std::unexpected(incomplete());
  if (store::UserStore(tx, meeting.connection.tenant)
          .find_by_identity(meeting.connection.id, meeting.identity.subject))
    return std::unexpected(taken());
  return create(tx, meeting);
}

std::expected<SyncedUser, upstream::UpstreamError> link_proved_account(db::Transaction& tx, const Meeting& meeting,
                                                                       const PendingContact& pending,
                                                                       const UserId& user) {
  const model::FirstContactOptions& options = meeting.connection.upstream.first_contact;
  const bool proposed = !pending.proposed.empty() && options.auto_linking != model::AutoLinking::unspecified;
  if (!pending.decision.may_link || !(proposed || options.linking_allowed))
    return std::unexpected(not_allowed_now("isLinkingAllowed"));
  if (!pending.proposed.empty() && pending.proposed != user)
    return std::unexpected(refusal("RP-83", "the account is the one that was proposed", "the proposed account",
                                   "another account", "Sign in to the account that the page named.",
                                   "the sign-in belongs to another account"));
  return link(tx, meeting, user, "proved");
}

}  // namespace symbolon::login
