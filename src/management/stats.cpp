#include "management/stats.h"

#include "store/log_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;
using std::chrono::days;

constexpr days kDefaultRange{30};
constexpr days kLongestRange{100};
constexpr days kActiveWithin{30};

std::optional<std::chrono::sys_days> read_day(const std::string& text) {
  const auto at = from_iso8601(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6) + "T00:00:00Z");
  if (!at) return std::nullopt;
  return std::chrono::floor<days>(*at);
}

struct Range {
  std::chrono::sys_days first, last;
};

// Both ends belong to it; the last thirty days when nothing is said.
std::expected<Range, Problem> read_range(const Call& call, Instant now) {
  Range range{};
  range.last = std::chrono::floor<days>(now);
  if (const std::string to = call.query.get("to"); !to.empty()) {
    const auto day = read_day(to);
    if (!day) return std::unexpected(invalid_query("There is no such day: " + to, "to", "Last day, YYYYMMDD"));
    range.last = *day;
  }
  range.first = range.last - (kDefaultRange - days(1));
  if (const std::string from = call.query.get("from"); !from.empty()) {
    const auto day = read_day(from);
    if (!day) return std::unexpected(invalid_query("There is no such day: " + from, "from", "First day, YYYYMMDD"));
    range.first = *day;
  }
  if (range.first > range.last)
    return std::unexpected(invalid_query("The range ends before it begins", "from", "First day, YYYYMMDD"));
  if (range.last - range.first >= kLongestRange)
    return std::unexpected(invalid_query("At most 100 days are counted at a time", "from", "First day, YYYYMMDD"));
  return range;
}

}  // namespace

void Stats::register_on(Api& api) {
  api.on("stats_daily", [this](Call call) { return daily(std::move(call)); });
  api.on("stats_active_users", [this](Call call) { return active_users(std::move(call)); });
}

Task<Answer> Stats::daily(Call call) {
  const Instant now = services_.clock.now();
  const auto range = read_range(call, now);
  if (!range) co_return std::unexpected(range.error());
  db::StepBudget budget(services_.search_steps);
  json::array shown;
  try {
    for (auto day = range->first; day <= range->last; day += days(1)) {
      const auto count = co_await services_.db.search(budget, [&](db::Transaction& tx) {
        return store::LogStore(tx, call.tenant).count_logins(Instant(day), Instant(day + days(1)));
      });
      const std::string counted_at = to_iso8601(std::min<Instant>(now, Instant(day + days(1))));
      shown.push_back(json::object{{"date", to_iso8601(Instant(day))},
                                   {"logins", count.logins},
                                   {"signups", count.signups},
                                   {"leaked_passwords", 0},
                                   {"created_at", to_iso8601(Instant(day))},
                                   {"updated_at", counted_at}});
    }
  } catch (const db::BudgetExceeded&) {
    co_return std::unexpected(search_too_large("Ask for fewer days."));
  }
  co_return json_answer(200, shown);
}

Task<Answer> Stats::active_users(Call call) {
  const Instant since = services_.clock.now() - kActiveWithin;
  db::StepBudget budget(services_.search_steps);
  try {
    const std::int64_t count = co_await services_.db.search(
        budget, [&](db::Transaction& tx) { return store::UserStore(tx, call.tenant).count_active(since); });
    co_return json_answer(200, json::value(count));
  } catch (const db::BudgetExceeded&) {
    co_return std::unexpected(search_too_large("There are too many users to count."));
  }
}

}  // namespace symbolon::management
