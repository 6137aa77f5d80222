#include "http/response.h"

namespace symbolon::http {
namespace {

Response with_body(int status, std::string_view content_type, std::string body) {
  Response response{.status = status, .headers = {}, .body = std::move(body)};
  response.headers.add("Content-Type", std::string(content_type));
  return response;
}

Response redirect(int status, std::string location) {
  Response response{.status = status, .headers = {}, .body = {}};
  response.headers.add("Location", std::move(location));
  return response;
}

}  // namespace

Response json_response(int status, std::string body) { return with_body(status, "application/json", std::move(body)); }

Response html_response(int status, std::string body) {
  return with_body(status, "text/html; charset=utf-8", std::move(body));
}

Response empty_response(int status) { return Response{.status = status, .headers = {}, .body = {}}; }

Response redirect_after_get(std::string location) { return redirect(302, std::move(location)); }

Response redirect_after_post(std::string location) { return redirect(303, std::move(location)); }

void forbid_caching(Response& response) {
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("Pragma", "no-cache");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("X-Content-Type-Options", "nosniff");
}

}  // namespace symbolon::http
