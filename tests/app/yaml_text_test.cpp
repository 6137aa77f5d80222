#include "app/yaml_text.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/temporary_folder.h"

namespace symbolon::app {
namespace {

namespace json = boost::json;

json::value read(const std::string& text) {
  const auto file = read_yaml(text, ".");
  EXPECT_TRUE(file) << file.error();
  return file ? file->value : json::value();
}

std::string mistake(const std::string& text) {
  const auto file = read_yaml(text, ".");
  EXPECT_FALSE(file) << text;
  return file ? "" : file.error();
}

TEST(ReadYaml, PlainScalarsHaveTheirTypesAndQuotedOnesAreText) {
  EXPECT_EQ(read("[1, -7, 1.5, true, False, ~, null, yes, 0x10, 1.2.3, '1', \"true\", '']"),
            json::parse(R"([1,-7,1.5,true,false,null,null,"yes","0x10","1.2.3","1","true",""])"));
  EXPECT_EQ(read(""), json::value());
  EXPECT_EQ(read("a: { b: [c, d: e] }\n# a remark\nf: |\n  two\n  lines\n"),
            json::parse(R"({"a":{"b":["c",{"d":"e"}]},"f":"two\nlines\n"})"));
  EXPECT_EQ(read("a: &x {b: 1}\nc: *x"), json::parse(R"({"a":{"b":1},"c":{"b":1}})"));
}

TEST(ReadYaml, MistakesAreNamedWithTheirLine) {
  EXPECT_EQ(mistake("a: 1\nb: 2\na: 3"), "line 3: 'a' is given twice");
  EXPECT_EQ(mistake("a: !vault x"), "line 1: unknown tag !vault; there are !env and !file");
  EXPECT_EQ(mistake("\na: !env NOT_SET_ANYWHERE"), "line 2: the environment variable NOT_SET_ANYWHERE is not set");
  EXPECT_EQ(mistake("a: !file nowhere"), "line 1: the file nowhere cannot be read");
  EXPECT_EQ(mistake("[a, b]: c"), "line 1: a name must be text");
  EXPECT_TRUE(mistake("a: [").starts_with("line "));
  EXPECT_NE(mistake(std::string(100, '[') + std::string(100, ']')).find("nested too deeply"), std::string::npos);
}

TEST(ReadYaml, SecretsComeFromTheEnvironmentAndFromFiles) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "secret") << "from a file\n";
  setenv("YAML_TEXT_TEST", "from the environment: 7", 1);
  const auto file = read_yaml("a: !env YAML_TEXT_TEST\nb: !file secret", folder.path());
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->value, json::parse(R"({"a":"from the environment: 7","b":"from a file"})"));
  EXPECT_EQ(file->secrets, (std::vector<std::string>{"from the environment: 7", "from a file"}));
}

TEST(WriteYaml, ReadsBackAsItWas) {
  const auto value = json::parse(R"({"text":"plain words","list":["a",1,true,null,{"b":[]},{}],"empty":"",
    "tricky":["true","No","null","~","1","-1","1.5","0x1","a: b","a #b","- a"," a","a ","@a","!env X","*a","&a","%a",
              "'","\"","\\","{","[","a,b","é","\u0001","\ttab","null ","y","=","<<"],
    "lines":"one\ntwo\n","no last break":"one\ntwo","${context.tokenset.email}":"${context.userinfo.a} b",
    "number":12345678901234,"fraction":0.25,"":"no name"})");
  EXPECT_EQ(read(write_yaml(value)), value) << write_yaml(value);
}

TEST(WriteYaml, FractionsAreWrittenAsPeopleDo) {
  const json::value value = json::object{{"half", 0.5}, {"two", 2.0}, {"much", 1e30}};
  EXPECT_EQ(write_yaml(value).substr(0, 19), "half: 0.5\ntwo: 2.0\n");
  EXPECT_EQ(read(write_yaml(value)), value);
}

}  // namespace
}  // namespace symbolon::app
