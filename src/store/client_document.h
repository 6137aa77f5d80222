#pragma once

#include <string>
#include <vector>

#include "model/client.h"

namespace symbolon::store {

/// A client's document, read once: its typed members, and the stored credentials whose keys it refers to.
struct ClientDocument {
  model::Client client;
  std::vector<std::string> credential_ids;
};

ClientDocument read_client_document(TenantId tenant, std::string doc);

/// A key that was registered as a credential; `doc` is the credential as shown (management-api §3.6).
model::ClientKey client_key_from(std::string id, const std::string& doc, std::string spki_pem);

}  // namespace symbolon::store
