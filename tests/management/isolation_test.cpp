#include "management/management_test.h"
#include "store/user_store.h"

// Threats T56: with a token of one tenant, every record of another is as if it were not there.
namespace symbolon::management {
namespace {

namespace json = boost::json;

class IsolationTest : public ManagementTest {
 protected:
  IsolationTest() {
    write([&](db::Transaction& tx) {
      model::User user;
      user.tenant = kTenant;
      user.id = UserId("oidc|corp|jane");
      user.profile = "{}";
      user.email = "jane@example.com";
      user.identities = {{ConnectionId(connection_), "corp", "oidc", "jane", "", clock_.now()}};
      store::UserStore(tx, kTenant).insert(user);
    });
  }
  Reply as_stranger(const std::string& method, const std::string& path, const std::string& body = "") {
    return send({method, path, body, full_token(kOtherTenant), {}});
  }

  const std::string connection_ = make_connection("corp");
  const std::string client_ = make_client("app");
  const std::string api_ = post("/resource-servers", R"({"identifier":"https://api.example.com"})").id();
  const std::string grant_ =
      post("/client-grants", R"({"client_id":")" + client_ + R"(","audience":"https://api.example.com"})").id();
};

TEST_F(IsolationTest, T56NoVerbReachesARecordOfAnotherTenant) {
  const std::string kConnection = "/connections/" + connection_;
  const std::string kApi = "/resource-servers/https:%2F%2Fapi.example.com";
  const struct {
    const char* method;
    std::string path, body;
    int status;
  } kRows[] = {
      {"GET", kConnection, "", 404},
      {"PATCH", kConnection, R"({"display_name":"x"})", 404},
      {"DELETE", kConnection, "", 204},
      {"GET", kConnection + "/clients", "", 404},
      {"PATCH", kConnection + "/clients", R"([{"client_id":")" + client_ + R"(","status":true}])", 404},
      {"GET", kConnection + "/status", "", 404},
      {"GET", "/clients/" + client_, "", 404},
      {"PATCH", "/clients/" + client_, R"({"name":"x"})", 404},
      {"DELETE", "/clients/" + client_, "", 204},
      {"POST", "/clients/" + client_ + "/rotate-secret", "", 404},
      {"GET", "/client-grants/" + grant_, "", 404},
      {"PATCH", "/client-grants/" + grant_, R"({"scope":[]})", 404},
      {"DELETE", "/client-grants/" + grant_, "", 204},
      {"GET", "/resource-servers/" + api_, "", 404},
      {"GET", kApi, "", 404},
      {"PATCH", "/resource-servers/" + api_, R"({"name":"x"})", 404},
      {"DELETE", "/resource-servers/" + api_, "", 204},
      {"GET", "/users/oidc%7Ccorp%7Cjane", "", 404},
  };
  for (const auto& row : kRows) {
    SCOPED_TRACE(row.method + std::string(" ") + row.path);
    EXPECT_EQ(as_stranger(row.method, row.path, row.body).status, row.status);
  }
  std::size_t with_id = 0;
  for (const ContractOperation& operation : contract().operations()) with_id += operation.path.contains("{id}");
  EXPECT_EQ(std::size(kRows), with_id + 1) << "an operation on one record is missing above";

  for (const std::string& path : {kConnection, "/clients/" + client_, "/client-grants/" + grant_,
                                  "/resource-servers/" + api_, std::string("/users/oidc%7Ccorp%7Cjane")})
    EXPECT_EQ(get(path).status, 200) << path;
  EXPECT_TRUE(logged(kOtherTenant).empty()) << "nothing was written, so nothing is recorded";
}

TEST_F(IsolationTest, T56ListsShowOwnRecordsOnly) {
  for (const char* path : {"/connections", "/clients?is_global=false", "/client-grants", "/users",
                           "/users-by-email?email=jane%40example.com",
                           "/resource-servers?identifiers=https%3A%2F%2Fapi.example.com"})
    EXPECT_EQ(as_stranger("GET", path).body, json::value(json::array{})) << path;
}

TEST_F(IsolationTest, T56RecordsOfAnotherTenantCannotBeReferredTo) {
  EXPECT_EQ(as_stranger("POST", "/connections",
                        R"({"strategy":"oidc","name":"mine","enabled_clients":[")" + client_ + R"("],"options":)" +
                            explicit_options() + "}")
                .status,
            400);
  EXPECT_EQ(as_stranger("POST", "/client-grants",
                        R"({"client_id":")" + client_ + R"(","audience":"https://api.example.com"})")
                .status,
            404);
}

TEST_F(IsolationTest, T56ATokenOfOneTenantIsNoneAtAnother) {
  http::Headers headers;
  headers.set("Authorization", "Bearer " + full_token(kTenant).text());
  EXPECT_EQ(send_raw("GET", "/connections", "", headers, kOtherTenant).status, 401);
}

TEST_F(IsolationTest, NamesAreTakenOncePerTenant) {
  EXPECT_EQ(as_stranger("POST", "/connections", R"({"strategy":"oidc","name":"corp","options":)" + explicit_options() + "}")
                .status,
            201);
  EXPECT_EQ(as_stranger("POST", "/resource-servers", R"({"identifier":"https://api.example.com"})").status, 201);
}

}  // namespace
}  // namespace symbolon::management
