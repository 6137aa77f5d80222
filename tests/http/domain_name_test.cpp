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
}

}  // namespace
}  // namespace symbolon::http
