#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/resource_server.h"
#include "store/page.h"

namespace symbolon::store {

class ResourceServerStore {
 public:
  ResourceServerStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<model::ResourceServer> find(std::string_view id_or_identifier);
  std::optional<model::ResourceServer> find_by_identifier(std::string_view identifier);
  /// `identifiers` empty: every one.
  Page<model::ResourceServer> list(const std::vector<std::string>& identifiers, const Window& window);
  Insert insert(const model::ResourceServer& server);
  Update update(const model::ResourceServer& server, std::int64_t based_on);
  /// With the client grants for it.
  bool remove(std::string_view id);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

/// The typed members of an API from its document.
model::ResourceServer resource_server_from_document(TenantId tenant, std::string doc);

struct ClientGrantFilter {
  ClientId client;           ///< empty: every one
  std::string audience;      ///< empty: every one
  std::string subject_type;  ///< empty: every one
  bool shared = false;       ///< only those for all third-party clients
  std::optional<bool> allow_any_organization = std::nullopt;
};

class ClientGrantStore {
 public:
  ClientGrantStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  std::optional<model::ClientGrant> find(std::string_view id);
  std::optional<model::ClientGrant> find(const ClientId& client, std::string_view audience,
                                         std::string_view subject_type);
  Page<model::ClientGrant> list(const ClientGrantFilter& filter, const Window& window);
  Insert insert(const model::ClientGrant& grant);
  Update update(const model::ClientGrant& grant, std::int64_t based_on);
  bool remove(std::string_view id);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

model::ClientGrant client_grant_from_document(TenantId tenant, std::string doc);

}  // namespace symbolon::store
