#include "management/session_document.h"

#include <boost/json.hpp>

#include "base/text.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

json::object show_device(const model::Session& session) {
  json::object shown;
  const std::pair<const char*, const std::string*> members[] = {{"initial_user_agent", &session.initial_user_agent},
                                                                {"initial_ip", &session.initial_ip},
                                                                {"last_user_agent", &session.last_user_agent},
                                                                {"last_ip", &session.last_ip}};
  for (const auto& [name, text] : members)
    if (!text->empty()) shown[name] = *text;
  return shown;
}

}  // namespace

json::object show_session(const model::Session& session) {
  json::array clients;
  for (const ClientId& client : session.clients) clients.push_back(json::object{{"client_id", client.str()}});
  // Whoever signs in here was proved by a provider; there is no other method.
  json::array methods{json::object{{"name", "federated"}, {"timestamp", to_iso8601(session.authenticated_at)}}};
  json::object shown{{"id", session.id.str()},
                     {"user_id", session.user.str()},
                     {"created_at", to_iso8601(session.created_at)},
                     {"updated_at", to_iso8601(session.updated_at)},
                     {"authenticated_at", to_iso8601(session.authenticated_at)},
                     {"idle_expires_at", to_iso8601(session.idle_expires_at)},
                     {"expires_at", to_iso8601(session.expires_at)},
                     {"last_interacted_at", to_iso8601(session.last_interacted_at)},
                     {"device", show_device(session)},
                     {"clients", std::move(clients)},
                     {"authentication", json::object{{"methods", std::move(methods)}}},
                     {"cookie", json::object{{"mode", session.persistent ? "persistent" : "non-persistent"}}}};
  if (!session.metadata.empty()) shown["session_metadata"] = json::parse(session.metadata);
  return shown;
}

json::object show_refresh_token(const model::RefreshToken& token, const RefreshTokenSurroundings& around) {
  json::object shown{{"id", token.id},
                     {"user_id", token.user.str()},
                     {"client_id", token.client.str()},
                     {"session_id", nullptr},
                     {"created_at", to_iso8601(token.created_at)},
                     {"rotating", token.rotating}};
  // An offline token outlives the session that it was born in.
  if (around.session) {
    shown["session_id"] = around.session->id.str();
    shown["device"] = show_device(*around.session);
  }
  if (token.idle_expires_at) shown["idle_expires_at"] = to_iso8601(*token.idle_expires_at);
  if (token.expires_at) shown["expires_at"] = to_iso8601(*token.expires_at);
  if (token.last_used_at > token.created_at || token.generation > 0)
    shown["last_exchanged_at"] = to_iso8601(token.last_used_at);
  json::array servers;
  if (around.grant && !around.grant->audience.empty())
    servers.push_back(json::object{{"audience", around.grant->audience}, {"scopes", join(around.grant->scope, " ")}});
  shown["resource_servers"] = std::move(servers);
  if (!around.metadata.empty()) shown["refresh_token_metadata"] = json::parse(around.metadata);
  return shown;
}

std::string metadata_text(const json::object& body, std::string_view member) {
  const auto* given = body.if_contains(member);
  if (!given || given->is_null() || given->get_object().empty()) return {};
  return json::serialize(*given);
}

}  // namespace symbolon::management
