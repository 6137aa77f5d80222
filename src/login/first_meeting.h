#pragma once

#include <variant>

#include "db/transaction.h"
#include "login/pending_contact.h"
#include "login/user_sync.h"
#include "model/client.h"
#include "model/connection.h"
#include "upstream/claims_mapping.h"

namespace symbolon::login {

/// What a unit of work knows of a person whom it meets for the first time.
struct Meeting {
  const model::Client& client;
  const model::Connection& connection;
  const tickets::LoginTicket& login;
  const upstream::ProvenIdentity& identity;
  const upstream::MappedProfile& mapped;
  Instant now;
  const std::string& ip;
};

/// What comes of it: a user, made or found; a question to the person; or a refusal. Nothing is written for the last two.
using MeetingOutcome = std::variant<SyncedUser, PendingContact, upstream::UpstreamError>;

/// Decides by the table of login/first_contact.h, with the connection as it is in this transaction (threats T4).
MeetingOutcome meet(db::Transaction& tx, const Meeting& meeting);

/// The person chose a new account; `mapped` holds their changes. Refused when the provider's options do not allow it any
/// more.
std::expected<SyncedUser, upstream::UpstreamError> make_chosen_account(db::Transaction& tx, const Meeting& meeting,
                                                                       const PendingContact& pending);

/// The person signed in to `user` and wants the identity added to it. An identity never moves (§7.2 rule 6).
std::expected<SyncedUser, upstream::UpstreamError> link_proved_account(db::Transaction& tx, const Meeting& meeting,
                                                                       const PendingContact& pending,
                                                                       const UserId& user);

}  // namespace symbolon::login
