#pragma once

#include <string>
#include <string_view>

#include "model/upstream_settings.h"

namespace symbolon::store {

/// `connections.settings`: every member that differs from its default, under its own name. Most do not, and would make
/// the row twice as long; so a default that changes needs a migration.
std::string settings_to_text(const model::UpstreamSettings& settings);
/// Members that `text` lacks keep their default, so that rows of an older version read. Throws db::DatabaseError when
/// `text` is not what settings_to_text() writes.
model::UpstreamSettings settings_from_text(std::string_view text);

}  // namespace symbolon::store
