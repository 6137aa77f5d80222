#include "management/management_test.h"

// /api/v2/client-grants (management-api §5.3).
namespace symbolon::management {
namespace {

namespace json = boost::json;

class ClientGrantsTest : public ManagementTest {
 protected:
  const std::string client_ = make_client("app");
  const std::string api_ =
      post("/resource-servers", R"({"identifier":"https://api.example.com","scopes":[{"value":"a"},{"value":"b"}]})").id();

  Reply create(const std::string& more) {
    return post("/client-grants", R"({"client_id":")" + client_ + R"(","audience":"https://api.example.com")" +
                                      (more.empty() ? "" : "," + more) + "}");
  }
};

TEST_F(ClientGrantsTest, AreMadeReadChangedAndDeleted) {
  const Reply made = create(R"("scope":["a"])");
  ASSERT_EQ(made.status, 201);
  EXPECT_THAT(made.id(), testing::MatchesRegex("cgr_[A-Za-z0-9]{16}"));
  const json::object want{{"id", made.id()},
                          {"client_id", client_},
                          {"audience", "https://api.example.com"},
                          {"scope", json::array{"a"}},
                          {"subject_type", "client"}};
  EXPECT_EQ(made.body, json::value(want));
  const std::string path = "/client-grants/" + made.id();
  EXPECT_EQ(get(path).body, made.body);
  const Reply changed = patch(path, R"({"scope":["a","b"],"allow_any_organization":true})");
  EXPECT_EQ(changed.at("/scope"), json::parse(R"(["a","b"])"));
  EXPECT_EQ(changed.at("/allow_any_organization"), true);
  EXPECT_FALSE(patch(path, R"({"allow_any_organization":null})").has("/allow_any_organization"));
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(remove(path).status, 204);
  EXPECT_EQ(get(path).at("/errorCode"), "inexistent_client_grant");
  EXPECT_EQ(patch(path, R"({"scope":[]})").status, 404);
}

TEST_F(ClientGrantsTest, AreUniqueForClientAudienceAndSubjectType) {
  EXPECT_EQ(create(R"("scope":["a"])").status, 201);
  const Reply again = create(R"("scope":["b"])");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.at("/errorCode"), "client_grant_conflict");
  EXPECT_EQ(create(R"("subject_type":"user")").status, 201);
}

TEST_F(ClientGrantsTest, NameWhatExists) {
  const Reply no_client = post("/client-grants", R"({"client_id":"nobody","audience":"https://api.example.com"})");
  EXPECT_EQ(no_client.status, 404);
  EXPECT_EQ(no_client.at("/errorCode"), "inexistent_client");
  const Reply no_api = post("/client-grants", R"({"client_id":")" + client_ + R"(","audience":"https://none.example.com"})");
  EXPECT_EQ(no_api.status, 404);
  EXPECT_EQ(no_api.at("/errorCode"), "inexistent_resource_server");
  const Reply no_scope = create(R"("scope":["a","c"])");
  EXPECT_EQ(no_scope.status, 400);
  EXPECT_EQ(no_scope.message(), "The following scopes are not defined in the resource server: c");
  const std::string path = "/client-grants/" + create("").id();
  EXPECT_EQ(patch(path, R"({"scope":["c"]})").status, 400);
  EXPECT_EQ(get(path).at("/scope"), json::value(json::array{}));
}

TEST_F(ClientGrantsTest, WhatAGrantIsForNeverChanges) {
  const std::string path = "/client-grants/" + create("").id();
  for (const char* member : {"client_id", "audience", "subject_type"})
    EXPECT_EQ(patch(path, R"({")" + std::string(member) + R"(":"x"})").message(),
              "Payload validation error: 'Additional properties not allowed: " + std::string(member) + "'.");
}

TEST_F(ClientGrantsTest, AreFoundAsTerraformLooksForThem) {
  create("");
  create(R"("subject_type":"user")");
  const std::string other = make_client("other");
  post("/client-grants", R"({"client_id":")" + other + R"(","audience":"https://api.example.com"})");
  const Reply found = get("/client-grants?audience=https%3A%2F%2Fapi.example.com&client_id=" + client_ +
                          "&include_totals=true&per_page=50");
  EXPECT_EQ(found.at("/total"), 2);
  EXPECT_EQ(found.at("/client_grants/0/client_id"), client_);
  EXPECT_EQ(get("/client-grants?subject_type=user").body.get_array().size(), 1U);
  EXPECT_EQ(get("/client-grants?client_id=nobody").body, json::value(json::array{}));
  EXPECT_EQ(get("/client-grants?take=2").at("/client_grants").get_array().size(), 2U);
}

TEST_F(ClientGrantsTest, OneForAllThirdPartyClientsHasNoClient) {
  const std::string body = R"({"default_for":"third_party_clients","audience":"https://api.example.com","scope":["a"]})";
  const Reply made = post("/client-grants", body);
  ASSERT_EQ(made.status, 201) << made.text;
  EXPECT_EQ(made.at("/default_for"), "third_party_clients");
  EXPECT_FALSE(made.has("/client_id"));
  EXPECT_EQ(post("/client-grants", body).status, 409);
  create(R"("scope":["b"])");
  const Reply found = get("/client-grants?default_for=third_party_clients");
  EXPECT_EQ(found.body, json::value(json::array{made.body}));
  EXPECT_EQ(patch("/client-grants/" + made.id(), R"({"scope":["b"]})").at("/scope"), json::value(json::array{"b"}));
  EXPECT_EQ(patch("/client-grants/" + made.id(), R"({"default_for":"third_party_clients"})").status, 400);
  EXPECT_THAT(create(R"("default_for":"third_party_clients")").message(), testing::HasSubstr("exclude each other"));
  EXPECT_EQ(post("/client-grants", R"({"audience":"https://api.example.com"})").message(),
            "Payload validation error: 'Missing required property: client_id'.");
  EXPECT_EQ(post("/client-grants",
                 R"({"default_for":"third_party_clients","audience":"https://default.example.com/api/v2/"})").status,
            400);
  remove("/resource-servers/" + api_);
  EXPECT_EQ(get("/client-grants/" + made.id()).status, 404);
}

TEST_F(ClientGrantsTest, AreFoundByWhetherEveryOrganizationMayUseThem) {
  const std::string open = create(R"("allow_any_organization":true)").id();
  const std::string closed = create(R"("subject_type":"user","allow_any_organization":false)").id();
  const auto found = [&](const char* value) {
    return get("/client-grants?client_id=" + client_ + "&allow_any_organization=" + value);
  };
  ASSERT_EQ(found("true").body.get_array().size(), 1U);
  EXPECT_EQ(found("true").at("/0/id"), open);
  ASSERT_EQ(found("false").body.get_array().size(), 1U);
  EXPECT_EQ(found("false").at("/0/id"), closed);
}

TEST_F(ClientGrantsTest, GoWithTheirClientAndTheirApi) {
  const std::string grant = "/client-grants/" + create("").id();
  remove("/clients/" + client_);
  EXPECT_EQ(get(grant).status, 404);
  const std::string other = make_client("other");
  const std::string second =
      "/client-grants/" +
      post("/client-grants", R"({"client_id":")" + other + R"(","audience":"https://api.example.com"})").id();
  remove("/resource-servers/" + api_);
  EXPECT_EQ(get(second).status, 404);
}

}  // namespace
}  // namespace symbolon::management
