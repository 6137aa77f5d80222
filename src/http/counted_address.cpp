#include "http/counted_address.h"

#include <algorithm>
#include <array>

#include "http/address.h"

namespace symbolon::http {

std::string counted_address(std::string_view client_address) {
  const auto address = parse_address(client_address);
  if (!address || address->is_v4()) return std::string(client_address);
  std::array<std::uint8_t, 16> block{};
  std::ranges::copy(address->bytes().first(8), block.begin());
  return to_string(Address::v6(block)) + "/64";
}

}  // namespace symbolon::http
