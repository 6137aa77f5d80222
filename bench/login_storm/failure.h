#pragma once

#include <string>

namespace symbolon::bench {

/// Why a login did not succeed. `kind` is what the report counts by, so it carries nothing that differs from one
/// login to the next; `detail` is shown once for each kind.
struct Failure {
  std::string kind;
  std::string detail;
};

}  // namespace symbolon::bench
