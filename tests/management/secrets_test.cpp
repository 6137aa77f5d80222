#include "management/management_test.h"

// Threats T58: planted secrets, looked for in everything that the API answers to those who may not see them.
namespace symbolon::management {
namespace {

constexpr const char* kConnectionSecret = "canary-connection-secret";
constexpr const char* kClientSecret = "canary-client-secret-1";

class SecretsTest : public ManagementTest {
 protected:
  std::string everything(const Token& token) {
    std::string text;
    for (const std::string& path : paths_) {
      const Reply reply = send({"GET", path, "", token, {}});
      EXPECT_EQ(reply.status, 200) << path;
      text += reply.text;
    }
    return text;
  }

  const std::string connection_ =
      post("/connections", R"({"strategy":"oidc","name":"corp","options":)" +
                               explicit_options(R"("client_secret":"canary-connection-secret")") + "}")
          .id();
  const std::string with_headers_ =
      post("/connections", R"({"strategy":"oauth2","name":"headers","options":{"client_id":"c",)"
                           R"("authorizationURL":"https://idp.example.com/a","tokenURL":"https://idp.example.com/t",)"
                           R"("customHeaders":{"X-Api-Key":"canary-header-value"}}})")
          .id();
  const std::string client_ =
      post("/clients", R"({"name":"app","client_secret":"canary-client-secret-1"})").id("client_id");
  const std::vector<std::string> paths_{"/connections",
                                        "/connections?take=10",
                                        "/connections?fields=options",
                                        "/connections/" + connection_,
                                        "/connections/" + with_headers_,
                                        "/connections/" + connection_ + "/status",
                                        "/connections/" + connection_ + "/clients",
                                        "/clients",
                                        "/clients?take=10&fields=client_secret",
                                        "/clients/" + client_,
                                        "/client-grants",
                                        "/resource-servers",
                                        "/users"};
};

TEST_F(SecretsTest, T58ReadersWithoutTheScopeNeverSeeASecret) {
  Token token = full_token();
  std::erase(token.scopes, "read:connections_options");
  std::erase(token.scopes, "read:client_keys");
  const auto before = logged();
  const std::string text = everything(token);
  EXPECT_FALSE(text.contains("canary"));
  EXPECT_EQ(logged(), before) << "a read without secrets leaves no trace";
}

TEST_F(SecretsTest, T58EachScopeShowsItsOwnSecret) {
  EXPECT_FALSE(everything(token_without("read:connections_options")).contains(kConnectionSecret));
  EXPECT_TRUE(everything(token_without("read:connections_options")).contains(kClientSecret));
  EXPECT_FALSE(everything(token_without("read:client_keys")).contains(kClientSecret));
  EXPECT_TRUE(everything(token_without("read:client_keys")).contains(kConnectionSecret));
  EXPECT_FALSE(everything(token_without("read:connections_options")).contains("canary-header-value"));
  EXPECT_TRUE(everything(token_without("read:client_keys")).contains("canary-header-value"));
}

TEST_F(SecretsTest, T58ReadingHeadersLeavesATrace) {
  const auto before = logged().size();
  EXPECT_TRUE(get("/connections/" + with_headers_).text.contains("canary-header-value"));
  EXPECT_EQ(logged().size(), before + 1);
}

TEST_F(SecretsTest, T58ChangesDoNotGiveSecretsAway) {
  Token token = full_token();
  std::erase(token.scopes, "read:connections_options");
  std::erase(token.scopes, "read:client_keys");
  for (const auto& [path, body] : std::vector<std::pair<std::string, std::string>>{
           {"/connections/" + connection_, R"({"display_name":"x"})"},
           {"/connections/" + connection_, R"({"options":)" + explicit_options() + "}"},
           {"/connections/" + connection_, R"({"options":{"client_id":"other"}})"},
           {"/connections/" + with_headers_, R"({"display_name":"x"})"},
           {"/connections/" + with_headers_, R"({"options":{"client_id":"other"}})"},
           {"/clients/" + client_, R"({"name":"x"})"}}) {
    const Reply reply = send({"PATCH", path, body, token, {}});
    EXPECT_FALSE(reply.text.contains("canary")) << reply.text;
  }
  EXPECT_TRUE(get("/connections/" + connection_).text.contains(kConnectionSecret)) << "it was there to be found";
}

TEST_F(SecretsTest, T58NoTableAndNoLogHoldsASecretInClear) {
  get("/connections");
  get("/clients");
  patch("/clients/" + client_, R"({"client_secret":"canary-client-secret-2"})");
  const std::string dump = read([](db::Transaction& tx) {
    std::string text;
    for (const auto& sql : {"SELECT options || doc || settings || oidc_metadata || hex(client_secret) FROM connections",
                            "SELECT hex(custom_headers) FROM connections WHERE custom_headers IS NOT NULL",
                            "SELECT doc || hex(secret) FROM clients", "SELECT description || details FROM log_events"})
      for (const db::Row& row : tx.query(sql)) text += row.text(0) + "\n";
    return text;
  });
  EXPECT_TRUE(dump.contains("idp.example.com")) << "the dump shows something";
  EXPECT_FALSE(dump.contains("canary"));
  EXPECT_FALSE(dump.contains("63616E617279")) << "nor does a blob, in hexadecimal";
}

}  // namespace
}  // namespace symbolon::management
