#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/task.h"
#include "base/workers.h"
#include "crypto/secret_box.h"
#include "db/database.h"
#include "oidc/signing_key_set.h"

namespace symbolon::oidc {

/// The tenants' signing keys (login-runtime §1.4), held in memory and read again every few seconds, so that a rotation
/// elsewhere is followed; one made here is seen at once. Safe to share between threads.
///
/// Keys that a tenant lacks are made when they are first needed: call get() at start and when a tenant is made, so that
/// no login waits for an RSA key.
class SigningKeys {
 public:
  SigningKeys(db::Database& db, Workers& workers, const crypto::SecretBox& box, const Clock& clock, Random& random)
      : db_(db), workers_(workers), box_(box), clock_(clock), random_(random) {}

  Task<std::shared_ptr<const SigningKeySet>> get(TenantId tenant);

  /// For a token with a key id that get() does not know: reads again, at most once a second.
  Task<std::shared_ptr<const SigningKeySet>> refresh(TenantId tenant);

  /// next becomes current, current becomes previous and stays published, a new next is made. Returns the RSA key that
  /// is current from now on (management-api §6.3).
  /// `also` runs in the same commit.
  Task<model::SigningKey> rotate(TenantId tenant, std::function<void(db::Transaction&)> also = {});

  enum class Revocation { done, unknown_key, current_key };
  /// Tokens of that key are worth nothing from now on. The current key cannot be revoked: rotate first.
  /// `also` runs in the commit that revokes it.
  Task<Revocation> revoke(TenantId tenant, std::string kid, std::function<void(db::Transaction&)> also = {});

 private:
  struct Cached {
    std::shared_ptr<const SigningKeySet> keys;
    std::string version;  ///< what `keys` was made from
    Instant read_at{};
    std::uint64_t order = 0;  ///< of the read that it came from
  };

  Task<std::shared_ptr<const SigningKeySet>> load(TenantId tenant);
  Task<std::vector<model::SigningKey>> make_missing(TenantId tenant, std::vector<model::SigningKey> present);
  std::shared_ptr<const SigningKeySet> find_cached(const TenantId& tenant, std::chrono::milliseconds fresh_for);
  std::shared_ptr<const SigningKeySet> keep(const TenantId& tenant, const std::vector<model::SigningKey>& records,
                                            bool publish_algorithm, std::uint64_t order);

  db::Database& db_;
  Workers& workers_;
  const crypto::SecretBox& box_;
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::map<TenantId, Cached> cache_;
  std::atomic<std::uint64_t> loads_{0};
};

}  // namespace symbolon::oidc
