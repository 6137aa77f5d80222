#include "login_storm/html_form.h"

#include <gtest/gtest.h>

namespace symbolon::bench {
namespace {

TEST(HtmlForm, ReadsAFormPostPage) {
  const auto form = find_form(R"(<!doctype html><title>x</title><body onload="a>b">
    <form method="POST" action="https://a.example/cb?x=1&amp;y=2">
    <input type="hidden" name="state" value="a&quot;b&#39;c&lt;&#x3e;&amp;amp;"/>
    <INPUT TYPE=hidden NAME=code VALUE=xyz>
    <noscript><button type="submit">Continue</button></noscript></form>)");
  ASSERT_TRUE(form);
  EXPECT_TRUE(form->post);
  EXPECT_EQ(form->action, "https://a.example/cb?x=1&y=2");
  EXPECT_EQ(form->fields, (Parameters{{"state", "a\"b'c<>&amp;"}, {"code", "xyz"}}));
}

TEST(HtmlForm, PressesTheFirstButtonOnly) {
  const auto form = find_form(
      "<form method=post><input name=req value=1><button type=submit name=approval value=approve>Yes</button>"
      "<button name=approval value=reject>No</button><input type=submit name=other value=x></form>");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->fields, (Parameters{{"req", "1"}, {"approval", "approve"}}));
}

TEST(HtmlForm, SendsOnlyWhatABrowserWouldSend) {
  const auto form = find_form(
      "<form><input type=checkbox name=a value=1><input type=checkbox name=b value=1 checked>"
      "<input type=radio name=c value=1><input type=radio name=c value=2 checked='checked'>"
      "<input type=reset name=d value=1><button type=button name=e value=1>x</button>"
      "<input name=f value=1 disabled><input value=nameless><input name=g></form><input name=outside value=1>");
  ASSERT_TRUE(form);
  EXPECT_FALSE(form->post);
  EXPECT_EQ(form->fields, (Parameters{{"b", "1"}, {"c", "2"}, {"g", ""}}));
}

TEST(HtmlForm, TakesTheFirstForm) {
  const auto form = find_form("<!-- <form action=/commented> --><form action=/one></form><form action=/two></form>");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->action, "/one");
}

TEST(HtmlForm, KeepsAnAmpersandThatStartsNoEntity) {
  const auto form = find_form("<form action='/a?b=1&c=2&nbsp;&#0;&'></form>");
  ASSERT_TRUE(form);
  EXPECT_EQ(form->action, "/a?b=1&c=2&nbsp;&#0;&");
}

TEST(HtmlForm, FindsNoneWhereThereIsNone) {
  for (const char* html : {"", "no tags", "<p>formless</p>", "<formula>", "<!-- <form> ", "<"}) {
    SCOPED_TRACE(html);
    EXPECT_FALSE(find_form(html));
  }
}

TEST(HtmlForm, SurvivesAPageThatBreaksOff) {
  for (const char* html : {"<form", "<form action", "<form action=", "<form action=\"x", "<form><input name='a"}) {
    SCOPED_TRACE(html);
    EXPECT_TRUE(find_form(html));
  }
}

TEST(HtmlForm, FindsTheTitle) {
  EXPECT_EQ(find_title("<html><head><title> Callback &amp; more </title></head>"), "Callback & more");
  EXPECT_EQ(find_title("<p>nothing</p>"), "");
}

}  // namespace
}  // namespace symbolon::bench
