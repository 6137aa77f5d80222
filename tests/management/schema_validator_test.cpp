#include "management/schema_validator.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace symbolon::management {
namespace {

namespace json = boost::json;

class SchemaValidatorTest : public testing::Test {
 protected:
  std::string reason(const std::string& schema, const std::string& value) {
    const auto error = validator_.check(json::parse(value), json::parse(schema).as_object());
    return error ? error->path + "|" + error->reason : "";
  }

  const json::object components_ = json::parse(R"({"Name":{"type":"string","maxLength":3,"description":"A name."}})").as_object();
  const SchemaValidator validator_{components_};
};

TEST_F(SchemaValidatorTest, AcceptsWhatFits) {
  const struct {
    const char *schema, *value;
  } kRows[] = {
      {R"({"type":"string","minLength":2,"maxLength":2})", "\"é€\""},
      {R"({"type":"integer","minimum":1,"maximum":5})", "5"},
      {R"({"type":"integer"})", "3.0"},
      {R"({"type":"number"})", "1.5"},
      {R"({"type":["string","null"],"enum":["a"]})", "null"},
      {R"({"type":"array","items":{"type":"boolean"},"uniqueItems":true})", "[true,false]"},
      {R"({"type":"object","properties":{"a":{"type":"string"}}})", R"({"a":"x","b":1})"},
      {R"({"type":"object","additionalProperties":{"type":"string"}})", R"({"a":"x"})"},
      {R"({"anyOf":[{"type":"string"},{"type":"null"}]})", "null"},
      {R"({"$ref":"#/components/schemas/Name"})", "\"abc\""},
      {R"({"const":1})", "1"},
      {R"({})", "[1,{}]"},
  };
  for (const auto& row : kRows) EXPECT_EQ(reason(row.schema, row.value), "") << row.schema << " " << row.value;
}

TEST_F(SchemaValidatorTest, SaysWhatIsWrongAndWhere) {
  const struct {
    const char *schema, *value, *reason;
  } kRows[] = {
      {R"({"type":"string"})", "1", "|Expected type string but found type integer"},
      {R"({"type":["string","null"]})", "true", "|Expected type string/null but found type boolean"},
      {R"({"type":"integer"})", "1.5", "|Expected type integer but found type number"},
      {R"({"enum":["a","b"]})", "\"c\"", "|No enum match for: \"c\""},
      {R"({"const":1})", "2", "|No enum match for: 2"},
      {R"({"minLength":1})", "\"\"", "|String is too short (0 chars), minimum 1"},
      {R"({"maxLength":1})", "\"é€\"", "|String is too long (2 chars), maximum 1"},
      {R"({"format":"https-url"})", "\"http://a.example\"",
       "|Object didn't pass validation for format https-url: http://a.example"},
      {R"({"minimum":1})", "0", "|Value 0 is less than minimum 1"},
      {R"({"minimum":0.01})", "0.005", "|Value 0.005 is less than minimum 0.01"},
      {R"({"maximum":1})", "2", "|Value 2 is greater than maximum 1"},
      {R"({"minItems":1})", "[]", "|Array is too short (0), minimum 1"},
      {R"({"maxItems":1})", "[1,2]", "|Array is too long (2), maximum 1"},
      {R"({"uniqueItems":true})", "[1,2,1]", "|Array items are not unique (indexes 0 and 2)"},
      {R"({"items":{"type":"string"}})", "[\"a\",1]", "[1]|Expected type string but found type integer"},
      {R"({"additionalProperties":false,"properties":{"a":{}}})", R"({"x":1,"a":1,"y":1})",
       "|Additional properties not allowed: x,y"},
      {R"({"required":["a","b"]})", R"({"a":1})", "|Missing required property: b"},
      {R"({"minProperties":1})", "{}", "|Too few properties defined (0), minimum 1"},
      {R"({"maxProperties":1})", R"({"a":1,"b":1})", "|Too many properties defined (2), maximum 1"},
      {R"({"properties":{"a":{"properties":{"b":{"type":"string"}}}}})", R"({"a":{"b":1}})",
       "a.b|Expected type string but found type integer"},
      {R"({"additionalProperties":{"type":"string"}})", R"({"a":1})", "a|Expected type string but found type integer"},
      {R"({"anyOf":[{"type":"null"},{"type":"object","properties":{"a":{"type":"string"}}}]})", R"({"a":1})",
       "a|Expected type string but found type integer"},
      {R"({"$ref":"#/components/schemas/Name"})", "\"abcd\"", "|String is too long (4 chars), maximum 3"},
  };
  for (const auto& row : kRows) EXPECT_EQ(reason(row.schema, row.value), row.reason) << row.schema;
}

TEST_F(SchemaValidatorTest, RefusesSchemasThatItWouldNotCheck) {
  for (const char* schema :
       {R"({"pattern":"a"})", R"({"format":"unheard-of"})", R"({"$ref":"#/components/schemas/None"})",
        R"({"properties":{"a":{"oneOf":[]}}})", R"({"items":{"pattern":"a"}})",
        R"({"additionalProperties":{"pattern":"a"}})", R"({"anyOf":[{"pattern":"a"}]})"})
    EXPECT_THROW(validator_.check_schema(json::parse(schema).as_object()), std::logic_error) << schema;
}

TEST(PayloadMessage, NamesPropertyAndDescription) {
  EXPECT_EQ(payload_message({"Reason", "", "A thing."}), "Payload validation error: 'Reason'.");
  EXPECT_EQ(payload_message({"Reason", "a.b", ""}), "Payload validation error: 'Reason' on property a.b.");
  EXPECT_EQ(payload_message({"Reason", "a.b", "A thing."}),
            "Payload validation error: 'Reason' on property a.b (A thing).");
}

TEST(Formats, AcceptAndRefuse) {
  const struct {
    const char* format;
    std::vector<std::string> good, bad;
  } kRows[] = {
      {"connection-name", {"a", "A-1", "x-y-z", std::string(128, 'a')},
       {"", "-a", "a-", "a--b", "a_b", "a b", "é", std::string(129, 'a')}},
      {"connection-id", {"con_0123456789abcDEF"}, {"con_0123456789abcDE", "con_0123456789abcDE-", "cgr_0123456789abcDEF"}},
      {"client-id", {"a", std::string(64, 'a')}, {"", "a b", std::string(65, 'a')}},
      {"https-url", {"https://a.example/x"}, {"http://a.example", "a.example", "javascript:alert(1)", "https://u:p@a.example"}},
      {"web-url", {"https://a.example", "http://127.0.0.1:1"}, {"ftp://a.example", "x"}},
      {"https-url-or-empty", {"", "https://a.example"}, {"http://a.example"}},
      {"absolute-uri-or-empty", {"", "https://a.example/x.png", "http://a.example"}, {"x.png", "//a.example"}},
      {"login-uri-or-empty",
       {"", "https://a.example/x", "https://{organization_name}.a.example/", "http://127.0.0.1:3000/"},
       {"http://a.example", "javascript:alert(1)", "/x", "https://{a.example"}},
      {"callback-url",
       {"https://a.example/cb", "http://localhost:3000/cb", "com.example.app:/cb", "https://*.example.com/cb"},
       {"javascript:alert(1)", "data:text/html,x", "https://a.example/#x", "/cb", "https://*.com/cb", "app:/cb",
        "https://a.*.example.com"}},
      {"origin", {"https://a.example", "https://a.example:8443", "http://localhost:3000", "https://*.example.com", "https://a.example/"},
       {"https://a.example/path", "https://a.example?x=1", "https://a.example#x", "null", "*", "com.example.app:/"}},
      {"no-angle-brackets", {"a & b"}, {"a<b", "a>b"}},
      {"dns-name", {"a.example", "localhost", "xn--a.example"}, {"", "-a.example", "a-.example", "a..b", "a/b"}},
      {"email-domain", {"acme.com", "Acme.COM", "büro.example"}, {"", "a@acme.com", "*.acme.com", "acme.com:25", "a b.com"}},
      {"color", {"#fff", "#A0b1C2"}, {"fff", "#ff", "#ggg"}},
      {"date-time", {"2026-08-20T10:11:12.345Z"}, {"2026-08-20", "2026-13-20T10:11:12Z", "x"}},
      {"network", {"10.0.0.0/8", "fd00::/8"}, {"10.0.0.0/33", "x"}},
      {"phone-number", {"+15551234567"}, {"5551234567", "+", "+1 555"}},
  };
  for (const auto& row : kRows) {
    ASSERT_TRUE(is_known_format(row.format)) << row.format;
    for (const std::string& value : row.good) EXPECT_TRUE(matches_format(row.format, value)) << row.format << " " << value;
    for (const std::string& value : row.bad) EXPECT_FALSE(matches_format(row.format, value)) << row.format << " " << value;
  }
  EXPECT_FALSE(is_known_format("uuid"));
}

}  // namespace
}  // namespace symbolon::management
