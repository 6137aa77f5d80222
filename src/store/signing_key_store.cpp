#include "store/signing_key_store.h"

#include "store/row_reader.h"

namespace symbolon::store {
namespace {

model::KeyState read_state(const std::string& text) {
  model::KeyState state{};
  if (!from_text(text, state)) throw db::DatabaseError("a signing key has the unknown state " + text);
  return state;
}

model::SigningKey read_key(RowReader row) {
  return {.tenant = row.id<TenantId>(),
          .owner = row.text(),
          .kid = row.text(),
          .algorithm = row.text(),
          .state = read_state(row.text()),
          .private_key = row.bytes<model::SealedSecret>(),
          .certificate = row.text(),
          .public_jwk = row.text(),
          .created_at = row.instant(),
          .current_since = row.optional_instant(),
          .current_until = row.optional_instant(),
          .revoked_at = row.optional_instant()};
}

}  // namespace

std::vector<model::SigningKey> SigningKeyStore::list() {
  return read_all(tx_.query("SELECT tenant, owner, kid, algorithm, state, private_key, certificate, public_jwk,"
                            " created_at, current_since, current_until, revoked_at FROM signing_keys"
                            " WHERE tenant = ?1 AND owner = ?2 ORDER BY created_at, kid",
                            {tenant_, owner_}),
                  read_key);
}

std::optional<model::SigningKey> SigningKeyStore::find(std::string_view kid) {
  return read_one(tx_.query("SELECT tenant, owner, kid, algorithm, state, private_key, certificate, public_jwk,"
                            " created_at, current_since, current_until, revoked_at FROM signing_keys"
                            " WHERE tenant = ?1 AND owner = ?2 AND kid = ?3",
                            {tenant_, owner_, kid}),
                  read_key);
}

void SigningKeyStore::insert(const model::SigningKey& key) {
  tx_.execute(
      "INSERT INTO signing_keys (tenant, owner, kid, algorithm, state, private_key, certificate, public_jwk, "
      "created_at,"
      " current_since, current_until, revoked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
      {tenant_, owner_, key.kid, key.algorithm, to_string(key.state), db::Blob{key.private_key.bytes}, key.certificate,
       key.public_jwk, key.created_at, key.current_since, key.current_until, key.revoked_at});
}

void SigningKeyStore::update(const model::SigningKey& key) {
  tx_.execute(
      "UPDATE signing_keys SET state = ?4, private_key = ?5, certificate = ?6, current_since = ?7, current_until = ?8,"
      " revoked_at = ?9 WHERE tenant = ?1 AND owner = ?2 AND kid = ?3",
      {tenant_, owner_, key.kid, to_string(key.state), db::Blob{key.private_key.bytes}, key.certificate,
       key.current_since, key.current_until, key.revoked_at});
}

bool SigningKeyStore::remove(std::string_view kid) {
  return tx_.execute("DELETE FROM signing_keys WHERE tenant = ?1 AND owner = ?2 AND kid = ?3", {tenant_, owner_, kid}) >
         0;
}

}  // namespace symbolon::store
