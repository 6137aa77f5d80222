#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "db/transaction.h"
#include "model/connection.h"
#include "model/user.h"
#include "upstream/claims_mapping.h"
#include "upstream/relying_party.h"
#include "upstream/upstream_error.h"

namespace symbolon::login {

struct SyncedUser {
  model::User user;
  bool created = false;
};

/// Makes the user of (connection, subject). That one may be made was decided before; here only never_on_login refuses
/// (login-runtime RP-75).
std::expected<SyncedUser, upstream::UpstreamError> create_user(db::Transaction& tx,
                                                               const model::Connection& connection,
                                                               const model::OrganisationId& organisation,
                                                               const upstream::ProvenIdentity& identity,
                                                               const upstream::MappedProfile& mapped, Instant now,
                                                               const std::string& ip);

/// Counts a login of `user` and brings the profile up to date: as set_user_root_attributes says if this is the first
/// identity of the account (login-runtime §2.11), or, where provider options were given, as their isAutoUpdate says for
/// any of them (zitadel-idps §6.12). What was told last wins, but the e-mail address is the first provider's unless
/// may_vouch_for() lets another one name it, and the username is the first one's alone.
SyncedUser sync_user(db::Transaction& tx, const model::Connection& connection,
                     const upstream::ProvenIdentity& identity, const upstream::MappedProfile& mapped, model::User user,
                     Instant now, const std::string& ip);

/// `stored` with everything in `mapped` that is not empty; the address is the one that the account keeps, if any.
std::string add_to_profile(const std::string& stored, const std::string& mapped, const std::string& email,
                           bool email_verified);

/// The profile of a known user after a login: everything as mapped now, except the five root attributes, which
/// `on_first_login` leaves as they are.
std::string merge_profile(const std::string& stored, const std::string& mapped, model::RootAttributeSync sync);

}  // namespace symbolon::login
