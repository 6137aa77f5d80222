#include "json/fields.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace symbolon::json::sample {

enum class Colour { red, green };
std::string_view to_string(Colour colour) { return colour == Colour::red ? "red" : "green"; }
bool from_text(std::string_view text, Colour& out) {
  if (text != "red" && text != "green") return false;
  out = text == "red" ? Colour::red : Colour::green;
  return true;
}

struct Inner {
  std::string issuer = "default";
  std::optional<std::chrono::seconds> max_age;
  friend bool operator==(const Inner&, const Inner&) = default;
};
template <class V>
void fields(V& v, Inner& s) {
  v("issuer", s.issuer);
  v("max_age", s.max_age);
}

struct Everything {
  std::string text = "default";
  bool truth = true;
  int small = 7;
  std::int64_t large = 0;
  std::vector<std::string> words;
  std::vector<Colour> colours;
  std::optional<std::string> maybe;
  std::optional<std::vector<std::string>> maybe_words;
  std::map<std::string, std::string> names;
  std::vector<std::pair<std::string, std::string>> headers;
  Inner inner;
  std::optional<Inner> maybe_inner;
  std::vector<Inner> inners;
  Colour colour = Colour::red;
  Instant at{};
  std::optional<Instant> maybe_at;
  std::chrono::seconds lifetime{5};
  TenantId tenant;
  boost::json::object object;
  boost::json::value value;
  friend bool operator==(const Everything&, const Everything&) = default;
};
template <class V>
void fields(V& v, Everything& s) {
  v("text", s.text);
  v("truth", s.truth);
  v("small", s.small);
  v("large", s.large);
  v("words", s.words);
  v("colours", s.colours);
  v("maybe", s.maybe);
  v("maybe_words", s.maybe_words);
  v("names", s.names);
  v("headers", s.headers);
  v("inner", s.inner);
  v("maybe_inner", s.maybe_inner);
  v("inners", s.inners);
  v("colour", s.colour);
  v("at", s.at);
  v("maybe_at", s.maybe_at);
  v("lifetime", s.lifetime);
  v("tenant", s.tenant);
  v("object", s.object);
  v("value", s.value);
}

Everything full() {
  Everything s;
  s.text = "a\"\n\u00e9";
  s.truth = false;
  s.small = -1;
  s.large = std::int64_t{1} << 62;
  s.words = {"a", ""};
  s.colours = {Colour::green, Colour::red};
  s.maybe = "";
  s.maybe_words = std::vector<std::string>{"x"};
  s.names = {{"k", "v"}, {"", "w"}};
  s.headers = {{"X-A", "1"}, {"X-A", ""}};
  s.inner = {"https://idp.example/", std::chrono::seconds(60)};
  s.maybe_inner = Inner{};
  s.inners = {Inner{"a", {}}, Inner{"b", std::chrono::seconds(0)}};
  s.colour = Colour::green;
  s.at = from_epoch_millis(1'700'000'000'123);
  s.maybe_at = from_epoch_millis(-5);
  s.lifetime = std::chrono::seconds(3600);
  s.tenant = TenantId("default");
  s.object = {{"x", 1}};
  s.value = boost::json::array{1, "two", nullptr};
  return s;
}

TEST(Fields, ComeBackAsTheyWere) {
  EXPECT_EQ(from_json<Everything>(to_json(full())).value(), full());
  EXPECT_EQ(from_json<Everything>(to_json(Everything())).value(), Everything());
  EXPECT_EQ(parse_fields<Everything>(serialize_fields(full())).value(), full());
}

// Rows of earlier versions hold this text.
TEST(Fields, KeepTheirForm) {
  EXPECT_EQ(serialize_fields(full().inners[1]), R"({"issuer":"b","max_age":0})");
  EXPECT_EQ(serialize_fields(Inner()), R"({"issuer":"default"})");
  EXPECT_EQ(boost::json::serialize(to_json(full()).at("at")), "1700000000123");
  EXPECT_EQ(boost::json::serialize(to_json(full()).at("colour")), "\"green\"");
  EXPECT_EQ(boost::json::serialize(to_json(full()).at("headers")), R"([["X-A","1"],["X-A",""]])");
}

TEST(Fields, MissingNullAndUnknownMembersKeepDefaults) {
  EXPECT_EQ(parse_fields<Everything>("{}").value(), Everything());
  EXPECT_EQ(parse_fields<Everything>(R"({"text":null,"inner":{"max_age":null},"maybe":null,"later":{"x":[1]}})").value(), Everything());
}

TEST(Fields, NameTheMemberOfAWrongType) {
  const struct {
    const char* text;
    const char* member;
  } rows[] = {
      {R"({"text":1})", "text"},
      {R"({"truth":"true"})", "truth"},
      {R"({"small":2147483648})", "small"},
      {R"({"small":1.5})", "small"},
      {R"({"large":"1"})", "large"},
      {R"({"words":"a b"})", "words"},
      {R"({"words":["a",null]})", "words"},
      {R"({"colour":"blue"})", "colour"},
      {R"({"colours":["red","blue"]})", "colours"},
      {R"({"names":{"k":1}})", "names"},
      {R"({"names":[]})", "names"},
      {R"({"headers":{"X-A":"1"}})", "headers"},
      {R"({"headers":[["X-A"]]})", "headers"},
      {R"({"headers":[["X-A","1","2"]]})", "headers"},
      {R"({"headers":[["X-A",1]]})", "headers"},
      {R"({"maybe":false})", "maybe"},
      {R"({"inner":"x"})", "inner"},
      {R"({"inner":{"issuer":[]}})", "inner.issuer"},
      {R"({"inners":[{"issuer":"a"},{"max_age":"soon"}]})", "inners.max_age"},
      {R"({"at":"2026-01-01"})", "at"},
      {R"({"tenant":5})", "tenant"},
      {R"({"object":[]})", "object"},
      {R"({"text":1,"truth":1})", "text"},
      {"[]", ""},
      {"not JSON", ""},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    const auto read = parse_fields<Everything>(row.text);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().member, row.member);
  }
}

TEST(Fields, DoNotWriteWhatCouldNotBeRead) {
  Inner inner;
  inner.issuer = "\xff";
  EXPECT_THROW(serialize_fields(inner), std::invalid_argument);
}

}  // namespace symbolon::json::sample
