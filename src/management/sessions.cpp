#include "management/sessions.h"

#include "login/browser_session.h"
#include "management/audit.h"
#include "management/paging.h"
#include "management/session_document.h"
#include "management/user_access.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

const PagingRules kRules{.plural = "sessions", .checkpoint_only = true};

Problem no_such_session() { return not_found("inexistent_session", "The session does not exist."); }

// The sweeper may be some seconds behind; a session that is over is none.
std::optional<model::Session> find_live(db::Transaction& tx, const Call& call, const SessionId& id, Instant now) {
  auto session = store::SessionStore(tx, call.tenant).find(id);
  if (session && !login::is_live_today(tx, *session, now)) return std::nullopt;
  return session;
}

}  // namespace

void Sessions::register_on(Api& api) {
  api.on("sessions_get", [this](Call call) { return get(std::move(call)); });
  api.on("sessions_update", [this](Call call) { return update(std::move(call)); });
  api.on("sessions_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("sessions_revoke", [this](Call call) { return revoke(std::move(call)); });
  api.on("user_sessions_list", [this](Call call) { return list_of_user(std::move(call)); });
  api.on("user_sessions_delete", [this](Call call) { return remove_of_user(std::move(call)); });
  api.on("user_revoke_access", [this](Call call) { return revoke_access(std::move(call)); });
}

Task<Answer> Sessions::get(Call call) {
  const Instant now = services_.clock.now();
  const SessionId id(call.path("id"));
  const auto session =
      co_await services_.db.read([&](db::Transaction& tx) { return find_live(tx, call, id, now); });
  if (!session) co_return std::unexpected(no_such_session());
  co_return json_answer(200, show_session(*session));
}

Task<Answer> Sessions::update(Call call) {
  const Instant now = services_.clock.now();
  const SessionId id(call.path("id"));
  const auto session = co_await services_.db.write([&](db::Transaction& tx) {
    auto found = find_live(tx, call, id, now);
    if (!found || !call.object().contains("session_metadata")) return found;
    found->metadata = metadata_text(call.object(), "session_metadata");
    found->updated_at = now;
    store::SessionStore(tx, call.tenant).set_metadata(id, found->metadata, now);
    log_write(tx, call, "Update a session", member_names(call.object()), now);
    return found;
  });
  if (!session) co_return std::unexpected(no_such_session());
  co_return json_answer(200, show_session(*session));
}

Task<Answer> Sessions::remove(Call call) {
  const Instant now = services_.clock.now();
  const SessionId id(call.path("id"));
  co_await services_.db.write([&](db::Transaction& tx) {
    if (ending_.end(tx, call.tenant, id, EndCause::session_revoked, now))
      log_write(tx, call, "End a session", {}, now);
  });
  co_return http::empty_response(202);
}

Task<Answer> Sessions::revoke(Call call) {
  const Instant now = services_.clock.now();
  const SessionId id(call.path("id"));
  const bool known = co_await services_.db.write([&](db::Transaction& tx) {
    const auto session = find_live(tx, call, id, now);
    if (!session) return false;
    ending_.end(tx, call.tenant, id, EndCause::session_revoked, now);
    store::RefreshTokenStore(tx, call.tenant).revoke_of_session(session->user, id, false);
    log_write(tx, call, "Revoke a session", {}, now);
    return true;
  });
  if (!known) co_return std::unexpected(no_such_session());
  co_return http::empty_response(202);
}

Task<Answer> Sessions::list_of_user(Call call) {
  const Instant now = services_.clock.now();
  const UserId user(call.path("id"));
  auto paging = read_paging(call, kRules, "sessions/" + user.str(), services_.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const auto page =
      co_await services_.db.read([&](db::Transaction& tx) -> std::optional<store::Page<model::Session>> {
        if (!store::UserStore(tx, call.tenant).find(user)) return std::nullopt;
        auto found = store::SessionStore(tx, call.tenant).list_by_user(user, paging->window);
        std::erase_if(found.items, [&](const model::Session& one) { return !login::is_live_today(tx, one, now); });
        return found;
      });
  if (!page) co_return std::unexpected(no_such_user());
  json::array items;
  for (const model::Session& session : page->items) items.push_back(show_session(session));
  co_return json_answer(200, page_answer(kRules, *paging, std::move(items), page->next, page->total, call,
                                         services_.box, now));
}

Task<Answer> Sessions::remove_of_user(Call call) {
  const Instant now = services_.clock.now();
  const UserId user(call.path("id"));
  co_await services_.db.write([&](db::Transaction& tx) {
    if (end_sessions(tx, call.tenant, user, ending_, EndCause::session_revoked, now) > 0)
      log_write(tx, call, "End the sessions of a user", {}, now);
  });
  co_return http::empty_response(202);
}

Task<Answer> Sessions::revoke_access(Call call) {
  const Instant now = services_.clock.now();
  const UserId user(call.path("id"));
  const auto* wanted = call.object().if_contains("session_id");
  const auto* preserve = call.object().if_contains("preserve_refresh_tokens");
  const bool keep_tokens = preserve && preserve->get_bool();
  auto problem = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<Problem> {
    if (!store::UserStore(tx, call.tenant).find(user)) return no_such_user();
    if (wanted) {
      const SessionId id{std::string(wanted->get_string())};
      const auto session = find_live(tx, call, id, now);
      if (!session || session->user != user) return no_such_session();
      ending_.end(tx, call.tenant, id, EndCause::session_revoked, now);
      if (!keep_tokens) store::RefreshTokenStore(tx, call.tenant).revoke_of_session(user, id, false);
    } else if (keep_tokens) {
      end_sessions(tx, call.tenant, user, ending_, EndCause::session_revoked, now);
    } else {
      end_access(tx, call.tenant, user, ending_, EndCause::session_revoked, now);
    }
    log_write(tx, call, "Revoke a user's access", member_names(call.object()), now);
    return std::nullopt;
  });
  if (problem) co_return std::unexpected(*problem);
  co_return http::empty_response(202);
}

}  // namespace symbolon::management
