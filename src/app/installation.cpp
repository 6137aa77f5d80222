#include "app/installation.h"

#include <filesystem>
#include <stdexcept>

#include "app/private_file.h"
#include "crypto/key_file.h"

namespace symbolon::app {
namespace {

// A new key would open none of the secrets in the database, signing keys among them, and hide that the old one is lost.
void refuse_lost_key(const Config& config, const std::filesystem::path& key_file) {
  const auto database = config.database_file();
  std::error_code none;
  if (!database || std::filesystem::exists(key_file, none)) return;
  if (const auto size = std::filesystem::file_size(*database, none); none || size == 0) return;
  throw std::runtime_error(key_file.string() + " is missing, which opens the secrets in " + database->string() +
                           ": put back the key file that belongs to this database");
}

}  // namespace

Installation::Installation(const Config& config) {
  make_private_directory(config.data_dir);
  const std::filesystem::path key_file = config.data_dir / "master.key";
  refuse_lost_key(config, key_file);
  box = std::make_unique<crypto::SecretBox>(crypto::load_or_create_key_file(key_file, random), random);
  db = db::open_database(config.database_location());
}

}  // namespace symbolon::app
