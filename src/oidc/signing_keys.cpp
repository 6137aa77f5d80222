#include "oidc/signing_keys.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "store/signing_key_store.h"
#include "store/tenant_store.h"

namespace symbolon::oidc {
namespace {

using model::KeyState;
using model::SigningKey;
using namespace std::chrono_literals;

constexpr std::array kFamilies{KeyFamily::rsa, KeyFamily::p256};
constexpr auto kFreshFor = 5s;
constexpr auto kRefreshEvery = 1s;

struct Read {
  std::vector<SigningKey> records;
  bool publish_algorithm = true;
};

Read read_keys(db::Transaction& tx, const TenantId& id) {
  const auto tenant = store::TenantStore(tx).find(id);
  // Keys must not be made for a tenant that is being deleted: nobody would delete them.
  if (!tenant) throw std::runtime_error("signing keys of a tenant that does not exist");
  const auto flag = tenant->flags.find("remove_alg_from_jwks");
  return {store::SigningKeyStore(tx, id).list(), flag == tenant->flags.end() || !flag->second};
}

SigningKey* find_key(std::vector<SigningKey>& records, KeyFamily family, KeyState state) {
  const auto found = std::ranges::find_if(records, [&](const SigningKey& record) {
    return record.algorithm == algorithm_of(family) && record.state == state;
  });
  return found == records.end() ? nullptr : &*found;
}

bool is_complete(std::vector<SigningKey>& records) {
  return std::ranges::all_of(kFamilies, [&](KeyFamily family) {
    return find_key(records, family, KeyState::current) && find_key(records, family, KeyState::next);
  });
}

// Equal for equal sets of keys: no private key is opened again while nothing has changed.
std::string version_of(const std::vector<SigningKey>& records, bool publish_algorithm) {
  std::string version = publish_algorithm ? "alg" : "";
  for (const SigningKey& record : records) {
    version += '|' + record.kid + '=';
    version += to_string(record.state);
  }
  return version;
}

// The store decides: of two servers that make the first keys at once, one finds the place taken.
std::vector<SigningKey> insert_missing(db::Transaction& tx, const TenantId& tenant,
                                       const std::vector<SigningKey>& made) {
  store::SigningKeyStore store(tx, tenant);
  auto records = store.list();
  for (const SigningKey& key : made) {
    const auto family = key.algorithm == algorithm_of(KeyFamily::rsa) ? KeyFamily::rsa : KeyFamily::p256;
    if (!find_key(records, family, key.state)) store.insert(key);
  }
  return store.list();
}

// Nullopt when another rotation has used up the next keys.
std::optional<SigningKey> step_forward(db::Transaction& tx, const TenantId& tenant, Instant now) {
  store::SigningKeyStore store(tx, tenant);
  auto records = store.list();
  std::optional<SigningKey> result;
  for (const KeyFamily family : kFamilies)
    if (!find_key(records, family, KeyState::next)) return result;
  for (const KeyFamily family : kFamilies) {
    SigningKey* current = find_key(records, family, KeyState::current);
    SigningKey* next = find_key(records, family, KeyState::next);
    if (!current) throw std::runtime_error("a tenant without a current signing key");
    current->state = KeyState::previous;
    current->current_until = now;
    store.update(*current);
    next->state = KeyState::current;
    next->current_since = now;
    store.update(*next);
    if (family == KeyFamily::rsa) result = *next;
  }
  return result;
}

}  // namespace

Task<std::shared_ptr<const SigningKeySet>> SigningKeys::get(TenantId tenant) {
  if (auto keys = find_cached(tenant, kFreshFor)) co_return keys;
  co_return co_await load(std::move(tenant));
}

Task<std::shared_ptr<const SigningKeySet>> SigningKeys::refresh(TenantId tenant) {
  if (auto keys = find_cached(tenant, kRefreshEvery)) co_return keys;
  co_return co_await load(std::move(tenant));
}

Task<SigningKey> SigningKeys::rotate(TenantId tenant, std::function<void(db::Transaction&)> also) {
  const Instant now = clock_.now();
  std::optional<SigningKey> current;
  while (!current) {
    co_await load(tenant);  // so that every family has a next key to step forward to
    current = co_await db_.write([&](db::Transaction& tx) {
      auto stepped = step_forward(tx, tenant, now);
      if (stepped && also) also(tx);
      return stepped;
    });
  }
  co_await load(tenant);
  co_return std::move(*current);
}

Task<SigningKeys::Revocation> SigningKeys::revoke(TenantId tenant, std::string kid,
                                                   std::function<void(db::Transaction&)> also) {
  const Instant now = clock_.now();
  const auto outcome = co_await db_.write([&](db::Transaction& tx) {
    store::SigningKeyStore store(tx, tenant);
    auto key = store.find(kid);
    if (!key) return Revocation::unknown_key;
    if (key->state == KeyState::current) return Revocation::current_key;
    if (key->state != KeyState::revoked) {
      key->state = KeyState::revoked;
      key->revoked_at = now;
      store.update(*key);
      if (also) also(tx);
    }
    return Revocation::done;
  });
  co_await load(tenant);
  co_return outcome;
}

Task<std::shared_ptr<const SigningKeySet>> SigningKeys::load(TenantId tenant) {
  const std::uint64_t order = ++loads_;
  Read read = co_await db_.read([&](db::Transaction& tx) { return read_keys(tx, tenant); });
  if (!is_complete(read.records)) read.records = co_await make_missing(tenant, std::move(read.records));
  co_return keep(tenant, read.records, read.publish_algorithm, order);
}

Task<std::vector<SigningKey>> SigningKeys::make_missing(TenantId tenant, std::vector<SigningKey> present) {
  const Instant now = clock_.now();
  const auto made = co_await workers_.run([&] {
    std::vector<SigningKey> keys;
    for (const KeyFamily family : kFamilies)
      for (const KeyState state : {KeyState::current, KeyState::next})
        if (!find_key(present, family, state))
          keys.push_back(generate_signing_key(tenant, family, state, now, box_, random_));
    return keys;
  });
  co_return co_await db_.write([&](db::Transaction& tx) { return insert_missing(tx, tenant, made); });
}

std::shared_ptr<const SigningKeySet> SigningKeys::find_cached(const TenantId& tenant,
                                                              std::chrono::milliseconds fresh_for) {
  const Instant now = clock_.now();
  const std::lock_guard lock(mutex_);
  const auto found = cache_.find(tenant);
  if (found == cache_.end()) return nullptr;
  if (now - found->second.read_at < fresh_for) return found->second.keys;
  // This caller reads again; others go on with what is here meanwhile.
  found->second.read_at = now;
  return nullptr;
}

std::shared_ptr<const SigningKeySet> SigningKeys::keep(const TenantId& tenant, const std::vector<SigningKey>& records,
                                                       bool publish_algorithm, std::uint64_t order) {
  const Instant now = clock_.now();
  std::string version = version_of(records, publish_algorithm);
  {
    const std::lock_guard lock(mutex_);
    const auto found = cache_.find(tenant);
    // What was read before a rotation must not replace what was read after it.
    const bool outrun = found != cache_.end() && found->second.order > order;
    if (outrun || (found != cache_.end() && found->second.version == version)) {
      if (!outrun) found->second.read_at = now;
      return found->second.keys;
    }
  }
  auto keys = std::make_shared<const SigningKeySet>(records, box_, publish_algorithm);
  const std::lock_guard lock(mutex_);
  Cached& cached = cache_[tenant];
  if (cached.order <= order) cached = Cached{std::move(keys), std::move(version), now, order};
  return cached.keys;
}

}  // namespace symbolon::oidc
