#include "app/installation.h"

#include <filesystem>
#include <stdexcept>

#include "app/private_file.h"
#include "crypto/key_file.h"
#include "net/run_here.h"
#include "oidc/signing_key_set.h"
#include "store/signing_key_store.h"
#include "store/tenant_store.h"

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

// Any secret would do, and every tenant has signing keys once it has been served.
std::optional<model::SigningKey> find_signing_key(db::Transaction& tx) {
  for (const model::Tenant& tenant : store::TenantStore(tx).list())
    if (auto keys = store::SigningKeyStore(tx, tenant.id).list(); !keys.empty()) return std::move(keys.front());
  return std::nullopt;
}

// A key file of another installation opens nothing here either, and what it seals the right one will not open.
void refuse_foreign_key(db::Database& db, const crypto::SecretBox& box, const std::filesystem::path& key_file) {
  const auto key = net::run_here(db.read(find_signing_key));
  if (!key || box.open(oidc::kSigningKeyPurpose, oidc::signing_key_place(key->tenant, key->kid), key->private_key.bytes))
    return;
  throw std::runtime_error(key_file.string() + " does not open the secrets in the database: put back the key file that "
                           "belongs to this database");
}

}  // namespace

Installation::Installation(const Config& config) {
  make_private_directory(config.data_dir);
  const std::filesystem::path key_file = config.data_dir / "master.key";
  refuse_lost_key(config, key_file);
  box = std::make_unique<crypto::SecretBox>(crypto::load_or_create_key_file(key_file, random), random);
  db = db::open_database(config.database_location());
  refuse_foreign_key(*db, *box, key_file);
}

}  // namespace symbolon::app
