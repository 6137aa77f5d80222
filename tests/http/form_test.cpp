#include "http/form.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

TEST(Form, DecodesOnceAndKeepsOrder) {
  const auto form = Form::parse("b=x%20y&a=1%2B1&c=p+q&d=%C3%A9&e=%2525");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->all(), (Fields{{"b", "x y"}, {"a", "1+1"}, {"c", "p q"}, {"d", "é"}, {"e", "%25"}}));
}

TEST(Form, TreatsAnEmptyValueAsAbsent) {
  const auto form = Form::parse("prompt=&federated&state=s");
  ASSERT_TRUE(form);
  EXPECT_FALSE(form->has("prompt"));
  EXPECT_EQ(form->find("prompt"), std::nullopt);
  EXPECT_EQ(form->get("prompt"), "");
  EXPECT_TRUE(form->mentions("prompt"));
  EXPECT_TRUE(form->mentions("federated"));
  EXPECT_FALSE(form->mentions("scope"));
  EXPECT_EQ(form->get("state"), "s");
}

TEST(Form, AcceptsAnEmptyTextAndEmptyParts) {
  EXPECT_TRUE(Form::parse("")->all().empty());
  EXPECT_EQ(Form::parse("&&a=1&")->all(), (Fields{{"a", "1"}}));
  EXPECT_EQ(Form::parse("a=b=c")->get("a"), "b=c");
}

TEST(Form, RefusesMalformedText) {
  for (const char* text :
       {"a=%", "a=%4", "a=%zz", "a=%g0", "%=1", "a=%00", "%00=a", "a=%ff", "a=\xff", "a=%C3", "a=%ED%A0%80"}) {
    const auto form = Form::parse(text);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error(), FormError::malformed) << text;
  }
  EXPECT_FALSE(Form::parse(std::string_view("a=\0", 3)));
}

// RFC 6749 §3.1, however the second is spelled.
TEST(Form, RefusesANameGivenTwice) {
  for (const char* text : {"a=1&a=1", "a=1&b=2&a=", "a=1&%61=2", "a&a"}) {
    const auto form = Form::parse(text);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error(), FormError::repeated) << text;
    EXPECT_EQ(find_repeated(text), "a") << text;
  }
  EXPECT_TRUE(Form::parse("a=1&A=1"));
  EXPECT_EQ(find_repeated("a=1&b=1"), std::nullopt);
}

TEST(Form, KeepsNamesThatMayRepeat) {
  const auto form = Form::parse("resource=a&resource=b&x=1", {"resource"});
  ASSERT_TRUE(form);
  EXPECT_EQ(form->get_all("resource"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(Form::parse("resource=a&x=1&x=2", {"resource"}).error(), FormError::repeated);
  EXPECT_EQ(Form::parse_lenient("a=&a=2&a=3")->get_all("a"), (std::vector<std::string>{"2", "3"}));
}

TEST(Form, HoldsAtMostItsLimit) {
  std::string text;
  for (std::size_t i = 0; i < Form::kMaxParameters; ++i) text += "p" + std::to_string(i) + "=1&";
  EXPECT_EQ(Form::parse(text)->all().size(), Form::kMaxParameters);
  EXPECT_EQ(Form::parse(text + "last=1").error(), FormError::too_many);
  EXPECT_EQ(Form::parse_lenient(text + "last=1").error(), FormError::too_many);
}

TEST(Form, EncodesWhatItDecodes) {
  const Fields fields = {{"a b", "1+1=2&x"}, {"é", "%/?#\r\n"}, {"safe", "A-z0.9_~"}};
  const std::string text = encode_form(fields);
  EXPECT_EQ(text, "a%20b=1%2B1%3D2%26x&%C3%A9=%25%2F%3F%23%0D%0A&safe=A-z0.9_~");
  EXPECT_EQ(Form::parse(text)->all(), fields);
}

TEST(PercentDecode, LeavesPlusAloneAndDecodesOnce) {
  EXPECT_EQ(percent_decode("a+b%2Fc%2541"), "a+b/c%41");
  for (const char* text : {"%", "%1", "%zz", "%00", "%ff"}) EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace symbolon::http
