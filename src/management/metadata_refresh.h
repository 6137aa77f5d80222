#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "base/task.h"
#include "management/services.h"
#include "model/connection.h"

namespace symbolon::management {

/// Why a provider's new document is not taken over without an administrator.
struct MetadataRefusal {
  model::ConnectionStatus status;  ///< issuer_changed or metadata_changed
  std::string detail;
};

/// Takes a newly fetched document into a connection, as far as login-runtime RP-8 allows: never another issuer, and
/// endpoints only within the registrable domain of those that are known. Options that were filled from the old document
/// follow, those that were given explicitly stay. A refusal leaves the connection as it is.
std::optional<MetadataRefusal> take_over_metadata(model::Connection& connection, boost::json::object document);

/// Keeps what providers publish about themselves up to date, one connection at a time (login-runtime RP-8): daily, and
/// hourly where the last lookup failed or left something missing. Documents that were given by hand are never touched.
class MetadataRefresh {
 public:
  explicit MetadataRefresh(const Services& services) : services_(services) {}

  /// Looks up the connection that has waited longest. False when none is due.
  Task<bool> refresh_next();

 private:
  Task<void> save(model::Connection connection, model::Connection before);

  const Services& services_;
};

}  // namespace symbolon::management
