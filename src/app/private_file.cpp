#include "app/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace symbolon::app {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, const char* what) {
  throw std::runtime_error(std::string("cannot ") + what + " " + file.string() + ": " + std::strerror(errno));
}

}  // namespace

void write_private_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path temporary = file.string() + ".new";
  const int handle = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (handle < 0) fail(temporary, "write");
  for (std::size_t done = 0; done < content.size();) {
    const auto written = ::write(handle, content.data() + done, content.size() - done);
    if (written < 0) {
      ::close(handle);
      fail(temporary, "write");
    }
    done += static_cast<std::size_t>(written);
  }
  const bool synced = ::fsync(handle) == 0;
  if (::close(handle) != 0 || !synced) fail(temporary, "write");
  if (::rename(temporary.c_str(), file.c_str()) != 0) fail(file, "write");
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail(file, "read");
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

void make_private_directory(const std::filesystem::path& directory) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(directory, error);
  if (error) throw std::runtime_error("cannot make the directory " + directory.string() + ": " + error.message());
  if (made) ::chmod(directory.c_str(), 0700);
}

}  // namespace symbolon::app
