#include "login/user_sync.h"

#include <array>
#include <boost/json.hpp>

#include "store/user_store.h"

namespace symbolon::login {
namespace {

constexpr std::array<std::string_view, 5> kRoots{"name", "nickname", "given_name", "family_name", "picture"};

upstream::UpstreamError creation_refused(const model::FirstContactOptions& options) {
  upstream::UpstreamError error;
  error.step = "admission";
  error.rule = "RP-83";
  error.check = "the connection may create users";
  error.expected = "isAutoCreation";
  error.received = options.creation_allowed ? "creation by hand only" : "no creation";
  error.hint = "Allow automatic creation in the provider's options, or create and link the user first.";
  error.downstream = {model::OAuthCode::access_denied, "account creation and linking are disabled", error.received};
  return error;
}

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

}  // namespace

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

std::expected<SyncedUser, upstream::UpstreamError> sync_user(db::Transaction& tx, const model::Connection& connection,
                                                             const upstream::ProvenIdentity& identity,
                                                             const upstream::MappedProfile& mapped,
                                                             std::optional<model::User> known, Instant now,
                                                             const std::string& ip) {
  store::UserStore users(tx, connection.tenant);
  if (!known) {
    if (connection.upstream.root_sync == model::RootAttributeSync::never_on_login)
      return std::unexpected(not_provisioned());
    if (!connection.upstream.first_contact.auto_creation)
      return std::unexpected(creation_refused(connection.upstream.first_contact));
    model::User user = new_user(connection, identity, mapped, now, ip);
    if (users.insert(user) == store::Insert::done) return SyncedUser{std::move(user), true};
    throw db::DatabaseError("a user id is taken although its identity is unknown: " + user.id.str());
  }

  model::User user = std::move(*known);
  // A linked account keeps the profile of its primary identity; a login through another one only counts.
  const bool primary = !user.identities.empty() && user.identities.front().connection == connection.id &&
                       user.identities.front().subject == identity.subject;
  user.last_login = now;
  user.last_ip = ip;
  user.logins_count += 1;
  const bool follows = primary && connection.upstream.root_sync != model::RootAttributeSync::never_on_login;
  std::string profile =
      follows ? merge_profile(user.profile, mapped.profile, connection.upstream.root_sync) : user.profile;
  const bool same = profile == user.profile && user.email == mapped.email &&
                    user.email_verified == mapped.email_verified && user.username == mapped.username;
  if (!follows || same) {
    users.record_login(user.id, now, ip);
    return SyncedUser{std::move(user), false};
  }
  user.profile = std::move(profile);
  user.email = mapped.email;
  user.email_verified = mapped.email_verified;
  user.username = mapped.username;
  user.updated_at = now;
  users.update(user);
  return SyncedUser{std::move(user), false};
}

}  // namespace symbolon::login
