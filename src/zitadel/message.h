#pragma once

#include <boost/json.hpp>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "zitadel/error.h"

namespace symbolon::zitadel {

/// A request message in protobuf's JSON mapping (zitadel-idps §2.1): members by lowerCamelCase or original name, unknown
/// ones ignored, null is absence, enums by name or number, 64-bit numbers as text or number.
///
/// Reads member by member and remembers the first that is wrong, so that a handler asks for an error once, at the end.
class Message {
 public:
  /// `name` is the message's, for the texts of broken rules: `AddGenericOAuthProviderRequest`.
  Message(std::string name, const boost::json::object& members) : name_(std::move(name)), members_(members) {}

  /// Enum names with their numbers; the first is the default.
  using Enum = std::span<const std::pair<std::string_view, int>>;

  std::string text(std::string_view member);
  bool flag(std::string_view member);
  std::int64_t number(std::string_view member);
  /// Refuses unknown names and numbers: silence would turn a security option off.
  int choice(std::string_view member, Enum names);
  std::vector<std::string> texts(std::string_view member);
  /// A member message; empty when absent. Null also for `present` false.
  const boost::json::object* object(std::string_view member);
  const boost::json::array* array(std::string_view member);

  /// The same with the length rule of the proto file; counted in code points.
  std::string text_between(std::string_view member, std::size_t least, std::size_t most);

  void refuse(Error error);
  /// `invalid {name}.{Field}: {rule}`
  void break_rule(std::string_view member, std::string_view rule);
  const std::optional<Error>& error() const { return error_; }

 private:
  const boost::json::value* find(std::string_view member);
  void wrong_type(std::string_view member, std::string_view wanted);

  std::string name_;
  const boost::json::object& members_;
  std::optional<Error> error_;
};

/// The body of a call as an object: `{}` when there is none. Refuses what is no JSON object.
std::expected<boost::json::object, Error> read_body(std::string_view body);

/// `clientId` as the generated Go code spells it in error texts: `ClientId`.
std::string go_name(std::string_view member);

}  // namespace symbolon::zitadel
