#include "http/domain_name.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

TEST(DomainName, IsWrittenAsItIsLookedUp) {
  EXPECT_EQ(to_a_labels("Corp.Example"), "corp.example");
  EXPECT_EQ(to_a_labels("a-b.co.uk"), "a-b.co.uk");
  EXPECT_EQ(to_a_labels("xn--bcher-kva.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("corp"), "corp");
}

// Pairs that registries publish.
TEST(DomainName, LabelsOutsideAsciiBecomePunycode) {
  EXPECT_EQ(to_a_labels("bücher.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("BÜCHER.example"), "xn--bcher-kva.example");
  EXPECT_EQ(to_a_labels("münchen.de"), "xn--mnchen-3ya.de");
  EXPECT_EQ(to_a_labels("МОСКВА.рф"), "xn--80adxhks.xn--p1ai");
  EXPECT_EQ(to_a_labels("例え.jp"), "xn--r8jz45g.jp");
  EXPECT_EQ(to_a_labels("ελληνικά.gr"), "xn--hxargifdar.gr");
}

TEST(DomainName, WhatIsNoNameIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("."), std::string("a..b"), std::string(".a"), std::string("a."), std::string("a b.c"),
        std::string("a_b.c"), std::string("-a.c"), std::string("a-.c"), std::string("a/b"), std::string("*.c"),
        std::string("a:443"), std::string("\xff.c"), std::string(64, 'a') + ".c", std::string("[::1]"),
        "a." + std::string(130, 'b') + "." + std::string(130, 'c')})
    EXPECT_FALSE(to_a_labels(text)) << text;
  std::string labels;
  for (int i = 0; i < 64; ++i) labels += "abc.";
  EXPECT_FALSE(to_a_labels(labels + "abc"));
  std::string encoded;
  for (int i = 0; i < 30; ++i) encoded += "ü.";
  EXPECT_TRUE(to_a_labels(encoded + "abc"));
  for (int i = 0; i < 10; ++i) encoded += "ü.";
  EXPECT_FALSE(to_a_labels(encoded + "abc"));
}

// RFC 3492 §7.1: what people write in their languages, and mixtures with ASCII.
TEST(DomainName, PublishedSamplesOfPunycode) {
  const struct {
    const char *text, *label;
  } kRows[] = {
      {"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
      {"Pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a"},
      {"למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"},
      {"यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "xn--i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd"},
      {"なぜみんな日本語を話してくれないのか", "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa"},
      {"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
      {"PorquénopuedensimplementehablarenEspañol", "xn--porqunopuedensimplementehablarenespaol-fmd56a"},
      {"TạisaohọkhôngthểchỉnóitiếngViệt", "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"},
      {"3年B組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
      {"安室奈美恵-with-SUPER-MONKEYS", "xn---with-super-monkeys-pc58ag80a8qai00g7n9n"},
      {"Hello-Another-Way-それぞれの場所", "xn--hello-another-way--fc4qua05auwb3674vfr0b"},
      {"MajiでKoiする5秒前", "xn--majikoi5-783gue6qz075azm5e"},
      {"そのスピードで", "xn--d9juau41awczczp"},
  };
  for (const auto& row : kRows) EXPECT_EQ(to_a_labels(row.text), row.label) << row.text;
}

// UTS #46 §4: one name in every spelling that keyboards make of it.
TEST(DomainName, SpellingsOfOneNameAreOneName) {
  EXPECT_EQ(to_a_labels("bu\u0308cher.example"), "xn--bcher-kva.example") << "a combining mark";
  EXPECT_EQ(to_a_labels("ａｂｃ.example"), "abc.example") << "full width";
  EXPECT_EQ(to_a_labels("例え。jp"), "xn--r8jz45g.jp") << "the full stop of the script";
  EXPECT_EQ(to_a_labels("bü\u00adcher.example"), "xn--bcher-kva.example") << "a soft hyphen";
  EXPECT_EQ(to_a_labels("München.XN--P1AI"), "xn--mnchen-3ya.xn--p1ai");
  EXPECT_EQ(to_a_labels("faß.de"), "xn--fa-hia.de") << "not fass.de, which may be another's";
  EXPECT_EQ(to_a_labels("βόλος.com"), "xn--nxasmm1c.com") << "the final sigma too";
  EXPECT_EQ(to_a_labels("ΒΌΛΟΣ.com"), "xn--nxasmq6b.com");
  EXPECT_EQ(to_a_labels("क्\u200dष.com"), "xn--11b2ezcw70k.com") << "a joiner where the script has one";
}

TEST(DomainName, WhatNamesOutsideAsciiMayNotHoldIsRefused) {
  const struct {
    const char* name;
    std::string text;
  } kRows[] = {
      {"emoji", "💩.la"},
      {"symbol", "☃.net"},
      {"no character yet", "\u0378.com"},
      {"surrogate", "\xed\xa0\x80.com"},
      {"right to left with left to right", "אa.com"},
      {"right to left after a digit", "1א.com"},
      {"digits of two kinds", "\u0660\u06f0.com"},
      {"joiner between Latin letters", "a\u200db.com"},
      {"combining mark first", "\u0301a.com"},
      {"hyphen first", "-ü.com"},
      {"hyphen last", "ü-.com"},
      {"an A-label's prefix", "xn--ü.com"},
      {"underscore", "ü_b.com"},
      {"blank", "ü b.com"},
      {"no-break space", "a\u00a0b.com"},
      {"Greek question mark, which is a semicolon", "a\u037eb.com"},
      {"slash", "ü/b"},
      {"port", "ü:443"},
      {"wildcard", "*.ü"},
      {"empty label", "ü..b"},
      {"empty last label", "ü。"},
      {"nothing but a soft hyphen", "\u00ad.com"},
      {"NUL", std::string("ü\0.com", 7)},
      {"bad UTF-8", "ü\xff.com"},
      {"long when encoded", "세계의모든사람들이한국어를이해한다면얼마나좋을까"},
  };
  for (const auto& row : kRows) EXPECT_FALSE(to_a_labels(row.text)) << row.name;
}

TEST(DomainName, ALabelsAreComparedAndNotDecoded) {
  for (const char* name : {"xn--ls8h.la", "xn--a.com", "r3---sn-x.example"}) EXPECT_EQ(to_a_labels(name), name);
}

}  // namespace
}  // namespace symbolon::http
