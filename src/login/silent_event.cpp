#include "login/silent_event.h"

#include <boost/json.hpp>

#include "base/text.h"

namespace symbolon::login {
namespace {

model::LogEvent event_of(std::string type, const http::Request& http, const model::Client& client,
                         const model::Session& session, Instant now) {
  model::LogEvent event;
  event.date = now;
  event.type = std::move(type);
  event.client = client.id;
  event.client_name = client.name;
  event.connection_id = session.connection;
  event.user = session.user;
  event.ip = http.client_address;
  event.user_agent = printable(http.headers.get("User-Agent"), 512);
  event.hostname = http.site->host;
  return event;
}

}  // namespace

model::LogEvent silent_success(const http::Request& http, const model::Client& client,
                               const model::Connection& connection, const model::User& user,
                               const model::Session& session, Instant now) {
  model::LogEvent event = event_of("ssa", http, client, session, now);
  event.connection = connection.name;
  event.strategy = to_string(connection.upstream.strategy);
  event.user_name = user.email;
  return event;
}

model::LogEvent silent_failure(const http::Request& http, const model::Client& client, const model::Session& session,
                               std::string_view code, std::string description, Instant now) {
  model::LogEvent event = event_of("fsa", http, client, session, now);
  event.details = boost::json::serialize(boost::json::object{
      {"rule", "SE-25"}, {"error", {{"oauthError", std::string(code)}, {"message", description}}}});
  event.description = std::move(description);
  return event;
}

}  // namespace symbolon::login
