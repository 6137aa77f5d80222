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

/// Finds the user of (connection, subject), creates it at a first contact, and brings its profile up to date as the
/// connection's set_user_root_attributes says (login-runtime §2.11). `known` is what admit() loaded. E-mail is never
/// a key here.
std::expected<SyncedUser, upstream::UpstreamError> sync_user(db::Transaction& tx, const model::Connection& connection,
                                                             const upstream::ProvenIdentity& identity,
                                                             const upstream::MappedProfile& mapped,
                                                             std::optional<model::User> known, Instant now,
                                                             const std::string& ip);

/// The profile of a known user after a login: everything as mapped now, except the five root attributes, which
/// `on_first_login` leaves as they are.
std::string merge_profile(const std::string& stored, const std::string& mapped, model::RootAttributeSync sync);

}  // namespace symbolon::login
