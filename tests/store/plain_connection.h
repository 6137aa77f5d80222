#pragma once

#include <string>
#include <vector>

#include "store/samples.h"

namespace symbolon::store {

inline const ConnectionId kConnection("con_1");
inline const ClientId kClient("client_1");

/// A connection with nothing but what it must have.
inline model::Connection plain(const std::string& id, const std::string& name) {
  model::Connection connection;
  connection.tenant = kTenant;
  connection.id = ConnectionId(id);
  connection.name = name;
  connection.realms = {name};
  return connection;
}

/// Each followed by a blank.
inline std::string names(const std::vector<model::Connection>& connections) {
  std::string text;
  for (const auto& connection : connections) text += connection.name + " ";
  return text;
}

}  // namespace symbolon::store
