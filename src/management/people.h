#pragma once

#include "management/logs.h"
#include "management/refresh_tokens.h"
#include "management/sessions.h"
#include "management/signing_keys.h"
#include "management/user_changes.h"
#include "management/user_identities.h"
#include "management/user_lists.h"
#include "management/users.h"

namespace symbolon::management {

/// The resources around people, wired together once: users, identities, sessions, refresh tokens, logs and the keys that
/// their tokens are signed with.
class People {
 public:
  People(const Services& services, SessionEnd& ending, TenantKeys& keys, LinkTokens& link_tokens)
      : users_(services),
        changes_(services, ending),
        identities_(services, ending, link_tokens),
        lists_(services),
        sessions_(services, ending),
        refresh_tokens_(services),
        logs_(services),
        signing_keys_(services, keys) {}

  void register_on(Api& api) {
    users_.register_on(api);
    changes_.register_on(api);
    identities_.register_on(api);
    lists_.register_on(api);
    sessions_.register_on(api);
    refresh_tokens_.register_on(api);
    logs_.register_on(api);
    signing_keys_.register_on(api);
  }

 private:
  Users users_;
  UserChanges changes_;
  UserIdentities identities_;
  UserLists lists_;
  Sessions sessions_;
  RefreshTokens refresh_tokens_;
  Logs logs_;
  SigningKeys signing_keys_;
};

}  // namespace symbolon::management
