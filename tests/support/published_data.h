#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

namespace symbolon {

/// A file of the published test data: below the folder that SYMBOLON_TEST_DATA names, or else beside the repository.
/// Where there is none, says so once in one line; the tests that need it then skip themselves.
inline std::optional<std::string> find_published(const std::string& name) {
  const char* const folder = std::getenv("SYMBOLON_TEST_DATA");
  const std::filesystem::path base = folder != nullptr ? folder : SYMBOLON_SOURCE_DIR "/../shared/data";
  std::ifstream in(base / name, std::ios::binary);
  if (!in) {
    static const bool said = [&] {
      std::cout << "not run: tests with published vectors, because there is no " << (base / name).string()
                << " (SYMBOLON_TEST_DATA names the folder)\n";
      return true;
    }();
    static_cast<void>(said);
    return std::nullopt;
  }
  return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace symbolon
