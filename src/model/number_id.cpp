#include "model/number_id.h"

#include <array>
#include <stdexcept>

namespace symbolon::model {
namespace {

constexpr std::int64_t kEpochMillis = 1'556'496'000'000;  // 2019-04-29T00:00:00Z
constexpr std::size_t kDigits = 18;

}  // namespace

std::string make_number_id(Instant now, Random& random) {
  std::array<std::uint8_t, 3> low{};
  random.fill(low);
  const std::int64_t ticks = (to_epoch_millis(now) - kEpochMillis) / 10;
  const std::int64_t number = ticks * (1 << 24) + (low[0] << 16) + (low[1] << 8) + low[2];
  std::string id = std::to_string(number);
  if (number < 0 || id.size() != kDigits)
    throw std::runtime_error("the system clock is wrong: ids of 18 digits exist from March 2021 to March 2038");
  return id;
}

}  // namespace symbolon::model
