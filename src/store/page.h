#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::store {

/// A window on a list ordered by creation: the first `limit` records after `after`, or `limit` records from `offset`.
struct Window {
  std::int64_t after = 0;  ///< sequence number of the last record seen; 0 from the start
  std::int64_t offset = 0;
  std::int64_t limit = 50;
  bool with_total = true;  ///< counting walks everything that matches
};

/// `next` is the sequence number to continue after; absent on the last page. `total` counts all that match, if
/// the window asked for it.
template <class T>
struct Page {
  std::vector<T> items;
  std::optional<std::int64_t> next;
  std::int64_t total = 0;
};

enum class Insert { done, duplicate };
/// Outcome of a write that names the version it was based on.
enum class Update { done, missing, changed_meanwhile };

}  // namespace symbolon::store
