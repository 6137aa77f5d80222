#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/transaction.h"
#include "model/client.h"
#include "store/page.h"

namespace symbolon::store {

struct ClientFilter {
  std::optional<bool> is_global;
  std::optional<bool> is_first_party;
  std::vector<std::string> app_types;  ///< empty: every one
};

/// A stored credential of a client: a public key with its metadata (management-api §3.6).
struct ClientCredential {
  std::string id;  ///< `cred_` + 22
  ClientId client;
  std::string doc;  ///< JSON object as shown: never the key itself
  std::string spki_pem;
  Instant created_at{};
};

class ClientStore {
 public:
  ClientStore(db::Transaction& tx, TenantId tenant) : tx_(tx), tenant_(std::move(tenant)) {}

  /// With the keys of the credentials that its document refers to.
  std::optional<model::Client> find(const ClientId& id);
  /// Without keys.
  Page<model::Client> list(const ClientFilter& filter, const Window& window);
  Insert insert(const model::Client& client);
  Update update(const model::Client& client, std::int64_t based_on);
  /// With its enabled connections, grants, codes, tokens and consents.
  bool remove(const ClientId& id);

  /// Is `origin` (scheme://host[:port]), as a browser sends it, registered with any client, as callback, web or allowed
  /// origin? A wildcard in the first label of a first-party client's entry counts (login-runtime RU-2).
  bool is_known_origin(std::string_view origin);

  /// At most 20 clients with which `origin` is so registered; without keys.
  std::vector<model::Client> list_with_origin(std::string_view origin);

  std::vector<ClientCredential> list_credentials(const ClientId& client);
  std::optional<ClientCredential> find_credential(const ClientId& client, std::string_view id);
  /// Throws std::logic_error when there is no such client.
  Insert insert_credential(const ClientCredential& credential);
  bool update_credential(const ClientCredential& credential);
  bool remove_credential(const ClientId& client, std::string_view id);

 private:
  db::Transaction& tx_;
  TenantId tenant_;
};

/// The typed members of a client from its Management API document; secrets, keys and times stay empty. Throws
/// std::invalid_argument when `doc` is no JSON object; members that are missing or of another type keep their default.
model::Client client_from_document(TenantId tenant, std::string doc);

}  // namespace symbolon::store
