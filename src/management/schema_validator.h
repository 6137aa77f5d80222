#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::management {

/// The first thing that is wrong with a value, in the words of the validator that Auth0's clients know.
struct SchemaError {
  std::string reason;       ///< `Expected type string but found type integer`
  std::string path;         ///< `options.client_id`; empty for the value itself
  std::string description;  ///< of the schema that refused; may be empty
};

/// Checks values against the schemas of the contract: the part of JSON Schema 2020-12 that docs/openapi.yaml uses
/// (type, enum, const, format, pattern-free strings with lengths, numbers with bounds, arrays, objects, $ref, anyOf).
/// An unknown keyword in a schema is our bug and throws when the contract is loaded, not when a request comes.
class SchemaValidator {
 public:
  /// `components` is the contract's `components.schemas`; must outlive the validator.
  explicit SchemaValidator(const boost::json::object& components) : components_(components) {}

  std::optional<SchemaError> check(const boost::json::value& value, const boost::json::object& schema) const;

  /// Throws std::logic_error for a keyword, format or reference that check() would not understand.
  void check_schema(const boost::json::object& schema) const;

  const boost::json::object& resolve(const boost::json::object& schema) const;

 private:
  const boost::json::object& components_;
};

/// `Payload validation error: '…' on property a.b (description).`
std::string payload_message(const SchemaError& error);

/// Named string forms of the contract (`format: https-url`), each a hand-written check.
bool matches_format(std::string_view format, std::string_view value);
/// What a value that does not match lacks, as the end of a sentence about it; empty where the format's name says it.
std::string explain_mismatch(std::string_view format, std::string_view value);
bool is_known_format(std::string_view format);

}  // namespace symbolon::management
