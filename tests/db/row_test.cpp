#include <gtest/gtest.h>

#include <stdexcept>

#include "db/transaction.h"

namespace symbolon::db {
namespace {

Row sample() { return Row({std::monostate(), std::int64_t{7}, std::string("seven"), Blob{std::string("\0b", 2)}}); }

TEST(Row, ReadsEachColumnAsItsType) {
  const Row row = sample();
  EXPECT_TRUE(row.is_null(0));
  EXPECT_FALSE(row.is_null(1));
  EXPECT_EQ(row.integer(1), 7);
  EXPECT_TRUE(row.flag(1));
  EXPECT_EQ(row.instant(1), from_epoch_millis(7));
  EXPECT_EQ(row.text(2), "seven");
  EXPECT_EQ(row.blob(3), std::string("\0b", 2));
}

TEST(Row, ReadsNullOnlyWhereItIsExpected) {
  const Row row = sample();
  EXPECT_EQ(row.optional_instant(0), std::nullopt);
  EXPECT_EQ(row.optional_instant(1), from_epoch_millis(7));
  EXPECT_EQ(row.optional_text(0), std::nullopt);
  EXPECT_EQ(row.optional_text(2), "seven");
  EXPECT_EQ(row.text_or_empty(0), "");
  EXPECT_EQ(row.text_or_empty(2), "seven");
}

struct WrongRead {
  const char* name;
  void (*read)(const Row&);
} const kWrongReads[] = {
    {"NULL as integer", [](const Row& row) { row.integer(0); }},
    {"NULL as text", [](const Row& row) { row.text(0); }},
    {"integer as text", [](const Row& row) { row.text(1); }},
    {"integer as optional text", [](const Row& row) { row.optional_text(1); }},
    {"integer as text or empty", [](const Row& row) { row.text_or_empty(1); }},
    {"text as integer", [](const Row& row) { row.integer(2); }},
    {"text as optional instant", [](const Row& row) { row.optional_instant(2); }},
    {"text as blob", [](const Row& row) { row.blob(2); }},
    {"blob as text", [](const Row& row) { row.text(3); }},
    {"no such column", [](const Row& row) { row.integer(4); }},
    {"no such column, null or not", [](const Row& row) { row.is_null(4); }},
};

TEST(Row, RefusesAColumnOfAnotherType) {
  const Row row = sample();
  for (const WrongRead& wrong : kWrongReads) {
    SCOPED_TRACE(wrong.name);
    EXPECT_THROW(wrong.read(row), std::logic_error);
  }
}

TEST(Row, KeepsTheValueOutOfTheMessage) {
  try {
    sample().integer(2);
    FAIL() << "text was read as an integer";
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(error.what(), "column 2 holds text, read as an integer");
  }
}

}  // namespace
}  // namespace symbolon::db
