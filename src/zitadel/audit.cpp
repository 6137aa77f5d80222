#include "zitadel/audit.h"

#include "base/text.h"
#include "store/log_store.h"

namespace symbolon::zitadel {

namespace json = boost::json;

void log_write(db::Transaction& tx, const Call& call, std::string description, const std::vector<std::string>& what) {
  const json::object details{{"caller", call.caller.user},
                             {"records", json::value_from(what)},
                             {"request", {{"method", to_string(call.http.method)}, {"path", call.http.path}}}};
  model::LogEvent event;
  event.date = call.now;
  event.type = "sapi";
  event.description = std::move(description);
  event.client = call.caller.client;
  event.user = UserId(call.caller.user);
  event.user_name = call.caller.name;
  event.ip = call.http.client_address;
  event.user_agent = printable(call.http.headers.get("User-Agent"), 500);
  event.hostname = call.http.site->host;
  event.details = json::serialize(details);
  store::LogStore(tx, call.tenant).insert(std::move(event));
}

}  // namespace symbolon::zitadel
