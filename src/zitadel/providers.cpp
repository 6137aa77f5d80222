#include "zitadel/providers.h"

#include "base/text.h"
#include "login/connection_end.h"
#include "management/connection_record.h"
#include "store/connection_store.h"
#include "store/login_policy_store.h"
#include "zitadel/audit.h"
#include "zitadel/message.h"
#include "zitadel/provider_query.h"
#include "zitadel/provider_view.h"
#include "zitadel/wire.h"

namespace symbolon::zitadel {
namespace {

namespace json = boost::json;
using http::Method;
using model::Strategy;

constexpr int kMaxAttempts = 5;  // of a change that others keep overtaking
constexpr std::size_t kMaxId = 200;

Details details_of(const Call& call, const model::Connection& connection) {
  return {connection.version, connection.created_at, connection.updated_at, call.resource_owner()};
}

// Of a change or removal; what is read has the same id at both levels.
Error not_existing(const Call& call, std::string_view id) {
  return failure(Code::not_found, id_at(call.level, id), "Errors.IDPConfig.NotExisting");
}

Error from_problem(const Call& call, const management::Problem& problem) {
  return failure_saying(Code::invalid_argument, id_at(call.level, "INST-opt01"), problem.message);
}

// What ZITADEL sends without being asked (zitadel-idps §6.2), so that applications registered for it go on working.
// Said in the options, where /api/v2 can change it.
json::object zitadel_defaults() {
  return {{"callback_path", to_string(model::CallbackPath::zitadel_login)}, {"send_prompt", true}};
}

std::optional<Error> check_id(const std::string& message, const std::string& id) {
  const auto length = count_code_points(id);
  if (length && *length >= 1 && *length <= kMaxId) return std::nullopt;
  return plain(Code::invalid_argument,
               "invalid " + message + ".Id: value length must be between 1 and 200 runes, inclusive");
}

// The record of the caller's own level, if it is one of the kind that is asked for.
std::optional<model::Connection> find_own(db::Transaction& tx, const Call& call, std::optional<Strategy> strategy) {
  auto found = store::ConnectionStore(tx, call.tenant).find_by_zitadel_id(call.path("id"));
  if (!found || found->zitadel_owner != call.owner.str()) return std::nullopt;
  if (strategy && found->upstream.strategy != *strategy) return std::nullopt;
  return found;
}

bool is_same(const model::Connection& before, const model::Connection& after) {
  return before.display_name == after.display_name && json::parse(before.options) == json::parse(after.options);
}

}  // namespace

void Providers::register_on(Api& api) {
  for (const bool admin : {true, false}) {
    const std::string base = admin ? "/admin/v1/idps" : "/management/v1/idps";
    const std::string prefix = admin ? "iam.idp." : "org.idp.";
    const auto with = [this](auto method, Strategy strategy) {
      return [this, method, strategy](Call call) { return (this->*method)(std::move(call), strategy); };
    };
    api.on(Method::post, base + "/oauth", prefix + "write", with(&Providers::create, Strategy::oauth2));
    api.on(Method::put, base + "/oauth/{id}", prefix + "write", with(&Providers::update, Strategy::oauth2));
    api.on(Method::post, base + "/generic_oidc", prefix + "write", with(&Providers::create, Strategy::oidc));
    api.on(Method::put, base + "/generic_oidc/{id}", prefix + "write", with(&Providers::update, Strategy::oidc));
    api.on(Method::get, base + "/templates/{id}", prefix + "read",
           [this](Call call) { return get(std::move(call)); });
    api.on(Method::post, base + "/templates/_search", prefix + "read",
           [this](Call call) { return search(std::move(call)); });
    api.on(Method::del, base + "/templates/{id}", prefix + "write",
           [this](Call call) { return remove(std::move(call)); });
  }
}

Task<Answer> Providers::create(Call call, Strategy strategy) {
  auto request = read_provider(call, strategy, true, services_.insecure_upstreams_allowed);
  if (!request) co_return std::unexpected(std::move(request.error()));
  auto prepared =
      co_await management::prepare_options(services_, strategy, options_of(*request, zitadel_defaults()), false);
  if (!prepared) co_return std::unexpected(from_problem(call, prepared.error()));

  const json::object members{{"display_name", request->name}};
  model::Connection connection =
      management::new_connection(services_, call.tenant, "new", std::move(*prepared), members);
  connection.name = connection_name(connection.zitadel_id);
  connection.realms = {connection.name};
  connection.zitadel_owner = call.owner.str();

  co_await services_.db.write([&](db::Transaction& tx) {
    if (store::ConnectionStore(tx, call.tenant).insert(connection) == store::Insert::duplicate)
      throw db::DatabaseError("an id was drawn that is taken: " + connection.zitadel_id);
    log_write(tx, call, "Add an identity provider", {connection.zitadel_id});
  });
  co_return json::object{{"details", created(details_of(call, connection))}, {"id", connection.zitadel_id}};
}

// One attempt: read, prepare without a transaction (the provider may be asked), write if nobody was quicker.
Task<Answer> Providers::change(const Call& call, const ProviderRequest& request) {
  const std::string_view unknown = request.strategy == Strategy::oauth2 ? "INST-D3r1s" : "INST-Dg331";
  auto stored =
      co_await services_.db.read([&](db::Transaction& tx) { return find_own(tx, call, request.strategy); });
  if (!stored) co_return std::unexpected(not_existing(call, unknown));
  model::Connection changed_one = *stored;
  json::object options = options_of(request, json::parse(stored->options).as_object());
  if (auto problem = co_await management::change_options(services_, changed_one, std::move(options)))
    co_return std::unexpected(from_problem(call, *problem));
  if (request.name != stored->label()) changed_one.display_name = request.name;
  if (request.client_secret.empty() && is_same(*stored, changed_one)) co_return json::object{{"details", json::object()}};

  const std::int64_t based_on = changed_one.version++;
  changed_one.updated_at = call.now;
  const auto outcome = co_await services_.db.write([&](db::Transaction& tx) {
    const auto updated = store::ConnectionStore(tx, call.tenant).update(changed_one, based_on);
    if (updated == store::Update::done) log_write(tx, call, "Update an identity provider", {stored->zitadel_id});
    return updated;
  });
  switch (outcome) {
    case store::Update::done: co_return json::object{{"details", changed(details_of(call, changed_one))}};
    case store::Update::missing: co_return std::unexpected(not_existing(call, unknown));
    case store::Update::changed_meanwhile: break;
  }
  co_return std::unexpected(plain(Code::aborted, "the identity provider was changed by somebody else, try again"));
}

Task<Answer> Providers::update(Call call, Strategy strategy) {
  const std::string message =
      strategy == Strategy::oauth2 ? "UpdateGenericOAuthProviderRequest" : "UpdateGenericOIDCProviderRequest";
  if (auto error = check_id(message, call.path("id"))) co_return std::unexpected(std::move(*error));
  if (trim(call.path("id")).empty())
    co_return std::unexpected(failure(Code::invalid_argument,
                                      id_at(call.level, strategy == Strategy::oauth2 ? "INST-SAffg" : "INST-SAfd3"),
                                      "Errors.Invalid.Argument"));
  auto request = read_provider(call, strategy, false, services_.insecure_upstreams_allowed);
  if (!request) co_return std::unexpected(std::move(request.error()));
  for (int attempt = 1;; ++attempt) {
    Answer answer = co_await change(call, *request);
    const bool overtaken = !answer && answer.error().code == Code::aborted;
    if (!overtaken || attempt == kMaxAttempts) co_return answer;
  }
}

Task<Answer> Providers::get(Call call) {
  if (auto error = check_id("GetProviderByIDRequest", call.path("id"))) co_return std::unexpected(std::move(*error));
  const auto found = co_await services_.db.read([&](db::Transaction& tx) {
    return store::ConnectionStore(tx, call.tenant).find_by_zitadel_id(call.path("id"));
  });
  // Organisations see the instance's providers too; the instance sees its own only (§4.3, §4.8).
  if (!found || (!found->zitadel_owner.empty() && found->zitadel_owner != call.owner.str()))
    co_return std::unexpected(failure(Code::not_found, "QUERY-SAFrt", "Errors.IDPConfig.NotExisting"));
  co_return json::object{{"idp", show_provider(*found, call.caller.instance.id)}};
}

Task<Answer> Providers::search(Call call) {
  auto query = read_provider_query(call);
  if (!query) co_return std::unexpected(std::move(query.error()));
  auto found = co_await services_.db.read([&](db::Transaction& tx) { return find_providers(tx, call, *query); });
  json::array result;
  for (const model::Connection& connection : found.shown)
    result.push_back(show_provider(connection, call.caller.instance.id));
  json::object answer{{"details", list_details(found.total, found.sequence, call.now)}};
  if (!result.empty()) answer["result"] = std::move(result);
  co_return answer;
}

Task<Answer> Providers::remove(Call call) {
  if (auto error = check_id("DeleteProviderRequest", call.path("id"))) co_return std::unexpected(std::move(*error));
  ConnectionId removed;
  Answer answer = co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    auto stored = find_own(tx, call, std::nullopt);
    if (!stored) return std::unexpected(not_existing(call, "INST-Se3tg"));
    removed = stored->id;
    store::ConnectionStore(tx, call.tenant).remove_keeping_users(stored->id);
    log_write(tx, call, "Delete an identity provider", {stored->zitadel_id, stored->label()});
    stored->version += 1;
    stored->updated_at = call.now;
    return json::object{{"details", changed(details_of(call, *stored))}};
  });
  if (answer) co_await login::end_connection(services_.db, call.tenant, removed, call.now);
  co_return answer;
}

}  // namespace symbolon::zitadel
