#include "login/account_match.h"

#include "store/organisation_store.h"
#include "store/user_store.h"

namespace symbolon::login {
namespace {

std::vector<model::User> candidates(db::Transaction& tx, const model::Connection& connection,
                                    const upstream::MappedProfile& mapped) {
  store::UserStore users(tx, connection.tenant);
  switch (connection.upstream.first_contact.auto_linking) {
    case model::AutoLinking::unspecified: return {};
    case model::AutoLinking::username: return users.find_by_username(mapped.username);
    case model::AutoLinking::email: {
      if (!mapped.email_verified) return {};
      auto found = users.find_by_email(mapped.email);
      // A squatter's account with somebody else's address waits for its owner in vain (§7.2 rule 7).
      std::erase_if(found, [](const model::User& user) { return !user.email_verified; });
      return found;
    }
  }
  return {};
}

}  // namespace

FoundAccount find_account(db::Transaction& tx, const model::Connection& connection,
                          const upstream::MappedProfile& mapped) {
  auto found = candidates(tx, connection, mapped);
  if (found.empty()) return {};
  if (found.size() > 1) return {.match = AccountMatch::several, .user = {}};
  const model::FirstContactOptions& options = connection.upstream.first_contact;
  const bool trusted =
      options.auto_linking == model::AutoLinking::email ? options.trust_email : options.trust_username;
  FoundAccount account{.match = AccountMatch::one, .user = std::move(found.front())};
  account.safe = trusted &&
                 store::OrganisationStore(tx, connection.tenant).memberships_of(account.user->id.str()).empty();
  return account;
}

bool is_complete(const model::FirstContactOptions& options, const upstream::MappedProfile& mapped) {
  return !options.stated || !mapped.email.empty();
}

}  // namespace symbolon::login
