#include <array>
#include <stdexcept>

#include "db/transaction.h"

namespace symbolon::db {
namespace {

// Names the types only: the message may reach a log, and the value must not.
[[noreturn]] void throw_wrong_type(std::size_t column, const Value::Variant& value, const char* wanted) {
  static constexpr std::array kNames = {"NULL", "an integer", "text", "a blob"};
  throw std::logic_error("column " + std::to_string(column) + " holds " + kNames.at(value.index()) + ", read as " +
                         wanted);
}

template <class T>
const T& get(const std::vector<Value::Variant>& columns, std::size_t column, const char* wanted) {
  if (column >= columns.size()) {
    throw std::logic_error("column " + std::to_string(column) + " read from a row of " +
                           std::to_string(columns.size()));
  }
  if (const T* value = std::get_if<T>(&columns[column])) return *value;
  throw_wrong_type(column, columns[column], wanted);
}

}  // namespace

bool Row::is_null(std::size_t column) const {
  if (column < columns_.size()) return std::holds_alternative<std::monostate>(columns_[column]);
  throw std::logic_error("column " + std::to_string(column) + " read from a row of " + std::to_string(columns_.size()));
}

std::int64_t Row::integer(std::size_t column) const { return get<std::int64_t>(columns_, column, "an integer"); }

const std::string& Row::text(std::size_t column) const { return get<std::string>(columns_, column, "text"); }

const std::string& Row::blob(std::size_t column) const { return get<Blob>(columns_, column, "a blob").bytes; }

std::optional<Instant> Row::optional_instant(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return instant(column);
}

std::optional<std::string> Row::optional_text(std::size_t column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

std::string Row::text_or_empty(std::size_t column) const { return is_null(column) ? std::string() : text(column); }

std::optional<Row> Transaction::query_one(std::string_view sql, Parameters parameters) {
  std::vector<Row> rows = query(sql, parameters);
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace symbolon::db
