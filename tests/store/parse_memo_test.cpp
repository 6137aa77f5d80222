#include "store/parse_memo.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace symbolon::store {
namespace {

struct Parser {
  int calls = 0;
  int operator()(std::string_view text) {
    ++calls;
    if (text == "bad") throw std::invalid_argument("bad");
    return std::stoi(std::string(text));
  }
};

TEST(ParseMemo, ParsesEachTextOnce) {
  ParseMemo<int> memo;
  Parser parser;
  const auto parse = [&](std::string_view text) { return parser(text); };
  EXPECT_EQ(memo.get("1", parse), 1);
  EXPECT_EQ(memo.get("2", parse), 2);
  EXPECT_EQ(memo.get("1", parse), 1);
  EXPECT_EQ(parser.calls, 2);
}

TEST(ParseMemo, RemembersNoFailure) {
  ParseMemo<int> memo;
  Parser parser;
  const auto parse = [&](std::string_view text) { return parser(text); };
  EXPECT_THROW(memo.get("bad", parse), std::invalid_argument);
  EXPECT_THROW(memo.get("bad", parse), std::invalid_argument);
  EXPECT_EQ(parser.calls, 2);
}

TEST(ParseMemo, HoldsABoundedNumber) {
  ParseMemo<int> memo;
  Parser parser;
  const auto parse = [&](std::string_view text) { return parser(text); };
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(memo.get(std::to_string(i), parse), i);
  EXPECT_EQ(memo.get("0", parse), 0);
  EXPECT_EQ(parser.calls, 1001) << "the first was dropped long ago";
  EXPECT_EQ(memo.get("0", parse), 0);
  EXPECT_EQ(parser.calls, 1001);
}

TEST(ParseMemo, DoesNotKeepLongTexts) {
  ParseMemo<int> memo;
  Parser parser;
  const auto parse = [&](std::string_view text) { return parser(text); };
  const std::string longest(std::size_t{64} << 10, '0');
  const std::string too_long = longest + "7";
  EXPECT_EQ(memo.get(longest, parse), 0);
  EXPECT_EQ(memo.get(longest, parse), 0);
  EXPECT_EQ(parser.calls, 1);
  EXPECT_EQ(memo.get(too_long, parse), 7);
  EXPECT_EQ(memo.get(too_long, parse), 7);
  EXPECT_EQ(parser.calls, 3);
}

TEST(ParseMemo, HoldsABoundedNumberOfBytes) {
  ParseMemo<std::size_t> memo;
  int calls = 0;
  const auto parse = [&](std::string_view text) { return ++calls, text.size(); };
  const auto look = [&](char letter) { memo.get(std::string(std::size_t{64} << 10, letter), parse); };
  for (char letter = 'a'; letter < 'i'; ++letter) look(letter);
  look('a');
  EXPECT_EQ(calls, 8) << "eight of 64 KiB fit";
  look('i');
  look('a');
  EXPECT_EQ(calls, 10) << "the ninth had no room beside them";
}

}  // namespace
}  // namespace symbolon::store
