#include "management/user_patch.h"

#include <array>
#include <boost/json.hpp>

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 5> kRoots{"name", "nickname", "given_name", "family_name", "picture"};
constexpr std::array<std::string_view, 8> kOfProvider{"email",        "email_verified",      "verify_email",
                                                      "username",     "password",            "phone_number",
                                                      "phone_verified", "verify_phone_number"};

Problem not_supported(std::string message) { return {400, "operation_not_supported", std::move(message)}; }

json::object parse_object(const std::string& text) {
  return text.empty() ? json::object() : json::parse(text).as_object();
}

std::optional<Problem> check(const json::object& body, const ProfileOwner& owner) {
  for (const std::string_view member : kOfProvider)
    if (body.contains(member))
      return not_supported("The attribute " + std::string(member) +
                           " comes from the identity provider and cannot be changed here.");
  if (const auto* connection = body.if_contains("connection"); connection && connection->get_string() != owner.connection_name)
    return Problem{400, "invalid_body", "The connection is not the one of the user's primary identity."};
  if (owner.sync != model::RootAttributeSync::on_each_login) return std::nullopt;
  for (const std::string_view root : kRoots)
    if (body.contains(root))
      return not_supported("The attribute " + std::string(root) + " is set at each login. Give the connection " +
                           owner.connection_name +
                           " set_user_root_attributes: on_first_login in its options to change it here.");
  return std::nullopt;
}

// Members are merged one level deep; null takes one away.
std::string merge_metadata(const std::string& stored, const json::object& change) {
  json::object merged = parse_object(stored);
  for (const auto& [name, value] : change) {
    if (value.is_null())
      merged.erase(name);
    else
      merged[name] = value;
  }
  return merged.empty() ? std::string() : json::serialize(merged);
}

}  // namespace

std::expected<void, Problem> apply_user_patch(model::User& user, const json::object& body, const ProfileOwner& owner) {
  if (auto problem = check(body, owner)) return std::unexpected(*problem);
  json::object profile = parse_object(user.profile);
  for (const std::string_view root : kRoots) {
    const auto* given = body.if_contains(root);
    if (!given) continue;
    if (given->is_null())
      profile.erase(root);
    else
      profile[root] = *given;
  }
  user.profile = json::serialize(profile);
  if (const auto* change = body.if_contains("user_metadata"))
    user.user_metadata = merge_metadata(user.user_metadata, change->get_object());
  if (const auto* change = body.if_contains("app_metadata"))
    user.app_metadata = merge_metadata(user.app_metadata, change->get_object());
  if (const auto* blocked = body.if_contains("blocked")) user.blocked = blocked->get_bool();
  return {};
}

}  // namespace symbolon::management
