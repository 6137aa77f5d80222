#include "db/sqlite/backup.h"

#include <filesystem>
#include <system_error>

#include "db/sqlite/file.h"
#include "db/transaction.h"

namespace symbolon::db::sqlite {
namespace {

namespace fs = std::filesystem;

void check_target(const std::string& live_path, const std::string& path) {
  std::error_code absent;
  if (path.empty() || fs::is_directory(path, absent)) throw DatabaseError("not a file name");
  if (!live_path.empty() && is_same_file(live_path, path)) throw DatabaseError("that is the database itself");
  // SQLite would replay a log that it finds beside the copy, and damage it.
  for (const char* suffix : {"-wal", "-journal"}) {
    if (fs::exists(path + suffix, absent)) throw DatabaseError(path + suffix + " exists; is that database in use?");
  }
}

void copy_and_place(Connection& source, const std::string& path) {
  const std::string partial = path + ".partial";
  fs::remove(partial);
  try {
    create_private_file(partial);
    source.copy_to(partial);
    sync_to_disk(partial);
    fs::rename(partial, path);
    sync_to_disk(fs::path(path).parent_path());
  } catch (...) {
    std::error_code ignored;
    fs::remove(partial, ignored);
    throw;
  }
}

}  // namespace

void back_up(Connection& source, const std::string& live_path, const std::string& path) {
  try {
    const std::string absolute = path.empty() ? path : fs::absolute(path).string();
    check_target(live_path, absolute);
    copy_and_place(source, absolute);
  } catch (const DatabaseError& error) {
    throw DatabaseError("cannot back up to " + path + ": " + error.what());
  } catch (const fs::filesystem_error& error) {
    throw DatabaseError("cannot back up to " + path + ": " + error.code().message());
  }
}

}  // namespace symbolon::db::sqlite
