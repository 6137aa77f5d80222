// What migration 0007 makes of a database in which policies and people had no organisations yet.
#include <algorithm>

#include "db/migration.h"
#include "store/organisation_store.h"
#include "store/store_test.h"
#include "support/fake_clock.h"

namespace symbolon::store {
namespace {

TEST(OrganisationsMigration, TellsWhatAPolicyOfferedFromWhatWasEnabledByHand) {
  TemporaryFolder folder;
  const std::string location = "sqlite:" + (folder / "old.db").string();
  const auto steps = db::built_in_migrations();
  const auto before = std::ranges::find(steps, 7, &db::Migration::version) - steps.begin();
  {
    FakeClock clock;
    const auto old = db::open_database(location, steps.first(static_cast<std::size_t>(before)), clock);
    run_task(old->write([](db::Transaction& tx) {
      // In `own` the default organisation has a policy of its own, in `shared` the instance's holds, in `off` it offers
      // no providers.
      for (const char* tenant : {"own", "shared", "off"}) {
        tx.execute("INSERT INTO organisations VALUES (?1, 'o', 1, 'My Org', 1, 1, 0, 0)", {tenant});
        tx.execute("INSERT INTO organisations VALUES (?1, 'p', 2, 'a.dotted.name', 0, 1, 0, 0)", {tenant});
        tx.execute("INSERT INTO login_policies VALUES (?1, '', ?2, '{}', 1, 0, 0)",
                   {tenant, std::string_view(tenant) != "off"});
        tx.execute("INSERT INTO login_policy_providers VALUES (?1, '', 'of the instance', 1)", {tenant});
        for (const char* connection : {"of the instance", "of the organisation", "by hand"})
          tx.execute("INSERT INTO connection_clients VALUES (?1, 'app', ?2, 1)", {tenant, connection});
      }
      tx.execute("INSERT INTO login_policies VALUES ('own', 'o', 1, '{}', 1, 0, 0)");
      tx.execute("INSERT INTO login_policy_providers VALUES ('own', 'o', 'of the organisation', 1)");
    }));
  }
  const auto database = db::open_database(location);
  run_task(database->read([](db::Transaction& tx) {
    const auto by_policy = [&](const char* tenant) {
      std::string names;
      for (const db::Row& row : tx.query("SELECT connection_id, by_hand, by_policy FROM connection_clients"
                                         " WHERE tenant = ?1 ORDER BY connection_id",
                                         {tenant})) {
        EXPECT_NE(row.integer(1), row.integer(2)) << row.text(0);
        if (row.flag(2)) names += row.text(0) + ",";
      }
      return names;
    };
    EXPECT_EQ(by_policy("own"), "of the organisation,");
    EXPECT_EQ(by_policy("shared"), "of the instance,");
    EXPECT_EQ(by_policy("off"), "");
    OrganisationStore organisations(tx, TenantId("own"));
    EXPECT_EQ(organisations.find_by_domain_label("my-org")->id.str(), "o");
    EXPECT_EQ(organisations.find(model::OrganisationId("p"))->domain_label, "");
  }));
}

}  // namespace
}  // namespace symbolon::store
