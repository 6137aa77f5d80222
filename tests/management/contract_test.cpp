#include "management/contract.h"

#include <gtest/gtest.h>

#include <set>

#include "management/api.h"
#include "management/scopes.h"
#include "support/fake_clock.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

class ContractTest : public testing::Test {
 protected:
  template <class F>
  void for_each_operation(F check) {
    for (const auto& path : document_.at("paths").get_object())
      for (const auto& method : path.value().get_object()) {
        SCOPED_TRACE(std::string(method.key()) + " " + std::string(path.key()));
        check(std::string(path.key()), method.value().get_object());
      }
  }
  const json::object& response(const json::value& given) const {
    const auto* reference = given.get_object().if_contains("$ref");
    if (!reference) return given.get_object();
    return document_.at("components")
        .at("responses")
        .at(std::string(reference->get_string()).substr(sizeof("#/components/responses/") - 1))
        .get_object();
  }

  Contract contract_;
  json::object document_ = json::parse(contract_.document("https://id.example.com")).as_object();
};

TEST_F(ContractTest, NamesTheServer) {
  EXPECT_EQ(document_.at("servers").at(0).at("url"), "https://id.example.com/api/v2");
  EXPECT_EQ(document_.at("openapi"), "3.1.0");
}

TEST_F(ContractTest, EveryAnswerHasASchemaThatTheServerUnderstands) {
  for_each_operation([&](const std::string&, const json::object& operation) {
    bool succeeds = false;
    for (const auto& [status, given] : operation.at("responses").get_object()) {
      const json::object& documented = response(given);
      EXPECT_TRUE(documented.contains("description")) << status;
      if (status.starts_with("2")) succeeds = true;
      const auto* content = documented.if_contains("content");
      if (status != "202") EXPECT_EQ(content == nullptr, status == "204") << status;
      if (content != nullptr)
        EXPECT_NO_THROW(contract_.validator().check_schema(
            content->at("application/json").at("schema").get_object()))
            << status;
    }
    EXPECT_TRUE(succeeds);
    for (const char* status : {"400", "401", "403", "429"})
      EXPECT_TRUE(operation.at("responses").get_object().contains(status)) << status;
  });
}

TEST_F(ContractTest, OperationsAreNamedOnceAndAskForScopesThatExist) {
  std::set<std::string> names;
  const std::set<std::string> known(scope_catalogue().begin(), scope_catalogue().end());
  for (const ContractOperation& operation : contract_.operations()) {
    EXPECT_TRUE(names.insert(operation.id).second) << operation.id;
    EXPECT_FALSE(operation.scopes.empty()) << operation.id;
    for (const auto& all : operation.scopes)
      for (const std::string& scope : all) EXPECT_TRUE(known.contains(scope)) << scope;
  }
}

// Calls that can do without a body: everything in it has a default.
const std::set<std::string> kOptionalBodies{"connection_keys_create", "connection_keys_rotate",
                                            "scim_configuration_create", "scim_tokens_create",
                                            "self_service_tickets_create"};

TEST_F(ContractTest, WritesRefuseMembersThatNobodyKnows) {
  for (const ContractOperation& operation : contract_.operations()) {
    if (operation.body_schema == nullptr) continue;
    const json::object* schema = &contract_.validator().resolve(*operation.body_schema);
    if (const auto* items = schema->if_contains("items")) schema = &contract_.validator().resolve(items->get_object());
    if (const auto* type = schema->if_contains("type"); type && *type == "string") continue;
    // Where names are free, as in texts by name, their values are not.
    const json::value& others = schema->at("additionalProperties");
    EXPECT_TRUE(others == json::value(false) || others.get_object().contains("type")) << operation.id;
    EXPECT_EQ(operation.body_required, !kOptionalBodies.contains(operation.id)) << operation.id;
  }
}

TEST_F(ContractTest, PathParametersAreTheOnesOfThePath) {
  for (const ContractOperation& operation : contract_.operations())
    for (const ContractParameter& parameter : operation.parameters) {
      if (parameter.in == "path") EXPECT_NE(operation.path.find("{" + parameter.name + "}"), std::string::npos);
      EXPECT_FALSE(parameter.description.empty()) << operation.id << " " << parameter.name;
    }
}

class NoVerifier final : public TokenVerifier {
 public:
  Task<std::expected<Caller, Problem>> verify(http::Site, std::string) override {
    co_return std::unexpected(Problem{401, {}, "Invalid token"});
  }
};

TEST_F(ContractTest, AHandlerThatIsMissingOrTooManyIsNoticedAtStart) {
  NoVerifier verifier;
  const FakeClock clock;
  const Operation nothing = [](Call) -> Task<Answer> { co_return http::empty_response(204); };

  Api missing(contract_, verifier, clock);
  EXPECT_THROW(missing.routes(), std::logic_error);

  Api whole(contract_, verifier, clock);
  for (const ContractOperation& operation : contract_.operations()) whole.on(operation.id, nothing);
  EXPECT_EQ(whole.routes().size(), contract_.operations().size());
  EXPECT_THROW(whole.on(contract_.operations().front().id, nothing), std::logic_error);
  whole.on("nobody_knows", nothing);
  EXPECT_THROW(whole.routes(), std::logic_error);
}

}  // namespace
}  // namespace symbolon::management
