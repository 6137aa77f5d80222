#include "http/forwarded.h"

#include <gtest/gtest.h>

namespace symbolon::http {
namespace {

const std::vector<Network> kProxies = {parse_network("10.0.0.0/8").value(), parse_network("fd00::/8").value()};

std::string found(const char* peer, std::vector<std::string> lines, const std::vector<Network>& proxies = kProxies) {
  Headers headers;
  for (std::string& line : lines) headers.add("X-Forwarded-For", std::move(line));
  return to_string(client_address(parse_address(peer).value(), headers, proxies));
}

// T43
TEST(ClientAddress, AHeaderFromAnyoneElseChangesNothing) {
  EXPECT_EQ(found("203.0.113.7", {"1.1.1.1"}), "203.0.113.7");
  EXPECT_EQ(found("10.0.0.1", {"1.1.1.1"}, {}), "10.0.0.1");
}

TEST(ClientAddress, IsTheRightMostHopThatIsNoProxy) {
  EXPECT_EQ(found("10.0.0.1", {}), "10.0.0.1");
  EXPECT_EQ(found("10.0.0.1", {"198.51.100.2"}), "198.51.100.2");
  EXPECT_EQ(found("10.0.0.1", {"6.6.6.6, 198.51.100.2"}), "198.51.100.2");
  EXPECT_EQ(found("10.0.0.1", {"6.6.6.6, 198.51.100.2 , 10.0.0.9"}), "198.51.100.2");
  EXPECT_EQ(found("10.0.0.1", {"6.6.6.6", "198.51.100.2, 10.0.0.9"}), "198.51.100.2");
  EXPECT_EQ(found("10.0.0.1", {"198.51.100.2", "10.0.0.9"}), "198.51.100.2");
  EXPECT_EQ(found("::ffff:10.0.0.1", {"198.51.100.2"}), "198.51.100.2");
  EXPECT_EQ(found("10.0.0.1", {"10.0.0.5, 10.0.0.9"}), "10.0.0.5");
}

TEST(ClientAddress, ReadsHopsWithPorts) {
  EXPECT_EQ(found("fd00::1", {"198.51.100.2:4711"}), "198.51.100.2");
  EXPECT_EQ(found("fd00::1", {"[2001:db8::1]:4711"}), "2001:db8::1");
  EXPECT_EQ(found("fd00::1", {"[2001:db8::1]"}), "2001:db8::1");
  EXPECT_EQ(found("fd00::1", {"2001:db8::1"}), "2001:db8::1");
}

TEST(ClientAddress, AnUnreadableHopEndsTheSearch) {
  EXPECT_EQ(found("10.0.0.1", {"1.1.1.1, unknown"}), "10.0.0.1");
  EXPECT_EQ(found("10.0.0.1", {"1.1.1.1, _hidden, 10.0.0.9"}), "10.0.0.9");
  EXPECT_EQ(found("10.0.0.1", {"1.1.1.1,"}), "10.0.0.1");
  EXPECT_EQ(found("10.0.0.1", {"[::1"}), "10.0.0.1");
}

}  // namespace
}  // namespace symbolon::http
