// Addresses and networks, against the system's own reading.

#include "http/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

#include "check.h"

namespace {

using namespace symbolon;

http::Address by_the_system(const std::string& text) {
  std::array<std::uint8_t, 4> v4{};
  std::array<std::uint8_t, 16> v6{};
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return http::Address::v4(v4);
  check(::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1);
  return http::Address::v6(v6);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(view(bytes, size));
  if (const auto address = http::parse_address(text)) {
    check(*address == by_the_system(text));
    check(http::parse_address(to_string(*address)) == address);
    check(!address->is_loopback() || !is_public(*address));
  }
  if (const auto network = http::parse_network(text)) check(network->contains(network->base));
  return 0;
}
