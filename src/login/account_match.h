#pragma once

#include <optional>

#include "db/transaction.h"
#include "login/first_contact.h"
#include "model/client.h"
#include "model/connection.h"
#include "model/user.h"
#include "upstream/claims_mapping.h"

namespace symbolon::login {

struct FoundAccount {
  AccountMatch match = AccountMatch::none;
  std::optional<model::User> user;  ///< with `one`
  bool safe = false;                ///< see FirstContactFacts::match_is_safe
};

/// Searches for the account that the connection's auto_linking means (zitadel-idps §6.9, §7.2). An e-mail address counts
/// only when it is verified at both ends, an empty attribute is never searched, and what the operator did not declare
/// trustworthy for both providers, or leads to an administrator, is never safe. Accounts that the connection
/// knows under another subject are not searched, nor those of another organisation than the one that the request names
/// (empty: none), or whose own does not offer the connection.
FoundAccount find_account(db::Transaction& tx, const model::Client& client, const model::OrganisationId& organisation,
                          const model::Connection& connection, const upstream::MappedProfile& mapped);

/// Whether the provider's word on `email` counts for accounts that are not its own: the operator trusts it, and in the
/// address's domain (zitadel-idps §7.2, threats T7).
bool may_vouch_for(const model::Connection& connection, const std::string& email);

/// Whether enough is known to make a user: with provider options, an e-mail address (§6.9 "Creation fails when").
bool is_complete(const model::FirstContactOptions& options, const upstream::MappedProfile& mapped);

}  // namespace symbolon::login
