#include "login/user_sync.h"

#include <array>
#include <boost/json.hpp>

#include "base/log.h"
#include "login/account_match.h"
#include "login/connection_end.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

constexpr std::array<std::string_view, 5> kRoots{"name", "nickname", "given_name", "family_name", "picture"};

upstream::UpstreamError not_provisioned() {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "RP-75";
  error.check = "the user exists already";
  error.expected = "a user that was provisioned before";
  error.received = "an unknown user";
  error.hint =
      "The connection creates nobody at login (set_user_root_attributes: never_on_login). Provision the user first, or "
      "choose on_first_login.";
  error.downstream = {model::OAuthCode::access_denied, "User is not provisioned for this connection", error.received};
  return error;
}

model::User new_user(const model::Connection& connection, const upstream::ProvenIdentity& identity,
                     const upstream::MappedProfile& mapped, Instant now, const std::string& ip) {
  const std::string strategy(to_string(connection.upstream.strategy));
  model::User user;
  user.tenant = connection.tenant;
  user.id = model::make_user_id(strategy, connection.name, identity.subject);
  user.profile = mapped.profile;
  user.email = mapped.email;
  user.email_verified = mapped.email_verified;
  user.username = mapped.username;
  user.created_at = user.updated_at = now;
  user.last_login = now;
  user.last_ip = ip;
  user.logins_count = 1;
  user.identities.push_back({connection.id, connection.name, strategy, identity.subject, {}, now});
  return user;
}

// What a login may change of a user.
struct Facts {
  std::string profile, email;
  bool email_verified = false;
  std::string username;

  friend bool operator==(const Facts&, const Facts&) = default;
};

Facts facts_of(const model::User& user) { return {user.profile, user.email, user.email_verified, user.username}; }

// Another account has the address proved, so taking it over would make both ambiguous.
bool is_anothers(db::Transaction& tx, const model::User& user, const std::string& email) {
  for (const model::User& other : store::UserStore(tx, user.tenant).find_by_email(email))
    if (other.id != user.id && other.email_verified) return true;
  return false;
}

// zitadel-idps §6.12: only what is not empty overwrites, a verified address never gives way to an unverified one, and
// the account keeps its username. By its address and username an account is found and linked, on the first provider's
// word (§7.2); so another provider sets neither, except an address for which it is trusted as well.
Facts add_known(db::Transaction& tx, const model::Connection& connection, const model::User& user,
                const upstream::MappedProfile& mapped, bool primary) {
  Facts facts = facts_of(user);
  const bool may_name = primary || (mapped.email_verified && may_vouch_for(connection, mapped.email));
  const bool better = mapped.email_verified || !user.email_verified;
  const bool differs = mapped.email != user.email || mapped.email_verified != user.email_verified;
  const bool changes = !mapped.email.empty() && may_name && better && differs;
  if (changes && is_anothers(tx, user, mapped.email)) {
    log::info("email_not_taken_over", {{"user_id", user.id.str()}, {"detail", "another account has it verified"}});
  } else if (changes) {
    facts.email = mapped.email;
    facts.email_verified = mapped.email_verified;
  }
  if (primary && facts.username.empty()) facts.username = mapped.username;
  facts.profile = add_to_profile(user.profile, mapped.profile, facts.email, facts.email_verified);
  return facts;
}

// The first identity of an account is what it came from.
bool is_primary(const model::User& user, const model::Connection& connection,
                const upstream::ProvenIdentity& identity) {
  return !user.identities.empty() && user.identities.front().connection == connection.id &&
         user.identities.front().subject == identity.subject;
}

}  // namespace

std::string add_to_profile(const std::string& stored, const std::string& mapped, const std::string& email,
                           bool email_verified) {
  boost::json::value kept = boost::json::parse(stored.empty() ? "{}" : stored);
  const boost::json::value fresh = boost::json::parse(mapped);
  boost::json::object& profile = kept.as_object();
  for (const auto& [name, value] : fresh.as_object()) {
    if (value.is_null() || (value.is_string() && value.get_string().empty())) continue;
    profile[name] = value;
  }
  if (email.empty()) profile.erase("email");
  else if (profile.contains("email")) profile["email"] = email;
  if (profile.contains("email_verified")) profile["email_verified"] = email_verified;
  return boost::json::serialize(profile);
}

std::string merge_profile(const std::string& stored, const std::string& mapped, model::RootAttributeSync sync) {
  if (sync == model::RootAttributeSync::on_each_login) return mapped;
  const boost::json::value before = boost::json::parse(stored.empty() ? "{}" : stored);
  boost::json::value after = boost::json::parse(mapped);
  for (const std::string_view root : kRoots) {
    after.as_object().erase(root);
    if (const auto* kept = before.as_object().if_contains(root)) after.as_object()[root] = *kept;
  }
  return boost::json::serialize(after);
}

std::expected<SyncedUser, upstream::UpstreamError> create_user(db::Transaction& tx,
                                                               const model::Connection& connection,
                                                               const model::OrganisationId& organisation,
                                                               const upstream::ProvenIdentity& identity,
                                                               const upstream::MappedProfile& mapped, Instant now,
                                                               const std::string& ip) {
  if (connection.upstream.root_sync == model::RootAttributeSync::never_on_login)
    return std::unexpected(not_provisioned());
  model::User user = new_user(connection, identity, mapped, now, ip);
  user.organisation = organisation;
  store::UserStore users(tx, connection.tenant);
  if (users.insert(user) == store::Insert::done) return SyncedUser{std::move(user), true};
  // Somebody whose connection was deleted under the same name, and whose turn to go has not come yet.
  if (remove_left_behind(tx, connection.tenant, user.id, now) && users.insert(user) == store::Insert::done)
    return SyncedUser{std::move(user), true};
  // The id is that of somebody whose connection was deleted and made anew under its name. Whether the new one speaks
  // of the same people nobody knows, so this is somebody else.
  user.id = model::make_user_id(to_string(connection.upstream.strategy), connection.name,
                                identity.subject + "|" + connection.id.str());
  if (users.insert(user) == store::Insert::done) return SyncedUser{std::move(user), true};
  throw db::DatabaseError("a user id is taken although its identity is unknown: " + user.id.str());
}

SyncedUser sync_user(db::Transaction& tx, const model::Connection& connection,
                     const upstream::ProvenIdentity& identity, const upstream::MappedProfile& mapped, model::User user,
                     Instant now, const std::string& ip) {
  store::UserStore users(tx, connection.tenant);
  const bool primary = is_primary(user, connection, identity);
  user.last_login = now;
  user.last_ip = ip;
  user.logins_count += 1;
  const Facts before = facts_of(user);
  Facts after = before;
  if (connection.upstream.first_contact.stated)
    after = connection.upstream.first_contact.auto_update ? add_known(tx, connection, user, mapped, primary) : before;
  else if (primary && connection.upstream.root_sync != model::RootAttributeSync::never_on_login)
    after = {merge_profile(user.profile, mapped.profile, connection.upstream.root_sync), mapped.email,
             mapped.email_verified, mapped.username};
  if (after == before) {
    users.record_login(user.id, now, ip);
    return {std::move(user), false};
  }
  user.profile = std::move(after.profile);
  user.email = std::move(after.email);
  user.email_verified = after.email_verified;
  user.username = std::move(after.username);
  user.updated_at = now;
  users.update(user);
  return {std::move(user), false};
}

}  // namespace symbolon::login
