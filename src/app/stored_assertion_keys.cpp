#include "app/stored_assertion_keys.h"

#include "store/signing_key_store.h"

namespace symbolon::app {

Task<std::expected<upstream::AssertionKey, std::string>> StoredAssertionKeys::current(TenantId tenant,
                                                                                      ConnectionId connection) {
  const auto keys = co_await db_.read(
      [&](db::Transaction& tx) { return store::SigningKeyStore(tx, tenant, connection.str()).list(); });
  for (const model::SigningKey& key : keys) {
    if (key.state != model::KeyState::current) continue;
    const auto der = box_.open("signing-key", tenant.str() + "|" + key.kid, key.private_key.bytes);
    auto opened = der ? crypto::PrivateKey::from_pkcs8_der(*der) : std::unexpected(crypto::KeyError::malformed);
    const auto algorithm = crypto::parse_signature_algorithm(key.algorithm);
    if (!opened || !algorithm) co_return std::unexpected("the key " + key.kid + " cannot be opened with today's master keys");
    co_return upstream::AssertionKey{key.kid, *algorithm, std::move(*opened)};
  }
  co_return std::unexpected("the connection has no key for private_key_jwt; make one with POST /connections/{id}/keys");
}

}  // namespace symbolon::app
