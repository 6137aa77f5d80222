#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "db/value.h"

namespace symbolon::db {

/// One result row. A column read as the wrong type is our bug and throws std::logic_error.
class Row {
 public:
  explicit Row(std::vector<Value::Variant> columns) : columns_(std::move(columns)) {}

  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  bool flag(std::size_t column) const { return integer(column) != 0; }
  const std::string& text(std::size_t column) const;
  const std::string& blob(std::size_t column) const;
  Instant instant(std::size_t column) const { return from_epoch_millis(integer(column)); }
  std::optional<Instant> optional_instant(std::size_t column) const;
  std::optional<std::string> optional_text(std::size_t column) const;
  /// Text, or an empty string for NULL.
  std::string text_or_empty(std::size_t column) const;
  /// Moves the value out of the row; the column reads as empty afterwards.
  std::string take_text(std::size_t column) { return std::move(const_cast<std::string&>(text(column))); }
  std::string take_blob(std::size_t column) { return std::move(const_cast<std::string&>(blob(column))); }

 private:
  std::vector<Value::Variant> columns_;
};

/// The database is broken or out of reach; never "no such row".
class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A unique key refused a row that was not inserted with ON CONFLICT; undoes the whole unit of work.
class UniqueViolation : public DatabaseError {
 public:
  using DatabaseError::DatabaseError;
};

using Parameters = std::initializer_list<Value>;

/// One unit of work. Statements are SQL that SQLite and PostgreSQL share, parameters are ?1, ?2, … Statements are
/// prepared once per driver connection. Not thread-safe; never outlives the function that it was given to.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual std::vector<Row> query(std::string_view sql, std::vector<Value> parameters) = 0;
  /// Rows changed.
  virtual std::int64_t execute(std::string_view sql, std::vector<Value> parameters) = 0;

  std::vector<Row> query(std::string_view sql, Parameters parameters = {}) {
    return query(sql, std::vector<Value>(parameters));
  }
  std::int64_t execute(std::string_view sql, Parameters parameters = {}) {
    return execute(sql, std::vector<Value>(parameters));
  }
  /// The first row; nullopt when there is none.
  std::optional<Row> query_one(std::string_view sql, Parameters parameters = {});
};

}  // namespace symbolon::db
