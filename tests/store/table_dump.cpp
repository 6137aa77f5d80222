#include "store/table_dump.h"

#include <stdexcept>

#include "store/tenant_tables.h"

namespace symbolon::store {
namespace {

// A row does not tell its types, so each is tried.
std::string cell(const db::Row& row, std::size_t column) {
  if (row.is_null(column)) return "NULL";
  try {
    return row.text(column);
  } catch (const std::logic_error&) {
  }
  try {
    return row.blob(column);
  } catch (const std::logic_error&) {
    return std::to_string(row.integer(column));
  }
}

std::string line(const std::string& table, const db::Row& row) {
  std::string text = table;
  try {
    for (std::size_t column = 0;; ++column) text += " | " + cell(row, column);
  } catch (const std::logic_error&) {  // past the last column
  }
  return text;
}

}  // namespace

std::vector<std::string> table_names(db::Transaction& tx) {
  std::vector<std::string> names;
  for (const db::Row& row : tx.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                                     " AND name <> 'schema_migrations' ORDER BY name"))
    names.push_back(row.text(0));
  return names;
}

std::vector<std::string> dump_table(db::Transaction& tx, const std::string& table, const std::string& condition,
                                    std::vector<db::Value> values) {
  std::vector<std::string> lines;
  for (const db::Row& row :
       tx.query("SELECT * FROM " + table + " WHERE " + condition + " ORDER BY 1, 2, 3", std::move(values)))
    lines.push_back(line(table, row));
  return lines;
}

std::vector<std::string> dump_tenant(db::Transaction& tx, const TenantId& tenant) {
  std::vector<std::string> lines;
  for (const std::string_view table : kTenantTables)
    for (std::string& one : dump_table(tx, std::string(table), "tenant = ?1", {tenant}))
      lines.push_back(std::move(one));
  return lines;
}

}  // namespace symbolon::store
