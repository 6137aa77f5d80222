#pragma once

#include <expected>
#include <string>
#include <vector>

#include "base/task.h"

namespace symbolon::http {

/// Asks the domain name system what is written at a name. The server uses net::DnsLookup, tests a fake.
class TxtLookup {
 public:
  virtual ~TxtLookup() = default;

  /// The TXT records at `name`, each as one text; none when there are none. The error is a sentence for the
  /// administrator.
  virtual Task<std::expected<std::vector<std::string>, std::string>> find(std::string name) = 0;
};

}  // namespace symbolon::http
