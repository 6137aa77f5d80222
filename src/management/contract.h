#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "http/request.h"
#include "management/schema_validator.h"

namespace symbolon::management {

/// One parameter of a path or query.
struct ContractParameter {
  std::string name, in, description;
  bool required = false;
  boost::json::object schema;
};

/// One operation of the contract, taken apart for the server.
struct ContractOperation {
  std::string id;       ///< operationId; the handler is registered under it
  http::Method method;
  std::string path;     ///< below /api/v2
  /// Alternatives, each a set of scopes that are all needed. Empty: any valid token.
  std::vector<std::vector<std::string>> scopes;
  std::vector<ContractParameter> parameters;
  const boost::json::object* body_schema = nullptr;
  bool body_required = false;
};

/// The OpenAPI document of /api/v2: the one source for routes, scopes, parameters and body schemas, so that server and
/// documentation cannot disagree. Made from src/management/contract/*.yaml at build time.
class Contract {
 public:
  /// Parses the embedded document. Throws std::logic_error for anything that the server would not understand.
  Contract();
  Contract(const Contract&) = delete;
  Contract& operator=(const Contract&) = delete;

  const std::vector<ContractOperation>& operations() const { return operations_; }
  const SchemaValidator& validator() const { return validator_; }
  /// The document itself, without a server.
  const boost::json::object& tree() const { return document_; }
  /// The document as JSON, with `base_url` as its server.
  std::string document(const std::string& base_url) const;

 private:
  boost::json::object document_;
  SchemaValidator validator_;
  std::vector<ContractOperation> operations_;
};

}  // namespace symbolon::management
