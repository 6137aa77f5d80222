#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/connection.h"
#include "upstream/relying_party.h"

namespace symbolon::upstream {

/// How one attribute came to be, for the explanation pages.
struct MappedAttribute {
  std::string name, source, value;  ///< source: template or claim; value: JSON text
  std::string note;  ///< "", "empty", "restricted name, skipped", "not stored", "not valid, dropped", "made up"
};

/// A profile as it would be stored (login-runtime §2.11), with what happened to each attribute.
struct MappedProfile {
  std::string profile;     ///< JSON object: root attributes, normalised
  std::string login_only;  ///< JSON object: non_persistent_attrs of this login (RP-73)
  std::string email;
  bool email_verified = false;
  std::string username;
  std::vector<MappedAttribute> trace;
  std::vector<std::string> warnings;
};

/// Maps and normalises. A template that asks for userinfo for a root attribute which is not there fails (RP-67).
std::expected<MappedProfile, UpstreamError> map_claims(const model::Connection& connection,
                                                       const ProvenIdentity& identity);

/// Checks an `attribute_map` when it is saved: template syntax, sizes (RP-72). Returns the sentence for the person.
std::optional<std::string> find_mapping_error(std::string_view attributes_json);

}  // namespace symbolon::upstream
