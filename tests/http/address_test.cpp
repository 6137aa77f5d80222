#include "http/address.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

bool is_public_text(const char* text) { return is_public(parse_address(text).value()); }

TEST(Address, WritesTheShortForm) {
  const std::pair<const char*, const char*> kForms[] = {
      {"1.2.3.4", "1.2.3.4"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"64:ff9b::1.2.3.4", "64:ff9b::102:304"},
      {"::ffff:1.2.3.4", "1.2.3.4"},
      {"0:0:0:0:0:FFFF:102:304", "1.2.3.4"},
  };
  for (const auto& [text, want] : kForms) {
    const auto address = parse_address(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(to_string(*address), want) << text;
    EXPECT_EQ(parse_address(want), address) << text;
  }
}

TEST(Address, RefusesEveryOtherSpelling) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.4.",
                           ".1.2.3.4",
                           "1..2.3",
                           "01.2.3.4",
                           "0177.0.0.1",
                           "0x7f.0.0.1",
                           "256.1.1.1",
                           "1.2.3.-4",
                           "1.2.3.+4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "2130706433",
                           "127.1",
                           "1.2.3.a",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7::8",
                           ":1:2:3:4:5:6:7:8",
                           "1:2:3:4:5:6:7:8:",
                           "12345::",
                           "g::",
                           "::1.2.3",
                           "::01.2.3.4",
                           "1.2.3.4::",
                           "::1%eth0",
                           "[::1]",
                           "::1/128",
                           "+1::",
                           "1.2.3.4:80",
                           "1:2:3:4:5:6:7:1.2.3.4"})
    EXPECT_EQ(parse_address(text), std::nullopt) << text;
}

// SEC-40: what lies just inside and just outside of every block.
TEST(Address, PublicIsWhatIsLeft) {
  for (const char* text :
       {"0.0.0.0",         "0.255.255.255",  "10.0.0.1",        "10.255.255.255", "100.64.0.1",      "100.127.255.255",
        "100.100.100.200", "127.0.0.1",      "127.255.255.255", "168.63.129.16",  "169.254.169.254", "169.254.0.0",
        "172.16.0.1",      "172.31.255.255", "192.0.0.192",     "192.0.2.1",      "192.88.99.1",     "192.168.0.1",
        "198.18.0.1",      "198.19.255.255", "198.51.100.1",    "203.0.113.1",    "224.0.0.1",       "239.255.255.255",
        "240.0.0.1",       "255.255.255.255"})
    EXPECT_FALSE(is_public_text(text)) << text;
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "168.63.129.15", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255"})
    EXPECT_TRUE(is_public_text(text)) << text;
}

TEST(Address, PublicIPv6IsGlobalUnicastOnly) {
  for (const char* text :
       {"::",      "::1",           "::127.0.0.1", "::8.8.8.8",   "fe80::1",      "febf::1",    "fec0::1",
        "fc00::1", "fd00:ec2::254", "ff02::1",     "2001:db8::1", "2001:2::1",    "2001:10::1", "2001:20::1",
        "3fff::1", "5f00::1",       "4000::",      "100::1",      "64:ff9b:1::1", "1fff::1"})
    EXPECT_FALSE(is_public_text(text)) << text;
  for (const char* text : {"2606:4700::1111", "2a00:1450::1", "2001:4860:4860::8888", "2003::1", "3ffe::1"})
    EXPECT_TRUE(is_public_text(text)) << text;
}

// An IPv4 address inside an IPv6 one is reached through the IPv6 one.
TEST(Address, EmbeddedIPv4IsJudged) {
  for (const char* text : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::127.0.0.1",
                           "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2002:c0a8:1::",
                           "2001:0:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:0:101:101:0:0:f5ff:fffe"})
    EXPECT_FALSE(is_public_text(text)) << text;
  for (const char* text : {"::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808:0:0:f7f7:f7f7"})
    EXPECT_TRUE(is_public_text(text)) << text;
}

TEST(Network, ContainsItsBlock) {
  const auto v4 = parse_network("172.16.0.0/12").value();
  EXPECT_TRUE(v4.contains(parse_address("172.31.255.255").value()));
  EXPECT_TRUE(v4.contains(parse_address("::ffff:172.16.0.1").value()));
  EXPECT_FALSE(v4.contains(parse_address("172.32.0.0").value()));
  EXPECT_FALSE(v4.contains(parse_address("2002:ac10::").value()));

  const auto v6 = parse_network("fd00::/8").value();
  EXPECT_TRUE(v6.contains(parse_address("fdff::1").value()));
  EXPECT_FALSE(v6.contains(parse_address("fc00::1").value()));

  EXPECT_TRUE(parse_network("10.1.2.3").value().contains(parse_address("10.1.2.3").value()));
  EXPECT_FALSE(parse_network("10.1.2.3").value().contains(parse_address("10.1.2.2").value()));
  EXPECT_TRUE(parse_network("0.0.0.0/0").value().contains(parse_address("255.1.1.1").value()));
  EXPECT_FALSE(parse_network("0.0.0.0/0").value().contains(parse_address("::1").value()));
}

TEST(Network, RefusesWhatIsNoBlock) {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8",
                           "10.0.0.1/8", "10/8", "fd00::/129", "fd00::1/64", "localhost/8", "10.0.0.0/a"})
    EXPECT_FALSE(parse_network(text).has_value()) << text;
}

TEST(Permits, PublicAlwaysAndPrivateOnlyWhenListed) {
  const EgressPolicy strict;
  const EgressPolicy listed{.allowed_networks = {"nonsense", "10.1.0.0/16", "::1/128"}};
  const EgressPolicy everything{.allow_private = true};
  const struct {
    const char* address;
    bool strict, listed;
  } kRows[] = {
      {"8.8.8.8", true, true},
      {"10.1.2.3", false, true},
      {"::ffff:10.1.2.3", false, true},
      {"10.2.0.1", false, false},
      {"::1", false, true},
      {"127.0.0.1", false, false},
      {"169.254.169.254", false, false},
      {"64:ff9b::10.1.2.3", false, false},
  };
  for (const auto& row : kRows) {
    const Address address = parse_address(row.address).value();
    EXPECT_EQ(permits(strict, address), row.strict) << row.address;
    EXPECT_EQ(permits(listed, address), row.listed) << row.address;
    EXPECT_TRUE(permits(everything, address)) << row.address;
  }
}

}  // namespace
}  // namespace symbolon::http
