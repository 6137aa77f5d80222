#include "zitadel/wire.h"

namespace symbolon::zitadel {

namespace json = boost::json;

std::string timestamp(Instant at) {
  std::string text = to_iso8601(at);
  text.insert(text.size() - 1, "000");
  return text;
}

json::object created(const Details& details) {
  return {{"sequence", std::to_string(details.sequence)},
          {"creationDate", timestamp(details.created_at)},
          {"resourceOwner", details.resource_owner}};
}

json::object changed(const Details& details) {
  return {{"sequence", std::to_string(details.sequence)},
          {"changeDate", timestamp(details.changed_at)},
          {"resourceOwner", details.resource_owner}};
}

json::object read(const Details& details) {
  return {{"sequence", std::to_string(details.sequence)},
          {"creationDate", timestamp(details.created_at)},
          {"changeDate", timestamp(details.changed_at)},
          {"resourceOwner", details.resource_owner}};
}

json::object list_details(std::int64_t total, std::int64_t sequence, Instant now) {
  json::object out;
  if (total > 0) out["totalResult"] = std::to_string(total);
  if (sequence > 0) out["processedSequence"] = std::to_string(sequence);
  out["viewTimestamp"] = timestamp(now);
  return out;
}

void put(json::object& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out[name] = text;
}

void put(json::object& out, std::string_view name, bool flag) {
  if (flag) out[name] = true;
}

}  // namespace symbolon::zitadel
