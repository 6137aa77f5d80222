#include "management/problem.h"

#include <boost/json.hpp>

namespace symbolon::management {
namespace {

std::string located(std::string_view what, std::string_view reason, std::string_view parameter,
                    std::string_view description) {
  std::string text(what);
  text += " validation error: '";
  text += reason;
  text += "' on property ";
  text += parameter;
  if (!description.empty()) {
    text += " (";
    text += description;
    text += ")";
  }
  return text + ".";
}

}  // namespace

Problem invalid_body(std::string message) { return {400, "invalid_body", std::move(message)}; }

Problem invalid_query(std::string reason, std::string_view parameter, std::string_view description) {
  return {400, "invalid_query_string", located("Query", reason, parameter, description)};
}

Problem invalid_uri(std::string reason, std::string_view parameter, std::string_view description) {
  return {400, "invalid_uri", located("Path", reason, parameter, description)};
}

Problem not_found(std::string error_code, std::string message) {
  return {404, std::move(error_code), std::move(message)};
}

Problem conflict(std::string error_code, std::string message) {
  return {409, std::move(error_code), std::move(message)};
}

Problem insufficient_scope(std::string_view scopes) {
  return {403, "insufficient_scope", "Insufficient scope, expected any of: " + std::string(scopes)};
}

Problem changed_meanwhile() {
  return {412, "precondition_failed",
          "The resource was changed by somebody else meanwhile. Read it again and repeat the change."};
}

Problem too_many_requests(std::string message, RateVerdict limit) {
  return {429, "too_many_requests", std::move(message), limit};
}

Problem no_such_user() { return not_found("inexistent_user", "The user does not exist."); }

Problem search_too_large(std::string_view advice) {
  return {503, "search_too_large", "The search would have to look at too many records. " + std::string(advice)};
}

std::string_view status_name(int status) {
  switch (status) {
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Payload Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return "Internal Server Error";
  }
}

http::Response render(const Problem& problem) {
  boost::json::object body{{"statusCode", problem.status},
                           {"error", status_name(problem.status)},
                           {"message", problem.message}};
  if (!problem.error_code.empty()) body["errorCode"] = problem.error_code;
  // SDKs show this member for tokens that were refused, and for nothing else.
  if (problem.status == 401 && problem.message == "Invalid token")
    body["attributes"] = {{"error", problem.message}};
  http::Response response = http::json_response(problem.status, boost::json::serialize(body));
  response.headers.set("Content-Type", "application/json; charset=utf-8");
  if (problem.status == 401)
    response.headers.set("WWW-Authenticate", problem.message == "Missing authentication"
                                                 ? "Bearer"
                                                 : "Bearer error=\"invalid_token\"");
  http::forbid_caching(response);
  return response;
}

}  // namespace symbolon::management
