#include "management/audit.h"

#include <boost/json.hpp>

#include "base/text.h"
#include "store/log_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

void write(db::Transaction& tx, const http::Request& request, const Caller& caller, std::string type,
           std::string description, json::object details, Instant now, const UserId& user = {}) {
  details["request"] = json::object{{"method", to_string(request.method)}, {"path", request.path}};
  model::LogEvent event;
  event.date = now;
  event.type = std::move(type);
  event.description = std::move(description);
  event.client = caller.client;
  event.user = user;
  event.user_agent = printable(request.headers.get("User-Agent"), 500);
  event.ip = request.client_address;
  event.hostname = request.site->host;
  event.details = json::serialize(details);
  store::LogStore(tx, request.site->tenant).insert(std::move(event));
}

Task<void> log_limit(const Services& services, http::Request request, Caller caller) {
  co_await services.db.write([&](db::Transaction& tx) {
    write(tx, request, caller, "api_limit", "Global limit has been reached", {}, services.clock.now());
  });
}

}  // namespace

void record_limits(Api& api, const Services& services) {
  api.on_limit([&services](http::Request request, Caller caller) {
    return log_limit(services, std::move(request), std::move(caller));
  });
}

void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& changed,
               Instant now) {
  write(tx, call.http, call.caller, "sapi", std::move(description), json::object{{"changed", json::value_from(changed)}}, now);
}

void log_secret_read(db::Transaction& tx, const Call& call, std::string description, Instant now) {
  write(tx, call.http, call.caller, "mgmt_api_read", std::move(description), {}, now);
}

void log_effect(db::Transaction& tx, const Call& call, std::string type, std::string description, const UserId& user,
                Instant now) {
  write(tx, call.http, call.caller, std::move(type), std::move(description), {}, now, user);
}

std::vector<std::string> member_names(const json::object& body) {
  std::vector<std::string> names;
  for (const auto& member : body) names.emplace_back(member.key());
  return names;
}

}  // namespace symbolon::management
