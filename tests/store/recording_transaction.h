#pragma once

#include <string>
#include <utility>
#include <vector>

#include "db/transaction.h"

namespace symbolon::store {

/// Passes everything on to another transaction and remembers the statements.
class RecordingTransaction final : public db::Transaction {
 public:
  explicit RecordingTransaction(db::Transaction& inner) : inner_(inner) {}

  using db::Transaction::execute;
  using db::Transaction::query;
  std::vector<db::Row> query(std::string_view sql, std::vector<db::Value> parameters) override {
    statements.emplace_back(sql, parameters);
    return inner_.query(sql, std::move(parameters));
  }
  std::int64_t execute(std::string_view sql, std::vector<db::Value> parameters) override {
    statements.emplace_back(sql, parameters);
    return inner_.execute(sql, std::move(parameters));
  }

  std::vector<std::pair<std::string, std::vector<db::Value>>> statements;

 private:
  db::Transaction& inner_;
};

}  // namespace symbolon::store
