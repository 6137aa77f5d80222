#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace symbolon::app {

/// Writes a file that only its owner may read, in one step. Throws std::runtime_error that names the file.
void write_private_file(const std::filesystem::path& file, std::string_view content);
/// Throws std::runtime_error that names the file.
std::string read_file(const std::filesystem::path& file);
/// Makes the directory (0700) and its parents where missing. Throws std::runtime_error.
void make_private_directory(const std::filesystem::path& directory);

}  // namespace symbolon::app
