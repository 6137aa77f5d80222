#include "management/log_document.h"

#include <boost/json.hpp>
#include <utility>

namespace symbolon::management {
namespace {

namespace json = boost::json;

// What the user agents of telephones and tablets have in common.
bool is_mobile(const std::string& user_agent) { return user_agent.contains("Mobi"); }

}  // namespace

json::object show_log_event(const TenantId& tenant, const model::LogEvent& event) {
  json::object shown{{"log_id", event.log_id}, {"_id", event.log_id}, {"date", to_iso8601(event.date)},
                     {"type", event.type}};
  const std::pair<const char*, const std::string*> members[] = {{"description", &event.description},
                                                                {"client_id", &event.client.str()},
                                                                {"client_name", &event.client_name},
                                                                {"connection", &event.connection},
                                                                {"connection_id", &event.connection_id.str()},
                                                                {"strategy", &event.strategy},
                                                                {"user_id", &event.user.str()},
                                                                {"user_name", &event.user_name},
                                                                {"ip", &event.ip},
                                                                {"client_ip", &event.ip},
                                                                {"user_agent", &event.user_agent},
                                                                {"hostname", &event.hostname},
                                                                {"audience", &event.audience},
                                                                {"scope", &event.scope},
                                                                {"reference", &event.reference}};
  for (const auto& [name, text] : members)
    if (!text->empty()) shown[name] = *text;
  if (!event.strategy.empty()) shown["strategy_type"] = event.strategy == "oauth2" ? "social" : "enterprise";
  shown["isMobile"] = is_mobile(event.user_agent);
  shown["tenant_name"] = tenant.str();
  if (!event.details.empty()) shown["details"] = json::parse(event.details);
  return shown;
}

}  // namespace symbolon::management
