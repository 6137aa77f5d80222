#include "zitadel/api.h"

#include <stdexcept>

#include "base/log.h"
#include "base/text.h"
#include "store/organisation_store.h"
#include "zitadel/message.h"
#include "zitadel/permissions.h"

namespace symbolon::zitadel {
namespace {

constexpr std::size_t kMaxBodyBytes = 1 << 20;
constexpr std::string_view kOrganisationHeader = "x-zitadel-orgid";

void log_failure(const std::string& request_id, const std::string& pattern, const char* reason) {
  log::error("request failed", {{"request_id", request_id}, {"operation", pattern}, {"reason", reason}});
}

Task<http::Response> healthy(http::Request) { co_return http::json_response(200, "{}"); }

}  // namespace

std::string id_at(Level level, std::string_view instance_id) {
  return level == Level::instance ? std::string(instance_id)
                                  : "ORG" + std::string(instance_id.substr(instance_id.find('-')));
}

std::string Call::path(std::string_view name) const {
  const auto found = http.parameters.find(std::string(name));
  return found == http.parameters.end() ? std::string() : found->second;
}

void Api::on(http::Method method, std::string pattern, std::string permission, Handler handler) {
  const bool admin = pattern.starts_with("/admin/v1/");
  if (permission.empty() || (!admin && !pattern.starts_with("/management/v1/")))
    throw std::logic_error("an operation without permission or base path: " + pattern);
  operations_.push_back({method, std::move(pattern), std::move(permission),
                         admin ? Level::instance : Level::organisation, std::move(handler)});
}

std::vector<http::Route> Api::routes() {
  std::vector<http::Route> routes{{http::Method::get, "/admin/v1/healthz", healthy},
                                  {http::Method::get, "/management/v1/healthz", healthy}};
  for (const Operation& operation : operations_)
    routes.push_back({operation.method, operation.pattern,
                      [this, &operation](http::Request request) { return handle(operation, std::move(request)); }});
  return routes;
}

Task<http::Response> Api::handle(const Operation& operation, http::Request request) {
  const std::string request_id = request.id;
  std::optional<Error> broken;
  Answer answer;
  try {
    answer = co_await run(operation, std::move(request));
  } catch (const db::DatabaseError& error) {
    broken = plain(Code::unavailable, "the database does not answer, try again");
    log_failure(request_id, operation.pattern, error.what());
  } catch (const std::exception& error) {
    broken = plain(Code::internal, "the server failed; its log tells more under the request_id " + request_id);
    log_failure(request_id, operation.pattern, error.what());
  }
  if (broken) co_return render(*broken);
  if (!answer) co_return render(answer.error());
  http::Response response = http::json_response(200, boost::json::serialize(*answer));
  http::forbid_caching(response);
  co_return response;
}

Task<Answer> Api::run(const Operation& operation, http::Request request) {
  auto caller = co_await authentication_.identify(request);
  if (!caller) co_return std::unexpected(std::move(caller.error()));

  Call call;
  call.tenant = request.site->tenant;
  call.level = operation.level;
  call.now = clock_.now();
  const model::OrganisationId named(std::string(trim(request.headers.get(kOrganisationHeader))));
  if (!named.empty()) {
    const auto known = co_await db_.read(
        [&](db::Transaction& tx) { return store::OrganisationStore(tx, call.tenant).find(named).has_value(); });
    if (!known)
      co_return std::unexpected(
          failure_saying(Code::permission_denied, "AUTH-Bs7Ds", "Organisation doesn't exist"));
  }
  if (operation.level == Level::organisation) call.owner = named.empty() ? caller->organisation : named;
  switch (judge(caller->memberships, call.owner, operation.permission)) {
    case Standing::no_membership:
      co_return std::unexpected(failure_saying(Code::not_found, "AUTHZ-cdgFk", "membership not found"));
    case Standing::no_permission:
      co_return std::unexpected(
          failure_saying(Code::permission_denied, "AUTH-5mWD2", "No matching permissions found"));
    case Standing::allowed: break;
  }
  if (request.body.size() > kMaxBodyBytes)
    co_return std::unexpected(plain(Code::invalid_argument, "the body is too long"));
  auto body = read_body(request.body);
  if (!body) co_return std::unexpected(std::move(body.error()));
  call.caller = std::move(*caller);
  call.body = std::move(*body);
  call.http = std::move(request);
  co_return co_await operation.handler(std::move(call));
}

}  // namespace symbolon::zitadel
