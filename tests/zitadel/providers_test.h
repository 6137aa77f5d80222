#pragma once

#include <string>

#include "zitadel/zitadel_test.h"

namespace symbolon::zitadel {

class Providers : public ZitadelTest {
 protected:
  /// The seed's body with one thing changed.
  static std::string spoiled(const std::string& member, const boost::json::value& value) {
    boost::json::value body = boost::json::parse(seed_body());
    body.get_object()[member] = value;
    return boost::json::serialize(body);
  }
  static std::string without(const std::string& member) {
    boost::json::value body = boost::json::parse(seed_body());
    body.get_object().erase(member);
    return boost::json::serialize(body);
  }
};

}  // namespace symbolon::zitadel
