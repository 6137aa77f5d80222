#include "app/installation.h"

#include "app/private_file.h"
#include "crypto/key_file.h"

namespace symbolon::app {

Installation::Installation(const Config& config) {
  make_private_directory(config.data_dir);
  box = std::make_unique<crypto::SecretBox>(
      crypto::load_or_create_key_file(config.data_dir / "master.key", random), random);
  db = db::open_database(config.database_location());
}

}  // namespace symbolon::app
