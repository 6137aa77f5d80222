#include "app/plain_error.h"

#include <boost/json.hpp>
#include <string>

#include "management/problem.h"
#include "zitadel/error.h"

namespace symbolon::app {
namespace {

bool is_below(std::string_view path, std::string_view base) {
  return path.starts_with(base) && (path.size() == base.size() || path[base.size()] == '/');
}

zitadel::Code zitadel_code(int status) {
  switch (status) {
    case 404:
    case 421: return zitadel::Code::not_found;
    case 405:
    case 501: return zitadel::Code::unimplemented;
    case 503: return zitadel::Code::unavailable;
    default: return status < 500 ? zitadel::Code::invalid_argument : zitadel::Code::internal;
  }
}

// Clients compare these two; the others are for people.
std::string message_of(const PlainError& error) {
  if (error.status == 404 || error.status == 405) return std::string(management::status_name(error.status));
  std::string message(error.description);
  if (!error.request_id.empty()) message.append(" ").append(error.request_id);
  return message;
}

http::Response protocol_answer(const PlainError& error) {
  boost::json::object body{{"error", error.code}, {"error_description", error.description}};
  if (!error.request_id.empty()) body["request_id"] = error.request_id;
  http::Response response = http::json_response(error.status, boost::json::serialize(body));
  http::forbid_caching(response);
  return response;
}

}  // namespace

http::Response render(const PlainError& error) {
  if (is_below(error.path, "/admin/v1") || is_below(error.path, "/management/v1")) {
    http::Response response = zitadel::render(zitadel::plain(zitadel_code(error.status), message_of(error)));
    response.status = error.status;
    return response;
  }
  if (is_below(error.path, "/api/v2")) return management::render({error.status, {}, message_of(error)});
  return protocol_answer(error);
}

}  // namespace symbolon::app
