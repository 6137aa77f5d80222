#include "db/sqlite/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <system_error>

#include "db/transaction.h"

namespace symbolon::db::sqlite {
namespace {

[[noreturn]] void throw_errno(const std::string& what, const std::string& path) {
  const int number = errno;
  throw DatabaseError(what + " " + path + ": " + std::generic_category().message(number));
}

}  // namespace

bool create_private_file(const std::string& path) {
  // Closing a descriptor drops every lock that this process holds on the file (fcntl(2)). So it is never opened when it
  // exists, and nobody finds it here before it is closed.
  static std::mutex creating;
  const std::lock_guard lock(creating);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file >= 0) {
    ::close(file);
    sync_to_disk(std::filesystem::absolute(path).parent_path());
    return true;
  }
  if (errno != EEXIST) throw_errno("cannot create", path);
  return false;
}

void sync_to_disk(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw_errno("cannot open", path);
  const int failed = ::fsync(file);
  const int number = errno;
  ::close(file);
  errno = number;
  if (failed != 0) throw_errno("cannot write to disk", path);
}

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code absent;
  return std::filesystem::equivalent(one, other, absent);
}

}  // namespace symbolon::db::sqlite
