#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.h"
#include "model/sealed.h"
#include "store/text_list.h"

namespace symbolon::store {

/// Reads the columns of a row one after the other and moves the texts out. In a braced initialiser members are read in
/// the order in which they stand, so that a record's columns are listed in the order of its members.
class RowReader {
 public:
  explicit RowReader(db::Row& row, std::size_t first = 0) : row_(row), at_(first) {}

  bool at_null() const { return row_.is_null(at_); }
  void skip() { ++at_; }
  std::string text() { return row_.take_text(at_++); }
  /// Empty for NULL.
  std::string text_or_empty() { return at_null() ? (skip(), std::string()) : text(); }
  template <class T>
  T id() {
    return T(text());
  }
  std::int64_t integer() { return row_.integer(at_++); }
  bool flag() { return row_.flag(at_++); }
  Instant instant() { return row_.instant(at_++); }
  std::optional<Instant> optional_instant() { return row_.optional_instant(at_++); }
  /// A hash or sealed secret; empty for NULL.
  template <class T>
  T bytes() {
    return at_null() ? (skip(), T{}) : T{row_.take_blob(at_++)};
  }
  std::vector<std::string> words();
  std::vector<std::string> list() { return unpack_list(row_.text(at_++)); }

 private:
  db::Row& row_;
  std::size_t at_;
};

template <class Tag>
db::Value bind(const model::Hash<Tag>& hash) {
  if (hash.empty()) return nullptr;
  return db::Blob{hash.bytes};
}
inline db::Value bind(const model::SealedSecret& secret) {
  if (secret.empty()) return nullptr;
  return db::Blob{secret.bytes};
}
/// NULL for an empty text, which an index then leaves out.
inline db::Value null_if_empty(const std::string& text) {
  if (text.empty()) return nullptr;
  return text;
}

/// The first row as a record; nullopt when there is none.
template <class Read>
auto read_one(std::vector<db::Row> rows, Read read) -> std::optional<decltype(read(RowReader(rows.front())))> {
  if (rows.empty()) return std::nullopt;
  return read(RowReader(rows.front()));
}

template <class Read>
auto read_all(std::vector<db::Row> rows, Read read) {
  std::vector<decltype(read(RowReader(rows.front())))> records;
  records.reserve(rows.size());
  for (db::Row& row : rows) records.push_back(read(RowReader(row)));
  return records;
}

}  // namespace symbolon::store
