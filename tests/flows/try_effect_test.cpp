#include <gtest/gtest.h>

#include "flows/world.h"
#include "store/ticket_store.h"
#include "tickets/try_link.h"

namespace symbolon::flows {
namespace {

using model::FirstContactOptions;

/// A test of `acme` by somebody whom nobody has seen there, but who has an account by `front`.
class TryEffect : public World, public testing::Test {
 protected:
  TryEffect() {
    arrive(depart("front"), "front");
    cookies.clear();
  }
  // The page that a test ends at when `acme` has these options.
  std::string would(const FirstContactOptions& options) {
    set("acme", options);
    const tickets::TryLink link = tickets::make_try_link(random);
    run_task(db.write([&](db::Transaction& tx) {
      const auto row = tx.query_one("SELECT id FROM connections WHERE name = 'acme'");
      const tickets::TryOrder order{ConnectionId(std::string(row->text(0))), ClientId(client_id),
                                    clock.now() + tickets::kTryLinkLifetime};
      store::TicketStore(tx, TenantId("default"))
          .insert({.kind = store::TicketKind::try_connection,
                   .hash = tickets::try_order_hash(link.report_id),
                   .subject = order.connection.str(),
                   .doc = to_document(order),
                   .created_at = clock.now(),
                   .expires_at = clock.now() + tickets::kTryLifetime,
                   .used_at = {}});
    }));
    return arrive(parameters(get("/try/" + link.ticket)), "acme").body;
  }
  void set(const std::string& connection, const FirstContactOptions& options) {
    change_connection(connection, [&](auto& one) { one.upstream.first_contact = options; });
  }

  FirstContactOptions strict{.linking_allowed = false,
                             .creation_allowed = false,
                             .auto_creation = true,
                             .auto_linking = model::AutoLinking::email,
                             .stated = true};
};

// login-runtime DB-3: the rules of linking are evaluated and told, and nobody is linked.
TEST_F(TryEffect, NamesTheAccountThatAutoLinkingFinds) {
  const std::string proposes = would(strict);
  EXPECT_TRUE(proposes.contains("say that there is an account already")) << proposes;
  EXPECT_TRUE(proposes.contains("oidc|front|ada")) << proposes;
  EXPECT_FALSE(proposes.contains("oidc|acme|ada"));

  FirstContactOptions trusting = strict;
  trusting.trust_email = true;
  trusting.trusted_email_domains = {"idp.example"};
  set("front", trusting);
  EXPECT_TRUE(would(trusting).contains("add this identity to the account that was found"));
  EXPECT_EQ(count("users"), 1);
  EXPECT_EQ(count("identities"), 1);
}

TEST_F(TryEffect, SaysWhatHappensToSomebodyNew) {
  FirstContactOptions options = strict;
  options.auto_linking = model::AutoLinking::unspecified;
  EXPECT_TRUE(would(options).contains("create the user"));
  EXPECT_TRUE(would({}).contains("create the user")) << "without provider options";

  more_claims["email"] = nullptr;
  EXPECT_TRUE(would(options).contains("be refused: the provider told no e-mail address"));
  options.creation_allowed = true;
  EXPECT_TRUE(would(options).contains("ask the person whether to create or link"));
  options.creation_allowed = options.auto_creation = false;
  EXPECT_TRUE(would(options).contains("may neither create nor link"));
  EXPECT_EQ(count("users"), 1);
}

}  // namespace
}  // namespace symbolon::flows
