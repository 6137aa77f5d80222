#include "management/audit.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "store/log_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

void write(db::Transaction& tx, const Call& call, std::string type, std::string description, json::object details,
           Instant now, const UserId& user = {}) {
  details["request"] = json::object{{"method", to_string(call.http.method)}, {"path", call.http.path}};
  model::LogEvent event;
  event.date = now;
  event.type = std::move(type);
  event.description = std::move(description);
  event.client = call.caller.client;
  event.user = user;
  event.user_agent = printable(call.http.headers.get("User-Agent"), 500);
  event.ip = call.http.client_address;
  event.hostname = call.http.site->host;
  event.details = json::serialize(details);
  store::LogStore(tx, call.tenant).insert(std::move(event));
}

}  // namespace

void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& changed,
               Instant now) {
  write(tx, call, "sapi", std::move(description), json::object{{"changed", json::value_from(changed)}}, now);
}

void log_secret_read(db::Transaction& tx, const Call& call, std::string description, Instant now) {
  write(tx, call, "mgmt_api_read", std::move(description), {}, now);
}

void log_effect(db::Transaction& tx, const Call& call, std::string type, std::string description, const UserId& user,
                Instant now) {
  write(tx, call, std::move(type), std::move(description), {}, now, user);
}

std::vector<std::string> member_names(const json::object& body) {
  std::vector<std::string> names;
  for (const auto& member : body) names.emplace_back(member.key());
  return names;
}

}  // namespace symbolon::management
