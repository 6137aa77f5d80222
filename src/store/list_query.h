#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/transaction.h"
#include "store/page.h"
#include "store/row_reader.h"

namespace symbolon::store {

/// A list that is read window by window: FROM and WHERE, put together from constant pieces only, with its values.
class ListQuery {
 public:
  /// `from` names one table or join whose rows `position` orders: a unique, positive, growing number.
  ListQuery(std::string_view from, std::string_view position) : from_(from), position_(position) {}

  /// Adds `column = value`.
  ListQuery& where(std::string_view column, db::Value value);
  /// Adds `column IN (values)`; nothing when there are none.
  ListQuery& where_in(std::string_view column, const std::vector<std::string>& values);
  /// Adds a condition without values.
  ListQuery& where(std::string_view condition);

  std::int64_t count(db::Transaction& tx) const;
  /// `columns` of at most one row more than the window, each row led by its position.
  std::vector<db::Row> rows(db::Transaction& tx, std::string_view columns, const Window& window) const;

 private:
  std::string next_parameter(db::Value value);
  std::string condition() const { return conditions_.empty() ? std::string() : " WHERE " + conditions_; }
  void add(std::string condition);

  std::string_view from_, position_;
  std::string conditions_;
  std::vector<db::Value> values_;
};

/// Splits what ListQuery::rows() found into a page: the row too many only says that there is a next one.
template <class Read>
auto page_of(std::vector<db::Row> rows, std::int64_t total, const Window& window, Read read) {
  Page<decltype(read(RowReader(rows.front())))> page;
  page.total = total;
  const auto size = std::min(rows.size(), static_cast<std::size_t>(std::max<std::int64_t>(window.limit, 0)));
  page.items.reserve(size);
  for (std::size_t at = 0; at < size; ++at) page.items.push_back(read(RowReader(rows[at], 1)));
  if (size > 0 && rows.size() > size) page.next = rows[size - 1].integer(0);
  return page;
}

template <class Read>
auto read_page(db::Transaction& tx, const ListQuery& query, std::string_view columns, const Window& window, Read read) {
  return page_of(query.rows(tx, columns, window), window.with_total ? query.count(tx) : 0, window, read);
}

}  // namespace symbolon::store
