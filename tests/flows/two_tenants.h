#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "flows/world.h"

namespace symbolon::flows {

/// A second tenant at https://two.example with the very records of the first, and a second host name of the first,
/// https://login.shop.example. What either hands out must be worth nothing elsewhere although every id is known there.
class TwoTenants : public World, public testing::Test {
 protected:
  void SetUp() override;

  /// Records of `table` for the second tenant, as the first has them now.
  static void copy(db::Transaction& tx, const std::string& table);
  /// People and what they are.
  void copy_people();

  std::string sign_in_for_code() { return parameters(arrive(depart("front"), "front")).at("code"); }
  std::map<std::string, std::string> ask_silently() { return depart("front", {{"prompt", "none"}}); }
};

}  // namespace symbolon::flows
