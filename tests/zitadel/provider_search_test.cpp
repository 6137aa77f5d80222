#include "base/text.h"
#include "zitadel/providers_test.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;

class Search : public Providers {
 protected:
  Search() {
    for (const char* name : {"Alpha", "beta", "ALPHABET", "100%"}) {
      clock_.advance(std::chrono::milliseconds(10));
      make_provider({{"name", name}});
    }
  }
  std::string names(const std::string& body) {
    const Reply reply = post("/admin/v1/idps/templates/_search", body);
    std::vector<std::string> out;
    if (const auto* result = reply.body.get_object().if_contains("result"))
      for (const auto& one : result->get_array()) out.emplace_back(one.at("name").get_string());
    return join(out, ",");
  }
  static std::string by_name(const std::string& name, const std::string& method) {
    return json::serialize(
        json::object{{"queries", {{{"idpNameQuery", {{"name", name}, {"method", method}}}}}}});
  }
};

TEST_F(Search, FindsByNameInEachWay) {
  EXPECT_EQ(names(""), "Alpha,beta,ALPHABET,100%");
  const std::pair<const char*, const char*> rows[] = {
      {"TEXT_QUERY_METHOD_EQUALS", ""},
      {"TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE", "Alpha"},
      {"TEXT_QUERY_METHOD_STARTS_WITH", ""},
      {"TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE", "Alpha,ALPHABET"},
      {"TEXT_QUERY_METHOD_CONTAINS", ""},
      {"TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE", "Alpha,ALPHABET"},
      {"TEXT_QUERY_METHOD_ENDS_WITH", ""},
      {"TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE", "Alpha"}};
  for (const auto& [method, want] : rows) EXPECT_EQ(names(by_name("alpha", method)), want) << method;
  EXPECT_EQ(names(by_name("%", "TEXT_QUERY_METHOD_CONTAINS")), "100%") << "a percent sign is only a letter";
  EXPECT_EQ(names(R"({"queries":[{"idpNameQuery":{"name":"beta"}}]})"), "beta") << "equality is the default";
}

TEST_F(Search, PagesAndCountsAll) {
  EXPECT_EQ(names(R"({"query":{"offset":"1","limit":2,"asc":false}})"), "beta,ALPHABET");
  const Reply reply = post("/admin/v1/idps/templates/_search", R"({"query":{"limit":1}})");
  EXPECT_EQ(reply.at("/details/totalResult"), "4");
  const Reply none = post("/admin/v1/idps/templates/_search", R"({"queries":[{"idpIdQuery":{"id":"1"}}]})");
  EXPECT_FALSE(none.has("/result"));
  EXPECT_FALSE(none.has("/details/totalResult"));
  EXPECT_TRUE(none.has("/details/viewTimestamp"));
}

TEST_F(Search, RefusesQueriesThatAreNone) {
  EXPECT_EQ(post("/admin/v1/idps/templates/_search", R"({"queries":[{}]})").error_id(), "ADMIN-Dr2aa");
  EXPECT_EQ(post("/admin/v1/idps/templates/_search", R"({"queries":[{"ownerTypeQuery":{"ownerType":1}}]})").error_id(),
            "ADMIN-Dr2aa");
  EXPECT_EQ(post("/management/v1/idps/templates/_search", R"({"queries":[{}]})").error_id(), "ORG-Dr2aa");
  EXPECT_EQ(post("/admin/v1/idps/templates/_search",
                 R"({"queries":[{"idpNameQuery":{"name":"a","method":8}}]})")
                .status,
            400);
}

}  // namespace
}  // namespace symbolon::zitadel
