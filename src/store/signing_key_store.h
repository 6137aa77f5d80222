#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/signing_key.h"

namespace symbolon::store {

/// Keys of the tenant (owner empty) or of one connection (owner = its id).
class SigningKeyStore {
 public:
  SigningKeyStore(db::Transaction& tx, TenantId tenant, std::string owner = {})
      : tx_(tx), tenant_(std::move(tenant)), owner_(std::move(owner)) {}

  std::vector<model::SigningKey> list();
  std::optional<model::SigningKey> find(std::string_view kid);
  void insert(const model::SigningKey& key);
  void update(const model::SigningKey& key);
  bool remove(std::string_view kid);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
  std::string owner_;
};

}  // namespace symbolon::store
