#pragma once

#include <string>

namespace symbolon::db::sqlite {

/// Makes an empty file that only its owner can read, unless `path` exists; its name survives a power loss.
/// True when it was made here. Throws DatabaseError.
bool create_private_file(const std::string& path);

/// Returns when the file, or the directory with its entries, would survive a power loss. Throws DatabaseError.
void sync_to_disk(const std::string& path);

/// Whether both names lead to one existing file.
bool is_same_file(const std::string& one, const std::string& other);

}  // namespace symbolon::db::sqlite
