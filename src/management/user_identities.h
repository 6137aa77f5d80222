#pragma once

#include "management/api.h"
#include "management/identity_link.h"
#include "management/link_tokens.h"
#include "management/services.h"
#include "management/session_end.h"

namespace symbolon::management {

/// /api/v2/users/{id}/identities: linking two accounts into one user, and taking one away again (management-api §4.2).
class UserIdentities {
 public:
  UserIdentities(const Services& services, SessionEnd& ending, LinkTokens& tokens)
      : services_(services), ending_(ending), tokens_(tokens) {}

  void register_on(Api& api);

 private:
  Task<Answer> link(Call call);
  Task<Answer> unlink(Call call);
  /// The user after the link.
  std::expected<model::User, Problem> join(db::Transaction& tx, const Call& call, const AccountQuestion& account,
                                           Instant now);
  /// The user after the account has been taken away.
  std::expected<model::User, Problem> separate(db::Transaction& tx, const Call& call, Instant now);
  /// Ends what was signed in through an identity that is no longer the user's.
  void end_sessions_through(db::Transaction& tx, const Call& call, const UserId& user, const model::Identity& identity,
                            Instant now);

  const Services& services_;
  SessionEnd& ending_;
  LinkTokens& tokens_;
};

}  // namespace symbolon::management
