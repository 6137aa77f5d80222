#include "management/management_test.h"

// /api/v2/connections/{id}/clients (management-api §2.11, §9 check 4).
namespace symbolon::management {
namespace {

namespace json = boost::json;

class ConnectionClientsTest : public ManagementTest {
 protected:
  std::string path_ = "/connections/" + make_connection("corp") + "/clients";

  Reply change(const json::array& items) { return patch(path_, json::serialize(items)); }
  static json::object item(const std::string& client, bool status = true) {
    return {{"client_id", client}, {"status", status}};
  }
  std::vector<std::string> enabled() {
    std::vector<std::string> ids;
    const json::value clients = get(path_).at("/clients");
    for (const json::value& client : clients.get_array())
      ids.emplace_back(client.at("client_id").get_string());
    return ids;
  }
};

TEST_F(ConnectionClientsTest, OneSetWhicheverWayItIsEdited) {
  const std::string a = make_client("a"), b = make_client("b");
  EXPECT_EQ(change({item(a), item(b)}).status, 204);
  EXPECT_THAT(enabled(), testing::UnorderedElementsAre(a, b));
  EXPECT_EQ(change({item(a), item(b)}).status, 204) << "the present state again changes nothing";
  EXPECT_EQ(change({item(a, false)}).status, 204);
  EXPECT_THAT(enabled(), testing::ElementsAre(b));
  const std::string connection = path_.substr(0, path_.rfind('/'));
  EXPECT_EQ(get(connection).at("/enabled_clients"), json::value(json::array{b}));
  patch(connection, R"({"enabled_clients":[")" + a + R"("]})");
  EXPECT_THAT(enabled(), testing::ElementsAre(a));
  remove("/clients/" + a);
  EXPECT_THAT(enabled(), testing::ElementsAre());
}

// What is shown of a connection changes with its enabled clients, whoever changes them; so does its ETag.
TEST_F(ConnectionClientsTest, ClientsThatComeAndGoMakeNewVersions) {
  const auto etag = [&](const std::string& id) { return std::string(get("/connections/" + id).headers.get("ETag")); };
  const std::string used = make_connection("used"), unused = make_connection("unused");
  const std::string client = make_client("leaving");
  patch("/connections/" + used + "/clients", R"([{"client_id":")" + client + R"(","status":true}])");
  const std::string before = etag(used), other = etag(unused);
  EXPECT_EQ(remove("/clients/" + client).status, 204);
  EXPECT_NE(etag(used), before);
  EXPECT_EQ(etag(unused), other) << "nothing about it changed";
  EXPECT_EQ(get("/connections/" + used).at("/enabled_clients"), boost::json::value(boost::json::array{}));

  const std::string without = etag(used);
  make_client("not enabled anywhere");
  EXPECT_EQ(etag(used), without);
  change_tenant(R"({"flags":{"enable_client_connections":true}})");
  make_client("enabled everywhere");
  EXPECT_NE(etag(used), without);
  EXPECT_NE(etag(unused), other);
  http::Headers based_on;
  based_on.set("If-Match", without);
  const Reply stale = send({"PATCH", "/connections/" + used, R"({"display_name":"x"})", full_token(), based_on});
  EXPECT_EQ(stale.status, 412);
}

TEST_F(ConnectionClientsTest, AllOrNothing) {
  const std::string known = make_client("known");
  const Reply refused = change({item(known), item("nobody")});
  EXPECT_EQ(refused.status, 404);
  EXPECT_EQ(refused.at("/errorCode"), "inexistent_client");
  EXPECT_EQ(refused.message(), "The client does not exist");
  EXPECT_THAT(enabled(), testing::ElementsAre());
}

TEST_F(ConnectionClientsTest, TakesOneToFiftyItems) {
  json::array items;
  for (int i = 0; i < 50; ++i) items.push_back(item(make_client("c" + std::to_string(i))));
  EXPECT_EQ(change(items).status, 204);
  items.push_back(item(make_client("one more")));
  EXPECT_EQ(change(items).message(), "Payload validation error: 'Array is too long (51), maximum 50'.");
  EXPECT_EQ(change({}).message(), "Payload validation error: 'Array is too short (0), minimum 1'.");
  EXPECT_EQ(enabled().size(), 50U);
}

TEST_F(ConnectionClientsTest, AMistakeIsNamed) {
  const struct {
    const char *body, *message;
  } kRows[] = {
      {R"({"client_id":"a","status":true})", "Payload validation error: 'Expected type array but found type object'."},
      {R"([{"client_id":"a"}])", "Payload validation error: 'Missing required property: status' on property [0]."},
      {R"([{"client_id":"a","status":"true"}])",
       "Payload validation error: 'Expected type boolean but found type string' on property [0].status (Whether the "
       "connection is enabled for the client)."},
      {R"([{"client_id":"a","status":true,"x":1}])",
       "Payload validation error: 'Additional properties not allowed: x' on property [0]."},
  };
  for (const auto& row : kRows) {
    const Reply reply = patch(path_, row.body);
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.message(), row.message);
  }
}

TEST_F(ConnectionClientsTest, AnUnknownConnectionIsNotFound) {
  EXPECT_EQ(get("/connections/con_xxxxxxxxxxxxxxxx/clients").at("/errorCode"), "inexistent_connection");
  EXPECT_EQ(patch("/connections/con_xxxxxxxxxxxxxxxx/clients", json::serialize(json::array{item("a")})).at("/errorCode"),
            "inexistent_connection");
}

TEST_F(ConnectionClientsTest, IsReadPageByPage) {
  json::array items;
  for (int i = 0; i < 5; ++i) items.push_back(item(make_client("c" + std::to_string(i))));
  change(items);
  std::vector<std::string> seen;
  std::string from;
  int pages = 0;
  do {
    const Reply page = get(path_ + "?take=2" + (from.empty() ? "" : "&from=" + from));
    const json::value clients = page.at("/clients");
    for (const json::value& client : clients.get_array())
      seen.emplace_back(client.at("client_id").get_string());
    from = page.has("/next") ? page.id("next") : "";
    ++pages;
  } while (!from.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, enabled());
  EXPECT_EQ(get(path_ + "?take=5").has("/next"), false);
  EXPECT_EQ(get(path_ + "?take=1000").status, 200);
  EXPECT_EQ(get(path_ + "?take=1001").status, 400);
}

TEST_F(ConnectionClientsTest, ACursorOfAnotherConnectionIsWorthNothing) {
  change({item(make_client("a")), item(make_client("b"))});
  const std::string next = get(path_ + "?take=1").id("next");
  const std::string other = "/connections/" + make_connection("other") + "/clients";
  const Reply reply = get(other + "?from=" + next);
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.at("/errorCode"), "invalid_paging");
}

}  // namespace
}  // namespace symbolon::management
