#include "flows/two_tenants.h"

#include "app/bootstrap.h"
#include "store/tenant_store.h"

namespace symbolon::flows {

namespace json = boost::json;

void TwoTenants::SetUp() {
  change_client(client_id, {{"grant_types", json::array{"authorization_code", "refresh_token"}}});
  run_task(memory->write([](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"pushed_authorization_requests_supported\":true}'");
  }));
  const auto made =
      run_task(app::create_tenant(db, TenantId("two-tenant"), {"https://two.example"}, random, clock.now()));
  ASSERT_TRUE(made) << made.error();
  run_task(memory->write([](db::Transaction& tx) {
    for (const std::string table : {"clients", "client_origins", "connections", "connection_clients",
                                    "connection_domains", "connection_realms"})
      copy(tx, table);
    store::Domain custom;
    custom.host = "login.shop.example";
    custom.base_url = "https://login.shop.example";
    custom.tenant = TenantId("default");
    custom.id = "cd_custom";
    custom.verified_at = Instant{};
    custom.doc = "{}";
    store::TenantStore(tx).insert_domain(custom);
  }));
  run_task(sites->reload());
}

void TwoTenants::copy(db::Transaction& tx, const std::string& table) {
  std::string columns, values;
  for (const auto& row : tx.query("SELECT name FROM pragma_table_info(?1)", {table})) {
    const std::string name(row.text(0));
    if (name == "tenant") continue;
    columns += ", " + name;
    values += name == "seq" ? ", seq + 1000" : ", " + name;  // beyond the numbers that the tenant gives by itself
  }
  const std::string distinct = table == "clients" ? " AND is_global = 0" : "";
  tx.execute("INSERT INTO " + table + " (tenant" + columns + ") SELECT 'two-tenant'" + values + " FROM " + table +
             " WHERE tenant = 'default'" + distinct);
}

void TwoTenants::copy_people() {
  run_task(memory->write([](db::Transaction& tx) {
    for (const std::string table : {"users", "identities"}) copy(tx, table);
  }));
}

}  // namespace symbolon::flows
