#include "management/user_changes.h"

#include "management/audit.h"
#include "management/etag.h"
#include "management/user_access.h"
#include "management/user_document.h"
#include "management/user_patch.h"
#include "store/connection_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

// What the narrower scopes let a caller change.
std::optional<Problem> check_scopes(const Call& call) {
  if (call.caller.has("update:users")) return std::nullopt;
  const bool for_app = call.caller.has("update:users_app_metadata");
  if (!for_app)
    if (auto problem = check_own_record(call, {})) return problem;
  for (const auto& [name, value] : call.object())
    if (name != "user_metadata" && !(for_app && name == "app_metadata")) return insufficient_scope("update:users");
  return std::nullopt;
}

ProfileOwner owner_of(db::Transaction& tx, const TenantId& tenant, const model::User& user) {
  if (user.identities.empty()) return {{}, model::RootAttributeSync::on_first_login};
  const model::Identity& primary = user.identities.front();
  const auto connection = store::ConnectionStore(tx, tenant).find(primary.connection);
  return {primary.connection_name,
          connection ? connection->upstream.root_sync : model::RootAttributeSync::on_first_login};
}

}  // namespace

std::optional<Problem> check_own_record(const Call& call, const std::vector<std::string>& scopes) {
  if (call.caller.has_any(scopes) || call.path("id") == call.caller.subject) return std::nullopt;
  return Problem{403, "insufficient_scope", "User to be acted on does not match subject in bearer token."};
}

void UserChanges::register_on(Api& api) {
  api.on("users_create", [this](Call call) { return create(std::move(call)); });
  api.on("users_update", [this](Call call) { return update(std::move(call)); });
  api.on("users_delete", [this](Call call) { return remove(std::move(call)); });
}

Task<Answer> UserChanges::create(Call call) {
  const std::string name(call.object().at("connection").get_string());
  const bool known = co_await services_.db.read(
      [&](db::Transaction& tx) { return store::ConnectionStore(tx, call.tenant).find_by_name(name).has_value(); });
  if (!known) co_return std::unexpected(Problem{400, "inexistent_connection", "The connection does not exist."});
  co_return std::unexpected(Problem{400, "operation_not_supported",
                                    "Connection does not support user creation through the API. It must either be a "
                                    "database or passwordless connection."});
}

Task<Answer> UserChanges::update(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_scopes(call)) co_return std::unexpected(*problem);
  const UserId id(call.path("id"));
  co_return co_await services_.db.write([&](db::Transaction& tx) -> Answer {
    store::UserStore users(tx, call.tenant);
    auto user = users.find(id);
    if (!user) return std::unexpected(no_such_user());
    if (auto matches = check_if_match(call, user->version); !matches) return std::unexpected(matches.error());
    const bool was_blocked = user->blocked;
    if (auto applied = apply_user_patch(*user, call.object(), owner_of(tx, call.tenant, *user)); !applied)
      return std::unexpected(applied.error());
    user->updated_at = now;
    users.update(*user);
    if (user->blocked && !was_blocked) end_access(tx, call.tenant, id, ending_, EndCause::account_deactivated, now);
    log_write(tx, call, "Update a user", member_names(call.object()), now);
    user->version += 1;
    http::Response response = json_answer(200, show_user(*user));
    set_etag(response, user->version);
    return response;
  });
}

Task<Answer> UserChanges::remove(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_own_record(call, {"delete:users"})) co_return std::unexpected(*problem);
  const UserId id(call.path("id"));
  const auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    store::UserStore users(tx, call.tenant);
    const auto user = users.find(id);
    if (!user) return std::nullopt;
    if (auto matches = check_if_match(call, user->version); !matches) return matches.error();
    // Sessions first, while there is still somebody to tell their applications about.
    end_sessions(tx, call.tenant, id, ending_, EndCause::account_deleted, now);
    users.remove(id);
    log_write(tx, call, "Delete a user", {}, now);
    log_effect(tx, call, "sdu", "Deleted the user", id, now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(204);
}

}  // namespace symbolon::management
