#include "management/api.h"

#include <charconv>
#include <stdexcept>

#include "base/text.h"
#include "http/rate_limit_headers.h"
#include "json/parse.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxBodyBytes = 1 << 20;  // management-api W-8

std::expected<std::string, Problem> read_bearer(const http::Request& request) {
  const std::string_view header = request.headers.get("Authorization");
  if (header.empty()) return std::unexpected(Problem{401, {}, "Missing authentication"});
  const auto space = header.find(' ');
  if (space == std::string_view::npos || !equals_ignoring_case(header.substr(0, space), "Bearer") ||
      trim(header.substr(space)).empty())
    return std::unexpected(Problem{400, "Bearer", "Bad HTTP authentication header format"});
  return std::string(trim(header.substr(space)));
}

bool may_call(const ContractOperation& operation, const Caller& caller) {
  if (operation.scopes.empty()) return true;
  return std::ranges::any_of(operation.scopes, [&](const std::vector<std::string>& all) {
    return std::ranges::all_of(all, [&](const std::string& scope) { return caller.has(scope); });
  });
}

std::string scope_list(const ContractOperation& operation) {
  std::vector<std::string> named;
  for (const auto& all : operation.scopes)
    for (const std::string& scope : all)
      if (!contains(named, scope)) named.push_back(scope);
  return join(named, ",");
}

// Query values are text; the schema says which of them are numbers or switches.
json::value typed(const std::string& value, const json::object& schema) {
  const auto* type = schema.if_contains("type");
  if (!type || !type->is_string()) return json::value(value);
  if (*type == "boolean") {
    if (value == "true") return true;
    if (value == "false") return false;
  }
  if (*type == "integer") {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && end == value.data() + value.size()) return number;
  }
  return json::value(value);
}

// A repeated key is a list where the schema wants one; elsewhere its first value counts.
json::value query_value(const Contract& contract, const std::vector<std::string>& values, const json::object& schema) {
  const auto* items = schema.if_contains("items");
  if (!items) return typed(values.front(), schema);
  const json::object& one = contract.validator().resolve(items->get_object());
  json::array list;
  for (const std::string& value : values) list.push_back(typed(value, one));
  return list;
}

std::optional<Problem> check_parameters(const Contract& contract, const ContractOperation& operation,
                                        const http::Request& request, const http::Form& query) {
  for (const ContractParameter& parameter : operation.parameters) {
    if (parameter.in != "path") continue;
    const auto value = request.parameters.find(parameter.name);
    if (value == request.parameters.end()) continue;
    if (auto error = contract.validator().check(json::value(value->second), parameter.schema))
      return invalid_uri(error->reason, parameter.name, parameter.description);
  }
  for (const ContractParameter& parameter : operation.parameters) {
    if (parameter.in != "query") continue;
    const std::vector<std::string> values = query.get_all(parameter.name);
    if (values.empty() && parameter.required)
      return invalid_query("Missing required property: " + parameter.name, parameter.name, parameter.description);
    if (values.empty()) continue;
    const json::object& schema = contract.validator().resolve(parameter.schema);
    if (auto error = contract.validator().check(query_value(contract, values, schema), schema))
      return invalid_query(error->reason, parameter.name, parameter.description);
  }
  return std::nullopt;
}

// SDKs name the media type; the documents that people copy from send JSON under curl's default one (seeds).
bool is_json_like(const http::Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  const std::string_view body = trim(request.body);
  if (type.empty() || type.starts_with("application/json")) return true;
  return body.starts_with('{') || body.starts_with('[') || body == "null";
}

std::expected<json::value, Problem> read_body(const Contract& contract, const ContractOperation& operation,
                                              const http::Request& request) {
  if (!operation.body_schema) return json::value();
  if (trim(request.body).empty()) {
    if (operation.body_required) return std::unexpected(invalid_body("Payload validation error: 'Missing body'."));
    return json::value();
  }
  if (!is_json_like(request))
    return std::unexpected(
        Problem{415, "unsupported_media_type", "Send the body as JSON with Content-Type: application/json."});
  auto parsed = symbolon::json::parse(request.body, {.bytes = kMaxBodyBytes, .refuse_duplicates = false});
  if (!parsed && parsed.error().code == symbolon::json::ParseError::Code::too_long)
    return std::unexpected(Problem{413, "payload_too_large", "The body is longer than 1 MiB."});
  if (!parsed) return std::unexpected(invalid_body("Invalid request payload JSON format"));
  if (auto error = contract.validator().check(*parsed, *operation.body_schema))
    return std::unexpected(invalid_body(payload_message(*error)));
  return std::move(*parsed);
}

std::string limit_key(const TenantId& tenant, const Caller& caller) {
  return tenant.str() + "|" + (caller.client.empty() ? caller.subject : caller.client.str());
}

http::Response rendered(Answer answer) {
  http::Response response = answer ? std::move(*answer) : render(answer.error());
  if (!response.body.empty()) response.headers.set("Content-Type", "application/json; charset=utf-8");
  return response;
}

}  // namespace

bool Caller::has(std::string_view scope) const { return contains(scopes, scope); }

bool Caller::has_any(const std::vector<std::string>& wanted) const {
  return std::ranges::any_of(wanted, [&](const std::string& scope) { return has(scope); });
}

std::string Call::path(std::string_view name) const {
  const auto found = http.parameters.find(std::string(name));
  return found == http.parameters.end() ? std::string() : found->second;
}

void Api::on(const std::string& operation_id, Operation operation) {
  if (!handlers_.emplace(operation_id, std::move(operation)).second)
    throw std::logic_error("two handlers for operation " + operation_id);
}

std::vector<http::Route> Api::routes() {
  std::vector<http::Route> routes;
  for (const ContractOperation& operation : contract_.operations()) {
    if (!handlers_.contains(operation.id)) throw std::logic_error("no handler for operation " + operation.id);
    routes.push_back({operation.method, "/api/v2" + operation.path,
                      [this, &operation](http::Request request) { return handle(operation, std::move(request)); },
                      http::Cors::none});
  }
  if (handlers_.size() != routes.size()) throw std::logic_error("a handler names an operation that is not in the contract");
  return routes;
}

Task<http::Response> Api::handle(const ContractOperation& operation, http::Request request) {
  RateVerdict verdict;
  Answer answer = co_await run(operation, std::move(request), verdict);
  if (!answer && answer.error().limit) verdict = *answer.error().limit;
  http::Response response = rendered(std::move(answer));
  http::set_rate_limit_headers(response, verdict);
  co_return response;
}

Task<http::Response> Api::count(http::Request request, http::Response response) {
  RateVerdict verdict = tenant_limit_.look(request.site->tenant.str(), clock_.now());
  if (auto bearer = read_bearer(request))
    if (auto caller = co_await verifier_.verify(*request.site, std::move(*bearer)))
      verdict = take_from_limits(request.site->tenant, *caller);
  http::set_rate_limit_headers(response, verdict);
  co_return response;
}

Task<http::Response> Api::call(std::string operation_id, http::Request request, Caller caller) {
  for (const ContractOperation& operation : contract_.operations())
    if (operation.id == operation_id)
      co_return rendered(co_await perform(operation, std::move(request), std::move(caller)));
  throw std::logic_error("no operation " + operation_id);
}

// A client that asks too much uses up nothing of what the others of its tenant have.
RateVerdict Api::take_from_limits(const TenantId& tenant, const Caller& caller) {
  const Instant now = clock_.now();
  const RateVerdict own = client_limit_.take(limit_key(tenant, caller), now);
  if (!own.allowed) return own;
  const RateVerdict of_all = tenant_limit_.take(tenant.str(), now);
  return of_all.allowed && own.remaining < of_all.remaining ? own : of_all;
}

Task<void> Api::record_limit(http::Request request, Caller caller) {
  if (!record_limit_) co_return;
  if (!recorded_limits_.take(limit_key(request.site->tenant, caller), clock_.now()).allowed) co_return;
  co_await record_limit_(std::move(request), std::move(caller));
}

Task<Answer> Api::run(const ContractOperation& operation, http::Request request, RateVerdict& verdict) {
  const TenantId tenant = request.site->tenant;
  verdict = tenant_limit_.look(tenant.str(), clock_.now());
  auto bearer = read_bearer(request);
  if (!bearer) co_return std::unexpected(bearer.error());
  auto caller = co_await verifier_.verify(*request.site, std::move(*bearer));
  if (!caller) co_return std::unexpected(caller.error());
  verdict = take_from_limits(tenant, *caller);
  if (!verdict.allowed) {
    co_await record_limit(std::move(request), std::move(*caller));
    co_return std::unexpected(Problem{429, "too_many_requests", "Global limit has been reached"});
  }
  co_return co_await perform(operation, std::move(request), std::move(*caller));
}

Task<Answer> Api::perform(const ContractOperation& operation, http::Request request, Caller caller) {
  if (!may_call(operation, caller)) co_return std::unexpected(insufficient_scope(scope_list(operation)));
  auto query = http::Form::parse_lenient(request.query);
  if (!query)
    co_return std::unexpected(Problem{400, "invalid_query_string", "The query string is not properly encoded."});
  if (auto problem = check_parameters(contract_, operation, request, *query)) co_return std::unexpected(*problem);
  auto body = read_body(contract_, operation, request);
  if (!body) co_return std::unexpected(body.error());

  Call call{.http = std::move(request),
            .tenant = {},
            .caller = std::move(caller),
            .query = std::move(*query),
            .body = std::move(*body)};
  call.tenant = call.http.site->tenant;
  co_return co_await handlers_.at(operation.id)(std::move(call));
}

http::Response json_answer(int status, const json::value& body) { return text_answer(status, json::serialize(body)); }

http::Response text_answer(int status, std::string json) {
  http::Response response = http::json_response(status, std::move(json));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace symbolon::management
