#include "upstream/mapping_template.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace symbolon::upstream {
namespace {

namespace js = boost::json;

js::object context() {
  return js::parse(R"({
    "connection": {"id": "con_1", "name": "acme", "strategy": "oidc"},
    "tokenset": {"email": "ada@example.com", "age": 36, "admin": true, "nothing": null,
                 "groups": ["", "a", 2, {"b": true}], "address": {"city": "London", "zip": "SW1"},
                 "https://ns/x": "dotted", "deep": {"a": {"b": {"c": 7}}}},
    "userinfo": {"phone": "+44"}
  })")
      .as_object();
}

// The expanded value as JSON; "(none)" when there is none.
std::string expand(std::string_view text) {
  const auto parsed = MappingTemplate::parse(text);
  if (!parsed) return "error: " + parsed.error();
  std::size_t budget = kMaxMappingBytes;
  const auto value = parsed->expand(context(), budget);
  if (!value) return "too large";
  return *value ? js::serialize(**value) : "(none)";
}

struct Row {
  const char* text;
  const char* want;
};

TEST(MappingTemplate, Expands) {
  const Row rows[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"${context.tokenset.email}", R"("ada@example.com")"},
      {"${context.tokenset.age}", "36"},
      {"${context.tokenset.admin}", "true"},
      {"${context.tokenset.groups}", R"(["","a",2,{"b":true}])"},
      {"${context.tokenset.address.city}", R"("London")"},
      {"${context.tokenset[\"https://ns/x\"]}", R"("dotted")"},
      {"${context[\"tokenset\"].deep[\"a\"].b[\"c\"]}", "7"},
      {"${context.connection.name}", R"("acme")"},
      {"${context.userinfo.phone}", R"("+44")"},
      {"${context.tokenset.missing}", "(none)"},
      {"${context.tokenset.nothing}", "(none)"},
      {"${context.tokenset.email.inner}", "(none)"},
      {"<${context.tokenset.missing}>", R"("<>")"},
      {"${context.tokenset.age} years, ${context.tokenset.admin}", R"("36 years, true")"},
      {"g: ${context.tokenset.groups}", R"("g: ,a,2,{\"b\":true}")"},
      {"a: ${context.tokenset.address}", R"("a: {\"city\":\"London\",\"zip\":\"SW1\"}")"},
      {"$${context.tokenset.email}", R"("${context.tokenset.email}")"},
      {"100$ and {braces} and $$", R"("100$ and {braces} and $$")"},
      {"$$${context.tokenset.age}", R"("$${context.tokenset.age}")"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(expand(row.text), row.want);
  }
}

TEST(MappingTemplate, RefusesWhatItCannotRead) {
  const char* const rows[] = {
      "{context.tokenset.email}",
      "x {context[\"tokenset\"].email}",
      "${",
      "${}",
      "${context}",
      "${context.}",
      "${context.tokenset}",
      "${context.userinfo}",
      "${context.connection.secret}",
      "${context.connection.name.first}",
      "${context.env.PATH}",
      "${user.email}",
      "${context.tokenset.email",
      "${context.tokenset.e mail}",
      "${ context.tokenset.email}",
      "${context.tokenset..email}",
      "${context.tokenset[email]}",
      "${context.tokenset[\"\"]}",
      "${context.tokenset[\"a}",
      "${context.tokenset[0]}",
      "${context.tokenset.email()}",
      "${context.tokenset.a+b.c$d}",
      "${context.tokenset.${context.tokenset.age}}",
  };
  for (const char* row : rows) {
    SCOPED_TRACE(row);
    EXPECT_FALSE(MappingTemplate::parse(row).has_value());
  }
}

TEST(MappingTemplate, HasLimits) {
  EXPECT_TRUE(MappingTemplate::parse(std::string(kMaxTemplateBytes, 'x')));
  EXPECT_FALSE(MappingTemplate::parse(std::string(kMaxTemplateBytes + 1, 'x')));

  std::string deep = "${context.tokenset";
  for (int i = 0; i < 15; ++i) deep += ".a";
  EXPECT_TRUE(MappingTemplate::parse(deep + "}"));
  EXPECT_FALSE(MappingTemplate::parse(deep + ".a}"));
}

TEST(MappingTemplate, StopsABombAtTheBudget) {
  js::object big{{"tokenset", js::object{{"x", std::string(60'000, 'x')}}}};
  std::string bomb;
  for (int i = 0; i < 300; ++i) bomb += "${context.tokenset.x}";
  const auto parsed = MappingTemplate::parse(bomb);
  ASSERT_TRUE(parsed);
  std::size_t budget = kMaxMappingBytes;
  EXPECT_FALSE(parsed->expand(big, budget).has_value());
}

TEST(MappingTemplate, SpendsWhatItMade) {
  std::size_t budget = 100;
  ASSERT_TRUE(MappingTemplate::parse("12345")->expand(context(), budget).has_value());
  EXPECT_EQ(budget, 95u);
  ASSERT_TRUE(MappingTemplate::parse("${context.tokenset.age}")->expand(context(), budget).has_value());
  EXPECT_EQ(budget, 93u);
}

TEST(MappingTemplate, KnowsWhetherItReadsUserinfo) {
  EXPECT_TRUE(MappingTemplate::parse("x${context.userinfo.phone}")->reads_userinfo());
  EXPECT_FALSE(MappingTemplate::parse("${context.tokenset.userinfo}")->reads_userinfo());
  EXPECT_FALSE(MappingTemplate::parse("$${context.userinfo.phone}")->reads_userinfo());
}

}  // namespace
}  // namespace symbolon::upstream
