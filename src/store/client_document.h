#pragma once

#include <string>
#include <vector>

#include "model/client.h"

namespace symbolon::store {

/// A credential that a client's document refers to, and what for.
struct CredentialUse {
  std::string id;
  bool authenticates = false;   ///< private_key_jwt
  bool signs_requests = false;  ///< signed_request_object
};

/// A client's document, read once: its typed members, and the stored credentials whose keys it refers to.
struct ClientDocument {
  model::Client client;
  std::vector<CredentialUse> credentials;
};

ClientDocument read_client_document(TenantId tenant, std::string doc);

/// A key that was registered as a credential; `doc` is the credential as shown (management-api §3.6).
model::ClientKey client_key_from(const CredentialUse& use, const std::string& doc, std::string spki_pem);

}  // namespace symbolon::store
