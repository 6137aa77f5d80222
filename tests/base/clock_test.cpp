#include "base/clock.h"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

TEST(Iso8601, ComesBackAsItWas) {
  for (const std::int64_t millis : {std::int64_t{0}, std::int64_t{1'700'000'000'123}, std::int64_t{951'782'400'000}}) {
    const Instant at = from_epoch_millis(millis);
    EXPECT_EQ(from_iso8601(to_iso8601(at)), at);
  }
  EXPECT_EQ(to_iso8601(from_epoch_millis(1'700'000'000'123)), "2023-11-14T22:13:20.123Z");
}

TEST(Iso8601, ReadsTheOtherFormsOfRfc3339) {
  const Instant at = from_epoch_millis(1'700'000'000'000);
  const struct {
    const char* text;
    std::chrono::milliseconds after;
  } rows[] = {
      {"2023-11-14T22:13:20Z", std::chrono::milliseconds(0)},
      {"2023-11-14t22:13:20z", std::chrono::milliseconds(0)},
      {"2023-11-14T22:13:20.5Z", std::chrono::milliseconds(500)},
      {"2023-11-14T22:13:20.1239999Z", std::chrono::milliseconds(123)},
      {"2023-11-15T00:13:20+02:00", std::chrono::milliseconds(0)},
      {"2023-11-14T16:43:20.010-05:30", std::chrono::milliseconds(10)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.text);
    EXPECT_EQ(from_iso8601(row.text), at + row.after);
  }
}

TEST(Iso8601, RefusesEverythingElse) {
  for (const char* text :
       {"", "2023-11-14", "2023-11-14T22:13Z", "2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z", "2023-11-14T22:13:60Z",
        "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20+0200", "2023-11-14T22:13:20+24:00", "2023-11-14T22:13:20Zz",
        "+023-11-14T22:13:20Z", "2023-1-14T22:13:20Z"})
    EXPECT_FALSE(from_iso8601(text)) << text;
}

}  // namespace
}  // namespace symbolon
