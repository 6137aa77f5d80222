#include "db/sqlite/statement.h"

#include <sqlite3.h>

#include <stdexcept>
#include <string>

#include "base/text.h"
#include "db/sqlite/errors.h"

namespace symbolon::db::sqlite {
namespace {

std::string quoted(sqlite3_stmt* statement) { return " [" + std::string(sqlite3_sql(statement)) + "]"; }

int bind(sqlite3_stmt* statement, int index, const Value::Variant& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return sqlite3_bind_int64(statement, index, *number);
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    return sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
  }
  return sqlite3_bind_null(statement, index);
}

Value::Variant column(sqlite3_stmt* statement, int index) {
  const auto bytes = [&](const void* start) {
    const int size = sqlite3_column_bytes(statement, index);
    return start == nullptr ? std::string() : std::string(static_cast<const char*>(start), size);
  };
  switch (sqlite3_column_type(statement, index)) {
    case SQLITE_NULL:
      return std::monostate();
    case SQLITE_INTEGER:
      return std::int64_t{sqlite3_column_int64(statement, index)};
    case SQLITE_TEXT:
      return bytes(sqlite3_column_text(statement, index));
    case SQLITE_BLOB:
      return Blob{bytes(sqlite3_column_blob(statement, index))};
    default:
      throw std::logic_error("column " + std::to_string(index) + " is a floating-point number" + quoted(statement));
  }
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* compiled = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &compiled, &rest);
  statement_.reset(compiled);
  if (code == SQLITE_AUTH) {
    throw std::logic_error("a unit of work must not begin, end or configure anything [" + std::string(sql) + "]");
  }
  if (code != SQLITE_OK) throw_last_error(connection, sql, Wording::as_sqlite_says);
  const std::string_view tail = trim(sql.substr(static_cast<std::size_t>(rest - sql.data())));
  if (compiled == nullptr || !tail.empty()) {
    throw std::logic_error("not exactly one SQL statement [" + std::string(sql) + "]");
  }
  check_parameters();
}

void Statement::check_parameters() const {
  const int count = sqlite3_bind_parameter_count(statement_.get());
  for (int index = 1; index <= count; ++index) {
    const char* name = sqlite3_bind_parameter_name(statement_.get(), index);
    if (name == nullptr || *name != '?') {
      throw std::logic_error("parameters are not ?1, ?2 and so on, each of them used" + quoted(statement_.get()));
    }
  }
}

bool Statement::is_read_only() const { return sqlite3_stmt_readonly(statement_.get()) != 0; }

Statement::Run::Run(Statement& statement, const std::vector<Value>& parameters)
    : statement_(statement.statement_.get()) {
  const int count = sqlite3_bind_parameter_count(statement_);
  if (static_cast<std::size_t>(count) != parameters.size()) {
    throw std::logic_error(std::to_string(parameters.size()) + " parameters given, " + std::to_string(count) +
                           " expected" + quoted(statement_));
  }
  for (int index = 1; index <= count; ++index) {
    if (bind(statement_, index, parameters[index - 1].get()) != SQLITE_OK) {
      throw_last_error(sqlite3_db_handle(statement_), sqlite3_sql(statement_), Wording::without_values);
    }
  }
}

Statement::Run::~Run() { sqlite3_reset(statement_); }

bool Statement::Run::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw_last_error(sqlite3_db_handle(statement_), sqlite3_sql(statement_), Wording::without_values);
}

std::vector<Value::Variant> Statement::Run::columns() const {
  const int count = sqlite3_column_count(statement_);
  std::vector<Value::Variant> values;
  values.reserve(count);
  for (int index = 0; index < count; ++index) values.push_back(column(statement_, index));
  return values;
}

}  // namespace symbolon::db::sqlite
