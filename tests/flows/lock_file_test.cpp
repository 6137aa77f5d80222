#include <gtest/gtest.h>

#include "flows/world.h"

namespace symbolon::flows {
namespace {

namespace json = boost::json;

// GET /client/{client_id}.js (login-runtime §3.6).
class LockFile : public World, public testing::Test {
 protected:
  http::Response file() { return get("/client/" + client_id + ".js"); }

  /// The one argument of the call, parsed as the readers of native applications do.
  json::object settings() {
    const std::string body = file().body, before = "Auth0.setClient(", after = ");";
    EXPECT_TRUE(body.starts_with(before) && body.ends_with(after)) << body;
    return json::parse(body.substr(before.size(), body.size() - before.size() - after.size())).as_object();
  }
  std::string names() {
    std::string found;
    for (const auto& group : settings().at("strategies").as_array()) {
      found += std::string(group.at("name").get_string()) + ":";
      for (const auto& one : group.at("connections").as_array()) found += " " + std::string(one.at("name").get_string());
      found += ";";
    }
    return found;
  }
};

TEST_F(LockFile, NamesTheApplicationAndItsConnectionsInOrderOfCreation) {
  const json::object shown = settings();
  EXPECT_EQ(shown.at("id"), json::value(client_id));
  EXPECT_EQ(shown.at("authorize"), "https://id.example/authorize");
  EXPECT_EQ(shown.at("callback"), "https://app.example/cb");
  EXPECT_EQ(shown.at("subscription"), "enterprise");
  EXPECT_EQ(names(), "oidc: acme front;");
  change_connection("acme", [](auto& connection) { connection.domain_aliases = {"corp.example", "corp.example.org"}; });
  const auto first = settings().at("strategies").at(0).at("connections").at(0);
  EXPECT_EQ(first.at("domain"), "");
  EXPECT_EQ(first.at("domain_aliases"), (json::value{"corp.example", "corp.example.org"}));
}

TEST_F(LockFile, MayBeReadByAnyPageAndSetsNothing) {
  const http::Response response = file();
  EXPECT_EQ(response.headers.get("Content-Type"), "application/javascript; charset=utf-8");
  EXPECT_EQ(response.headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
  EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=60");
  EXPECT_FALSE(response.headers.has("Set-Cookie"));
}

TEST_F(LockFile, ShowsNothingThatTheApplicationMayNotUse) {
  change_connection("front", [](auto& connection) { connection.authentication_active = false; });
  EXPECT_EQ(names(), "oidc: acme;");
  run_task(memory->write([](db::Transaction& tx) { tx.execute("DELETE FROM connection_clients"); }));
  EXPECT_EQ(names(), "");
  change_connection("acme", [](auto& connection) { connection.is_domain_connection = true; });
  EXPECT_EQ(names(), "") << "at domain level is for third-party applications";
  change_client(client_id, {{"is_first_party", false}});
  EXPECT_EQ(names(), "oidc: acme;");
}

TEST_F(LockFile, ATenantMayKeepItsCustomersToItself) {
  run_task(memory->write([](db::Transaction& tx) {
    tx.execute("UPDATE tenants SET doc = '{\"flags\":{\"no_disclose_enterprise_connections\":true}}'");
  }));
  change_connection("acme", [](auto& connection) { connection.domain_aliases = {"corp.example"}; });
  EXPECT_EQ(names(), "");
  change_connection("acme", [](auto& connection) { connection.show_as_button = true; });
  EXPECT_EQ(names(), "oidc: acme;");
  EXPECT_FALSE(file().body.contains("corp.example"));
}

TEST_F(LockFile, SEC37HostileNamesStayInsideTheirText) {
  change_connection("acme", [](auto& connection) { connection.display_name = "</script><script>alert(1)//\"); x("; });
  const std::string body = file().body;
  EXPECT_FALSE(body.contains("<"));
  EXPECT_EQ(settings().at("strategies").at(0).at("connections").at(0).at("display_name"),
            "</script><script>alert(1)//\"); x(");
}

TEST_F(LockFile, IsThereForKnownApplicationsOnly) {
  for (const std::string& path : {std::string("/client/nobody.js"), "/client/" + client_id, std::string("/client/.js"),
                                  "/client/" + client_id + ".js.js"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(LockFile, NoCaptchaIsEverAskedFor) {
  EXPECT_EQ(post("/usernamepassword/challenge", {{"state", "x"}}).body, R"({"required":false})");
}

}  // namespace
}  // namespace symbolon::flows
