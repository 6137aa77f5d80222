#include "store/list_query.h"

namespace symbolon::store {

std::string ListQuery::next_parameter(db::Value value) {
  values_.push_back(std::move(value));
  return "?" + std::to_string(values_.size());
}

void ListQuery::add(std::string condition) {
  if (!conditions_.empty()) conditions_ += " AND ";
  conditions_ += condition;
}

ListQuery& ListQuery::where(std::string_view column, db::Value value) {
  add(std::string(column) + " = " + next_parameter(std::move(value)));
  return *this;
}

ListQuery& ListQuery::where_in(std::string_view column, const std::vector<std::string>& values) {
  if (values.empty()) return *this;
  std::string list;
  for (const std::string& value : values) {
    if (!list.empty()) list += ", ";
    list += next_parameter(value);
  }
  add(std::string(column) + " IN (" + list + ")");
  return *this;
}

ListQuery& ListQuery::where(std::string_view condition) {
  add(std::string(condition));
  return *this;
}

std::int64_t ListQuery::count(db::Transaction& tx) const {
  std::string sql = "SELECT count(*) FROM ";
  sql += from_;
  sql += condition();
  return tx.query(sql, values_).front().integer(0);
}

std::vector<db::Row> ListQuery::rows(db::Transaction& tx, std::string_view columns, const Window& window) const {
  if (window.limit <= 0) return {};
  ListQuery bounded = *this;
  bounded.add(std::string(position_) + " > " + bounded.next_parameter(window.after));
  std::string sql = "SELECT ";
  sql += position_;
  sql += ", ";
  sql += columns;
  sql += " FROM ";
  sql += from_;
  sql += bounded.condition();
  sql += " ORDER BY ";
  sql += position_;
  sql += " LIMIT " + bounded.next_parameter(window.limit + 1);
  sql += " OFFSET " + bounded.next_parameter(std::max<std::int64_t>(window.offset, 0));
  return tx.query(sql, std::move(bounded.values_));
}

}  // namespace symbolon::store
