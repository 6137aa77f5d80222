#include "management/user_identities.h"

#include <algorithm>

#include "management/audit.h"
#include "management/user_access.h"
#include "management/user_changes.h"
#include "management/user_document.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

std::string text(const json::object& body, std::string_view member) {
  const auto* given = body.if_contains(member);
  if (!given) return {};
  return given->is_string() ? std::string(given->get_string()) : json::serialize(*given);
}

std::expected<AccountName, Problem> read_name(const json::object& body) {
  for (const char* member : {"provider", "user_id"})
    if (!body.contains(member))
      return std::unexpected(
          invalid_body("Payload validation error: 'Missing required property: " + std::string(member) + "'."));
  return AccountName{text(body, "provider"), text(body, "user_id"), ConnectionId(text(body, "connection_id"))};
}

Task<std::expected<AccountQuestion, Problem>> read_account(LinkTokens& tokens, http::Site site, json::object body) {
  if (!body.contains("link_with")) {
    auto name = read_name(body);
    if (!name) co_return std::unexpected(name.error());
    co_return AccountQuestion(std::move(*name));
  }
  if (body.size() > 1)
    co_return std::unexpected(invalid_body("Payload validation error: 'Send link_with alone, or provider and user_id'."));
  auto proven = co_await tokens.read(std::move(site), text(body, "link_with"));
  if (!proven)
    co_return std::unexpected(
        Problem{400, "invalid_token", "link_with is not an ID token of this tenant, or it has expired."});
  co_return AccountQuestion(std::move(*proven));
}

}  // namespace

void UserIdentities::register_on(Api& api) {
  api.on("user_identities_link", [this](Call call) { return link(std::move(call)); });
  api.on("user_identities_unlink", [this](Call call) { return unlink(std::move(call)); });
}

Task<Answer> UserIdentities::link(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_own_record(call, {"update:users"})) co_return std::unexpected(*problem);
  const auto account = co_await read_account(tokens_, *call.http.site, call.object());
  if (!account) co_return std::unexpected(account.error());
  const auto user = co_await services_.db.write([&](db::Transaction& tx) { return join(tx, call, *account, now); });
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(201, show_identities(*user));
}

Task<Answer> UserIdentities::unlink(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_own_record(call, {"update:users"})) co_return std::unexpected(*problem);
  const auto user = co_await services_.db.write([&](db::Transaction& tx) { return separate(tx, call, now); });
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(200, show_identities(*user));
}

std::expected<model::User, Problem> UserIdentities::join(db::Transaction& tx, const Call& call,
                                                         const AccountQuestion& account, Instant now) {
  store::UserStore users(tx, call.tenant);
  const auto primary = users.find(UserId(call.path("id")));
  if (!primary) return std::unexpected(no_such_user());
  const auto secondary = find_account(tx, call.tenant, account);
  if (!secondary) return std::unexpected(secondary.error());
  if (secondary->id == primary->id)
    return std::unexpected(Problem{400, "operation_not_supported", "A user cannot be linked with itself."});
  // Otherwise a link would let somebody back in who was shut out.
  if (secondary->blocked)
    return std::unexpected(Problem{400, "operation_not_supported", "A blocked user cannot be linked. Unblock it first."});

  end_sessions(tx, call.tenant, secondary->id, ending_, EndCause::session_revoked, now);
  users.remove(secondary->id);
  for (const model::Identity& identity : as_linked(*secondary, now)) users.add_identity(primary->id, identity);
  log_write(tx, call, "Link a user account", member_names(call.object()), now);
  return users.find(primary->id).value();
}

std::expected<model::User, Problem> UserIdentities::separate(db::Transaction& tx, const Call& call, Instant now) {
  store::UserStore users(tx, call.tenant);
  const UserId id(call.path("id"));
  const auto user = users.find(id);
  if (!user) return std::unexpected(no_such_user());
  const std::string wanted = call.path("identity_id");
  const auto found = std::ranges::find_if(user->identities, [&](const model::Identity& identity) {
    return identity.provider == call.path("provider") && identity.connection_name + "|" + identity.subject == wanted;
  });
  if (found == user->identities.end())
    return std::unexpected(not_found("inexistent_identity", "The user has no such identity."));
  if (found == user->identities.begin())
    return std::unexpected(Problem{400, "operation_not_supported", "Main identity cannot be removed."});

  model::User separated = as_separate(call.tenant, *found, now);
  // Whoever was shut out stays so, by whatever way they come.
  separated.blocked = user->blocked;
  separated.tokens_valid_after = user->tokens_valid_after;
  separated.organisation = user->organisation;
  if (users.find(separated.id))
    return std::unexpected(conflict("user_conflict", "The user that this account would become exists already."));
  users.remove_identity(id, found->connection, found->subject);
  users.insert(separated);
  end_sessions_through(tx, call, id, *found, now);
  log_write(tx, call, "Unlink a user account", {"identities"}, now);
  return users.find(id).value();
}

void UserIdentities::end_sessions_through(db::Transaction& tx, const Call& call, const UserId& user,
                                          const model::Identity& identity, Instant now) {
  store::RefreshTokenStore(tx, call.tenant).revoke_of_user_and_connection(user, identity.connection);
  for (const model::Session& session : store::SessionStore(tx, call.tenant).list_by_user(user)) {
    if (session.connection != identity.connection || session.upstream_subject != identity.subject) continue;
    ending_.end(tx, call.tenant, session.id, EndCause::session_revoked, now);
    store::RefreshTokenStore(tx, call.tenant).revoke_of_session(session.user, session.id, false);
  }
}

}  // namespace symbolon::management
