#include "login/account_match.h"

#include <gtest/gtest.h>

#include "db/database.h"
#include "store/client_store.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "store/organisation_store.h"
#include "store/user_store.h"
#include "support/run_task.h"

namespace symbolon::login {
namespace {

using model::AutoLinking;

const TenantId kTenant{"default"};
const Instant kNow = from_epoch_seconds(1'700'000'000);

// An account at `old`, whose person comes by `fresh` for the first time. Everything is trusted and verified; each test
// spoils one thing.
struct People {
  model::Connection old, fresh;
  model::User user;
  upstream::MappedProfile mapped;
};

class AccountMatching : public People, public testing::Test {
 protected:
  AccountMatching() {
    client.tenant = kTenant;
    client.id = ClientId("app");
    client.doc = R"({"client_id":"app","name":"app"})";
    for (model::Connection* one : {&old, &fresh}) {
      one->tenant = kTenant;
      one->doc = one->options = "{}";
      one->upstream.first_contact = {.auto_linking = AutoLinking::email,
                                     .trust_email = true,
                                     .trust_username = true,
                                     .stated = true,
                                     .trusted_email_domains = {"customer.example"}};
    }
    old.id = ConnectionId("con_old");
    old.name = "old";
    fresh.id = ConnectionId("con_fresh");
    fresh.name = "fresh";
    user.tenant = kTenant;
    user.id = UserId("oidc|old|ada");
    user.profile = "{}";
    user.email = "Ada@Customer.example";
    user.email_verified = true;
    user.username = "ada";
    user.identities.push_back({old.id, "old", "oidc", "ada", "", kNow});
    mapped.email = "ada@customer.example";
    mapped.email_verified = true;
    mapped.username = "ADA";
    mapped.profile = "{}";
  }

  FoundAccount find() {
    auto database = db::open_database("sqlite::memory:");
    return run_task(database->write([&](db::Transaction& tx) {
      store::ClientStore(tx, kTenant).insert(client);
      store::ConnectionStore connections(tx, kTenant);
      for (const model::Connection& one : {old, fresh}) {
        connections.insert(one);
        connections.enable(one.id, client.id);
      }
      store::UserStore users(tx, kTenant);
      users.insert(user);
      for (const model::User& one : more) users.insert(one);
      if (arrange) arrange(tx);
      return find_account(tx, client, organisation, fresh, mapped);
    }));
  }
  bool is_safe() {
    const FoundAccount found = find();
    return found.match == AccountMatch::one && found.safe;
  }

  model::Client client;
  std::vector<model::User> more;
  model::OrganisationId organisation;
  std::function<void(db::Transaction&)> arrange;
};

struct Spoiled {
  const char* name;
  void (*spoil)(People&);
  AccountMatch match;
  bool safe;
};

const Spoiled kByEmail[] = {
    {"nothing", [](People&) {}, AccountMatch::one, true},
    {"not verified there", [](People& p) { p.mapped.email_verified = false; }, AccountMatch::none, false},
    {"not verified here", [](People& p) { p.user.email_verified = false; }, AccountMatch::none, false},
    {"no address there", [](People& p) { p.mapped.email = p.user.email = ""; }, AccountMatch::none, false},
    {"not searched", [](People& p) { p.fresh.upstream.first_contact.auto_linking = AutoLinking::unspecified; },
     AccountMatch::none, false},
    {"known there under another subject",
     [](People& p) { p.user.identities.push_back({p.fresh.id, "fresh", "oidc", "other", "", {}}); }, AccountMatch::none,
     false},
    {"the new provider is not trusted", [](People& p) { p.fresh.upstream.first_contact.trust_email = false; },
     AccountMatch::one, false},
    {"the old provider is not trusted", [](People& p) { p.old.upstream.first_contact.trust_email = false; },
     AccountMatch::one, false},
    {"the new one is trusted for another domain",
     [](People& p) { p.fresh.upstream.first_contact.trusted_email_domains = {"other.example"}; }, AccountMatch::one,
     false},
    {"the old one is trusted for another domain",
     [](People& p) { p.old.upstream.first_contact.trusted_email_domains = {"other.example"}; }, AccountMatch::one, false},
    {"trusted for the parent domain only",
     [](People& p) { p.fresh.upstream.first_contact.trusted_email_domains = {"example"}; }, AccountMatch::one, false},
    {"trusted for a subdomain only",
     [](People& p) { p.fresh.upstream.first_contact.trusted_email_domains = {"a.customer.example"}; }, AccountMatch::one,
     false},
    {"trusted without a domain",
     [](People& p) { p.fresh.upstream.first_contact.trusted_email_domains.clear(); }, AccountMatch::one, false},
    {"the connection's own domain instead",
     [](People& p) {
       p.fresh.upstream.first_contact.trusted_email_domains.clear();
       p.fresh.domain_aliases = {"customer.example"};
     },
     AccountMatch::one, true},
    {"another own domain instead",
     [](People& p) {
       p.fresh.upstream.first_contact.trusted_email_domains.clear();
       p.fresh.domain_aliases = {"other.example"};
     },
     AccountMatch::one, false},
    {"domains without trust",
     [](People& p) {
       p.fresh.upstream.first_contact.trust_email = false;
       p.fresh.domain_aliases = {"customer.example"};
     },
     AccountMatch::one, false},
    {"a listed domain goes before the connection's own",
     [](People& p) {
       p.fresh.upstream.first_contact.trusted_email_domains = {"other.example"};
       p.fresh.domain_aliases = {"customer.example"};
     },
     AccountMatch::one, false},
};

TEST_F(AccountMatching, T7ATrustedProviderSpeaksForItsOwnDomains) {
  for (const Spoiled& row : kByEmail) {
    SCOPED_TRACE(row.name);
    const People before = *this;
    row.spoil(*this);
    const FoundAccount found = find();
    EXPECT_EQ(found.match, row.match);
    EXPECT_EQ(found.safe, row.safe);
    static_cast<People&>(*this) = before;
  }
}

TEST_F(AccountMatching, ByUsernameItIsTheOtherTrust) {
  old.upstream.first_contact.auto_linking = fresh.upstream.first_contact.auto_linking = AutoLinking::username;
  mapped.email = "";
  EXPECT_TRUE(is_safe());
  old.upstream.first_contact.trust_username = false;
  EXPECT_FALSE(is_safe());
  old.upstream.first_contact.trust_username = true;
  fresh.upstream.first_contact.trust_username = false;
  EXPECT_FALSE(is_safe());
  mapped.username = user.username = "";
  EXPECT_EQ(find().match, AccountMatch::none) << "an empty name is nobody's";
}

TEST_F(AccountMatching, SeveralAreNone) {
  model::User second = user;
  second.id = UserId("oidc|old|eve");
  second.identities.front().subject = "eve";
  more.push_back(second);
  EXPECT_EQ(find().match, AccountMatch::several);
}

TEST_F(AccountMatching, AnAdministratorIsNeverSafe) {
  arrange = [&](db::Transaction& tx) {
    store::OrganisationStore(tx, kTenant).put_membership({user.id.str(), {}, {"IAM_OWNER_VIEWER"}, kNow}, false);
  };
  EXPECT_FALSE(is_safe());
}

// CVE-2025-64717: the organisation of the account decides, too.
TEST_F(AccountMatching, T4AnAccountWhoseOrganisationDoesNotOfferTheProviderIsNotFound) {
  user.organisation = model::OrganisationId("7");
  bool offered = true;
  arrange = [&](db::Transaction& tx) {
    store::OrganisationStore(tx, kTenant).insert({.tenant = kTenant, .id = user.organisation, .name = "Acme"});
    store::LoginPolicyStore policies(tx, kTenant);
    policies.insert({.tenant = kTenant, .owner = user.organisation, .doc = "{}"});
    if (offered) policies.add_provider(user.organisation, fresh.id);
  };
  EXPECT_TRUE(is_safe());
  organisation = user.organisation;
  EXPECT_TRUE(is_safe());
  organisation = model::OrganisationId("8");
  EXPECT_EQ(find().match, AccountMatch::none) << "another one was requested";
  organisation = {};
  offered = false;
  EXPECT_EQ(find().match, AccountMatch::none);
}

}  // namespace
}  // namespace symbolon::login
