#include "app/dispatcher.h"

#include "app/plain_error.h"
#include "base/text.h"
#include "pages/nothing_page.h"
#include "store/client_store.h"

namespace symbolon::app {
namespace {

http::Response plain_error(const http::Request& request, int status, std::string_view code,
                           std::string_view description) {
  return render(PlainError{.status = status, .path = request.path, .code = code, .description = description});
}

// A person who typed the address reads a page; programs, also those that send no Accept, get JSON.
bool is_read_by_people(const http::Request& request) {
  const bool is_api = request.path.starts_with("/api/") || request.path.starts_with("/admin/") ||
                      request.path.starts_with("/management/");
  return request.method == http::Method::get && !is_api &&
         std::string_view(request.headers.get("Accept")).contains("text/html");
}

http::Response nothing_here(const http::Request& request) {
  if (!is_read_by_people(request)) return plain_error(request, 404, "not_found", "there is nothing at this address");
  pages::Frame frame;
  frame.language = pages::choose_language({}, request.headers.get("Accept-Language"), {});
  frame.secure = request.site->secure;
  return pages::render_nothing_here(frame);
}

std::vector<http::Method> methods_of(const http::Router& router, std::string_view path) {
  const auto result = router.find(http::Method::other, path);
  const auto* wrong = std::get_if<http::Router::WrongMethod>(&result);
  return wrong ? wrong->allowed : std::vector<http::Method>{};
}

std::string allow_header(const std::vector<http::Method>& methods) {
  std::vector<std::string> names;
  for (const http::Method method : methods) names.emplace_back(to_string(method));
  return join(names, ", ");
}

// What a request gets that no route takes.
http::Response unrouted(const http::Request& request, const http::Router::Result& result) {
  if (const auto* wrong = std::get_if<http::Router::WrongMethod>(&result)) {
    http::Response response = plain_error(request, 405, "method_not_allowed",
                                          "this address does not take this method");
    response.headers.set("Allow", allow_header(wrong->allowed));
    return response;
  }
  if (std::holds_alternative<http::Router::BadEscape>(result))
    return plain_error(request, 400, "invalid_request", "the path is not properly percent-encoded");
  return nothing_here(request);
}

}  // namespace

Task<http::Response> Dispatcher::dispatch(http::Request request) {
  // Probes come by address and must not need a name that is ours.
  if (request.path == "/healthz" || request.path == "/readyz") {
    auto probe = router_.find(request.method, request.path);
    if (const auto* match = std::get_if<http::Router::Match>(&probe))
      co_return co_await routed(std::move(request), *match->route);
  }
  request.site = co_await sites_.find(std::string(request.headers.get("Host")));
  if (!request.site)
    co_return plain_error(request, 421, "invalid_request",
                          "this host name belongs to no tenant of this server");
  if (request.method == http::Method::options) co_return co_await preflight(std::move(request));

  auto result = router_.find(request.method, request.path);
  if (auto* match = std::get_if<http::Router::Match>(&result)) {
    request.parameters = std::move(match->parameters);
    co_return co_await routed(std::move(request), *match->route);
  }
  http::Response response = unrouted(request, result);
  if (!request.path.starts_with("/api/v2/")) co_return response;
  co_return co_await api_.count(std::move(request), std::move(response));
}

Task<http::Response> Dispatcher::routed(http::Request request, const http::Route& route) {
  const bool head = request.method == http::Method::head;
  http::Response response = co_await route.handler(std::move(request));
  if (route.cors == http::Cors::any_origin) response.headers.set("Access-Control-Allow-Origin", "*");
  if (head) response.headers.set("Content-Length", std::to_string(response.body.size()));
  co_return response;
}

// The client is not known before the request itself, so any origin that any client registered is answered; the actual
// request is judged by its own client's list (login-runtime OP-20f).
Task<http::Response> Dispatcher::preflight(http::Request request) {
  const std::vector<http::Method> methods = methods_of(router_, request.path);
  http::Response response = http::empty_response(204);
  response.headers.set("Allow", allow_header(methods) + ", OPTIONS");
  const std::string origin(request.headers.get("Origin"));
  if (origin.empty() || methods.empty()) co_return response;

  const auto result = router_.find(methods.front(), request.path);
  const auto* match = std::get_if<http::Router::Match>(&result);
  if (!match || match->route->cors == http::Cors::none) co_return response;
  const bool any = match->route->cors == http::Cors::any_origin;
  const bool known = any || co_await db_.read([&](db::Transaction& tx) {
    return store::ClientStore(tx, request.site->tenant).is_known_origin(origin);
  });
  if (!known) co_return response;
  response.headers.set("Access-Control-Allow-Origin", any ? "*" : origin);
  response.headers.set("Access-Control-Allow-Methods", allow_header(methods));
  response.headers.set("Access-Control-Allow-Headers", "authorization, content-type, dpop, auth0-client");
  response.headers.set("Access-Control-Max-Age", "600");
  if (!any) response.headers.set("Vary", "Origin");
  co_return response;
}

}  // namespace symbolon::app
