#include "store/connection_store.h"
#include "store/store_test.h"

namespace symbolon::store {
namespace {

class ConnectionsByIssuerTest : public StoreTest {
 protected:
  static void add(ConnectionStore& connections, const std::string& id, const std::string& issuer) {
    model::Connection connection;
    connection.tenant = kTenant;
    connection.id = ConnectionId(id);
    connection.name = id;
    connection.realms = {id};
    connection.upstream.issuer = issuer;
    connection.upstream.token_endpoint = "https://elsewhere.example";
    ASSERT_EQ(connections.insert(connection), Insert::done);
  }
};

TEST_P(ConnectionsByIssuerTest, ComparesExactly) {
  write([&](db::Transaction& tx) {
    ConnectionStore connections(tx, kTenant);
    add(connections, "plain", "https://idp.example");
    add(connections, "slash", "https://idp.example/");
    add(connections, "under_score", "https://idp.example/a_b");
    add(connections, "letter", "https://idp.example/axb");
    add(connections, "percent", "https://idp.example/100%25");
    add(connections, "twin", "https://idp.example");
    const auto names = [&](std::string_view issuer) {
      std::string text;
      for (const auto& one : connections.list_with_issuer(issuer)) text += one.name + " ";
      return text;
    };
    EXPECT_EQ(names("https://idp.example"), "plain twin ");
    EXPECT_EQ(names("https://idp.example/"), "slash ");
    EXPECT_EQ(names("https://idp.example/a_b"), "under_score ");
    EXPECT_EQ(names("https://idp.example/100%25"), "percent ");
    for (const char* unknown : {"", "%", "https://idp%example", "HTTPS://IDP.EXAMPLE", "https://idp.exampl", "\\", "\"",
                                "https://elsewhere.example"})
      EXPECT_EQ(names(unknown), "") << unknown;
  });
  read([&](db::Transaction& tx) {
    EXPECT_TRUE(ConnectionStore(tx, TenantId("other")).list_with_issuer("https://idp.example").empty());
  });
}

INSTANTIATE_TEST_SUITE_P(Drivers, ConnectionsByIssuerTest, all_drivers(), driver_name);

}  // namespace
}  // namespace symbolon::store
