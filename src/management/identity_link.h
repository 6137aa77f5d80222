#pragma once

#include <expected>
#include <optional>
#include <string>
#include <variant>

#include "db/transaction.h"
#include "management/link_tokens.h"
#include "management/problem.h"
#include "model/user.h"

namespace symbolon::management {

/// An account as a link request names it.
struct AccountName {
  std::string provider;
  std::string user_id;        ///< `{connection name}|{subject}`; with `connection`, the subject alone will do
  ConnectionId connection;    ///< empty: the name in user_id decides
};

/// By name, or proved with an ID token.
using AccountQuestion = std::variant<AccountName, ProvenAccount>;

/// The user of whom that account is the primary identity; refused when nobody has it, it is linked already, or the proof
/// was made before the user's access was revoked (management-api §4.2).
std::expected<model::User, Problem> find_account(db::Transaction& tx, const TenantId& tenant,
                                                 const AccountQuestion& account);

/// The identities of `user` as somebody else's further identities: the first keeps its profile in profileData.
std::vector<model::Identity> as_linked(const model::User& user, Instant now);

/// A user of its own again, made from a linked identity and what its profileData kept.
model::User as_separate(const TenantId& tenant, const model::Identity& identity, Instant now);

}  // namespace symbolon::management
