#include "management/search_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

// Lucene's syntax as far as the contract names it (management-api §4.2).
namespace symbolon::management {
namespace {

namespace json = boost::json;

const SearchRules kRules{.folded = {"email", "name"}, .defaults = {"email", "name"}};

json::value jane() {
  return json::parse(R"({
    "user_id": "oidc|corp|jane", "email": "Jane@Example.com", "name": "Jane Doe", "blocked": true, "logins_count": 7,
    "created_at": "2026-03-04T05:06:07.000Z", "empty": null,
    "identities": [{"connection": "corp", "provider": "oidc"}, {"connection": "other", "provider": "okta"}],
    "app_metadata": {"plan": "gold", "tags": ["a", "b"], "score": 1.5, "deep": {"x": {"y": "z"}}, "a.b": {"c": "d"}}
  })");
}

bool matches(const std::string& text) {
  const auto query = SearchQuery::parse(text);
  EXPECT_TRUE(query.has_value()) << text << ": " << query.error();
  return query.has_value() && query->matches(jane(), kRules);
}

TEST(SearchQuery, Matches) {
  for (const char* text : {
           "", "  ", "*",
           // values
           R"(email:"jane@example.com")", "email:JANE@example.com", R"(user_id:"oidc|corp|jane")",
           "user_id:oidc|corp|jane", R"(user_id:oidc\|corp\|jane)", "blocked:true", "logins_count:7",
           R"(name:"jane doe")", R"(name:jane\ doe)", "app_metadata.plan:gold", "app_metadata.tags:b",
           "app_metadata.deep.x.y:z", "app_metadata.a.b.c:d", "app_metadata.score:1.50",
           // places in lists
           R"(identities.connection:"other")", "identities.provider:okta",
           // words without a field
           "jane@example.com", R"("Jane Doe")", "jan*",
           // wildcards, presence, domains
           "email:jan*", "name:\"Jane Doe\"", "app_metadata.plan:gol*", "_exists_:app_metadata.plan",
           "_exists_:identities", "_exists_:\"email\"", "email:*", R"(email.domain:"example.com")",
           // ranges
           "logins_count:[7 TO 7]", "logins_count:{6 TO 8}", "logins_count:[* TO 7]", "logins_count:{6 TO *]",
           "logins_count:>6", "logins_count:>=7", "logins_count:<8", "logins_count:<=7",
           "created_at:[2026-03-04 TO 2026-03-04]", "created_at:[2026-01-01 TO *]", "created_at:>2026-03-04T05:06:06Z",
           "created_at:[\"2026-03-04T05:06:07Z\" TO *]", "created_at:\"2026-03-04T05:06:07Z\"",
           "name:[jan TO jaz]", "email:[a TO k}",
           // combinations
           "blocked:true AND logins_count:7", "blocked:false OR logins_count:7", "blocked:false logins_count:7",
           "NOT blocked:false", "-blocked:false", "!blocked:false", "NOT (blocked:true AND logins_count:8)",
           "blocked:true -logins_count:8", "blocked:true AND NOT logins_count:8", "blocked:true && logins_count:7",
           "blocked:false || logins_count:7", "(blocked:true)", "((blocked:true) AND (email:jan*))",
           "blocked:false AND logins_count:8 OR email:jan*", "email:jan* OR blocked:false AND logins_count:8",
           "identities.connection:(nowhere OR corp)", "email:(joe* OR jan*) AND blocked:true", "+blocked:true"})
    EXPECT_TRUE(matches(text)) << text;
}

TEST(SearchQuery, DoesNotMatch) {
  for (const char* text : {
           R"(email:"joe@example.com")", "user_id:OIDC|corp|jane", "app_metadata.plan:GOLD", "blocked:false",
           "blocked:yes", "logins_count:8", "logins_count:seven", "name:jane", "email:\"jan*\"", "app_metadata.tags:c",
           "app_metadata.deep:z", "app_metadata.deep.x:z", "identities:corp", "nothing:x", "joe*", "doe",
           "_exists_:nothing", "_exists_:empty", "empty:*", "_exists_:app_metadata.plan.more",
           R"(email.domain:"ample.com")", "logins_count:{7 TO 9]", "logins_count:[5 TO 7}", "logins_count:>7",
           "logins_count:<7", "created_at:[2026-03-05 TO *]", "created_at:[* TO 2026-03-03]",
           "created_at:[* TO 2026-03-04}", "blocked:true AND logins_count:8", "blocked:false OR logins_count:8",
           "NOT blocked:true", "blocked:true -logins_count:7", "-email:jan* blocked:false",
           "blocked:true AND (logins_count:8 OR email:joe*)", "identities.connection:(nowhere OR else)",
           "NOT NOT blocked:false"})
    EXPECT_FALSE(matches(text)) << text;
}

TEST(SearchQuery, WhatCannotBeReadIsRefusedWithTheReason) {
  const struct {
    std::string text;
    const char* reason;
  } kRows[] = {
      {"email:", "ends where"},
      {"email:\"x", "quotation mark"},
      {"(email:x", "parenthesis"},
      {"email:x)", "Cannot read"},
      {"email:x AND", "ends where"},
      {"email:x OR", "missing after OR"},
      {"AND email:x", "missing before AND"},
      {"NOT", "ends where"},
      {"-", "ends where"},
      {"email:*x", "front of a value"},
      {"email:j*x", "at the end"},
      {"email:j?ne", "at the end"},
      {"email:ja*", "three characters"},
      {"ja*", "three characters"},
      {"logins_count:[1 5]", "needs TO"},
      {"logins_count:[1 TO 5", "not closed"},
      {"logins_count:[1", "needs TO"},
      {"logins_count:>", "missing after the comparison"},
      {"()", "Cannot read"},
      {std::string(30, '(') + "a:b" + std::string(30, ')'), "nested too deeply"},
      {std::string(4001, 'x'), "longer than"},
  };
  for (const auto& row : kRows) {
    const auto query = SearchQuery::parse(row.text);
    ASSERT_FALSE(query.has_value()) << row.text.substr(0, 60);
    EXPECT_THAT(query.error(), testing::HasSubstr(row.reason)) << row.text.substr(0, 60);
  }
  std::string many;
  for (int i = 0; i < 201; ++i) many += "a:b ";
  EXPECT_FALSE(SearchQuery::parse(many).has_value());
}

TEST(SearchQuery, AnyBytesAreReadOrRefused) {
  const std::string alphabet = "a:*\"\\()[]{}-+!<> ANDORTO|&.~\xff";
  std::uint32_t state = 1;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (int i = 0; i < round % 24; ++i) {
      state = state * 1664525U + 1013904223U;
      text.push_back(alphabet[(state >> 16) % alphabet.size()]);
    }
    if (const auto query = SearchQuery::parse(text)) query->matches(jane(), kRules);
  }
}

TEST(SearchQuery, SaysWhichValueEveryMatchHas) {
  const auto required = [](const char* text, const char* field) {
    return SearchQuery::parse(text).value().required(field);
  };
  EXPECT_EQ(required("email:x", "email"), "x");
  EXPECT_EQ(required("blocked:true AND (email:x AND name:y)", "email"), "x");
  EXPECT_EQ(required("email:x -name:y", "email"), "x");
  for (const char* text : {"email:x OR name:y", "email:x name:y", "NOT email:x", "email:xxx*", "email:[a TO b]",
                           "email:(x OR y)", "other:x", "x"})
    EXPECT_EQ(required(text, "email"), std::nullopt) << text;
}

TEST(SearchQuery, SaysSinceWhenEveryMatchIs) {
  const auto since = [](const char* text) { return SearchQuery::parse(text).value().required_since("date"); };
  const Instant day = from_iso8601("2026-03-01T00:00:00Z").value();
  EXPECT_EQ(since("date:[2026-03-01 TO *]"), day);
  EXPECT_EQ(since("type:f AND date:{\"2026-03-01T02:00:00+02:00\" TO 2026-04-01}"), day);
  for (const char* text : {"date:[* TO 2026-03-01]", "date:2026-03-01", "date:[2026-03-01 TO *] OR type:f",
                           "NOT date:[2026-03-01 TO *]", "other:[2026-03-01 TO *]", "date:[x TO y]", "x"})
    EXPECT_EQ(since(text), std::nullopt) << text;
}

}  // namespace
}  // namespace symbolon::management
