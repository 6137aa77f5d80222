#pragma once

#include <string>

#include "db/sqlite/connection.h"

namespace symbolon::db::sqlite {

/// Copies what `source` sees to `path`, which appears, or is replaced, all at once and only when the copy is on disk.
/// Readable by its owner only. Throws DatabaseError when `path` is the database at `live_path` (empty: in memory), or
/// has the look of a database that somebody is using.
void back_up(Connection& source, const std::string& live_path, const std::string& path);

}  // namespace symbolon::db::sqlite
