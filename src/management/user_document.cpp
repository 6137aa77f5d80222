#include "management/user_document.h"

#include <boost/json.hpp>

namespace symbolon::management {
namespace {

namespace json = boost::json;

json::object show_identity(const model::Identity& identity, bool primary) {
  json::object shown{{"connection", identity.connection_name},
                     {"provider", identity.provider},
                     {"user_id", identity.connection_name + "|" + identity.subject},
                     {"isSocial", false}};
  if (!primary && !identity.profile.empty()) shown["profileData"] = json::parse(identity.profile);
  return shown;
}

void add_metadata(json::object& shown, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  json::value value = json::parse(text);
  if (value.is_object() && !value.get_object().empty()) shown[name] = std::move(value);
}

}  // namespace

json::array show_identities(const model::User& user) {
  json::array identities;
  for (const model::Identity& identity : user.identities)
    identities.push_back(show_identity(identity, identities.empty()));
  return identities;
}

json::object show_user(const model::User& user) {
  json::object shown;
  if (!user.profile.empty()) shown = json::parse(user.profile).as_object();
  shown["user_id"] = user.id.str();
  if (!user.email.empty()) {
    shown["email"] = user.email;
    shown["email_verified"] = user.email_verified;
  }
  if (!user.username.empty()) shown["username"] = user.username;
  shown["identities"] = show_identities(user);
  add_metadata(shown, "user_metadata", user.user_metadata);
  add_metadata(shown, "app_metadata", user.app_metadata);
  shown["created_at"] = to_iso8601(user.created_at);
  shown["updated_at"] = to_iso8601(user.updated_at);
  if (user.last_login) shown["last_login"] = to_iso8601(*user.last_login);
  if (!user.last_ip.empty()) shown["last_ip"] = user.last_ip;
  shown["logins_count"] = user.logins_count;
  if (user.blocked) shown["blocked"] = true;
  return shown;
}

}  // namespace symbolon::management
