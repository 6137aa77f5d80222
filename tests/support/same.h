#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/pfr.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace symbolon {

namespace detail {

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

/// A struct of ours that nobody compares outside of tests.
template <class T>
concept PlainRecord = std::is_aggregate_v<T> && !requires(const T& one) { one == one; };

}  // namespace detail

/// Are the records equal, member by member, whether or not they have an operator==?
template <class T>
bool is_same(const T& a, const T& b) {
  if constexpr (detail::IsVector<T>::value) {
    if (a.size() != b.size()) return false;
    for (std::size_t at = 0; at < a.size(); ++at)
      if (!is_same(a[at], b[at])) return false;
    return true;
  } else if constexpr (detail::PlainRecord<T>) {
    const auto left = boost::pfr::structure_tie(a);
    const auto right = boost::pfr::structure_tie(b);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (is_same(std::get<I>(left), std::get<I>(right)) && ...);
    }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  } else {
    return a == b;
  }
}

/// Positions of the members, from 0, in which the records differ: a failing test names them.
template <class T>
std::vector<std::size_t> different_members(const T& a, const T& b) {
  std::vector<std::size_t> found;
  const auto left = boost::pfr::structure_tie(a);
  const auto right = boost::pfr::structure_tie(b);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    ((is_same(std::get<I>(left), std::get<I>(right)) ? void() : found.push_back(I)), ...);
  }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
  return found;
}

template <class T>
void expect_same(const T& got, const T& want) {
  EXPECT_EQ(different_members(got, want), std::vector<std::size_t>());
}

/// Positions of the members that are as in a new record: a sample that should have all of them filled has none.
template <class T>
std::vector<std::size_t> unset_members(const T& record) {
  const T fresh{};
  std::vector<std::size_t> all;
  const auto changed = different_members(record, fresh);
  for (std::size_t at = 0; at < boost::pfr::tuple_size_v<T>; ++at)
    if (std::find(changed.begin(), changed.end(), at) == changed.end()) all.push_back(at);
  return all;
}

}  // namespace symbolon
