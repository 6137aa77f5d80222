#include "login/account_match.h"

#include <algorithm>

#include "base/text.h"
#include "login/admission.h"
#include "login/home_realm.h"
#include "store/connection_store.h"
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

bool is_trusted(const model::Connection& connection, model::AutoLinking by, const std::string& email) {
  return by == model::AutoLinking::email ? may_vouch_for(connection, email)
                                         : connection.upstream.first_contact.trust_username;
}

// What is known of an account came with its first identity, so that provider vouches for it, and must be as trusted.
bool is_vouched_for(db::Transaction& tx, const model::User& user, model::AutoLinking by) {
  if (user.identities.empty()) return false;
  const auto source = store::ConnectionStore(tx, user.tenant).find(user.identities.front().connection);
  return source && is_trusted(*source, by, user.email);
}

// The provider itself says that these are two people: an address that was given to somebody else, for example.
bool is_known_otherwise(const model::User& user, const model::Connection& connection) {
  return std::ranges::any_of(user.identities,
                             [&](const model::Identity& one) { return one.connection == connection.id; });
}

}  // namespace

FoundAccount find_account(db::Transaction& tx, const model::Client& client, const model::OrganisationId& organisation,
                          const model::Connection& connection, const upstream::MappedProfile& mapped) {
  auto found = candidates(tx, connection, mapped);
  std::erase_if(found, [&](const model::User& user) {
    return is_known_otherwise(user, connection) ||
           !admit_home(tx, connection.tenant, client, connection.id, user.organisation, organisation);
  });
  if (found.empty()) return {};
  if (found.size() > 1) return {.match = AccountMatch::several, .user = {}};
  const model::FirstContactOptions& options = connection.upstream.first_contact;
  FoundAccount account{.match = AccountMatch::one, .user = std::move(found.front())};
  account.safe = is_trusted(connection, options.auto_linking, mapped.email) && is_vouched_for(tx, *account.user, options.auto_linking) &&
                 store::OrganisationStore(tx, connection.tenant).memberships_of(account.user->id.str()).empty();
  return account;
}

// A provider's word holds in the domains that are its customer's: trust without an end would let one customer's provider
// take another's accounts.
bool may_vouch_for(const model::Connection& connection, const std::string& email) {
  const model::FirstContactOptions& options = connection.upstream.first_contact;
  const auto& domains =
      options.trusted_email_domains.empty() ? connection.domain_aliases : options.trusted_email_domains;
  const auto domain = domain_of(email);
  return options.trust_email && domain && contains(domains, *domain);
}

bool is_complete(const model::FirstContactOptions& options, const upstream::MappedProfile& mapped) {
  return !options.stated || !mapped.email.empty();
}

}  // namespace symbolon::login
