#include "login_storm/schedule.h"

namespace symbolon::bench {

Schedule::Schedule(const LoadOptions& load, Moment start) : rate_(load.rate), arrivals_(load.arrivals), due_(start) {}

Schedule::Moment Schedule::next(Moment now) {
  if (rate_ <= 0) return now;
  const double gap = arrivals_ == Arrivals::even ? 1 / rate_ : std::exponential_distribution<double>(rate_)(engine_);
  due_ += std::chrono::duration_cast<Moment::duration>(std::chrono::duration<double>(gap));
  return due_;
}

}  // namespace symbolon::bench
