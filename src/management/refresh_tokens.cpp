#include "management/refresh_tokens.h"

#include "management/audit.h"
#include "management/paging.h"
#include "management/session_document.h"
#include "store/grant_store.h"
#include "store/refresh_token_store.h"
#include "store/session_store.h"
#include "store/user_store.h"

namespace symbolon::management {
namespace {

namespace json = boost::json;

Problem no_such_token() { return not_found("inexistent_refresh_token", "The refresh token does not exist."); }

bool is_live(const model::RefreshToken& token, Instant now) {
  return !token.replaced_at && (!token.expires_at || now < *token.expires_at) &&
         (!token.idle_expires_at || now < *token.idle_expires_at);
}

json::object show(db::Transaction& tx, const TenantId& tenant, const model::RefreshToken& token) {
  return show_refresh_token(token, {.grant = store::GrantStore(tx, tenant).find(token.grant),
                                    .session = store::SessionStore(tx, tenant).find(token.session),
                                    .metadata = store::RefreshTokenStore(tx, tenant).metadata(token.id)});
}

std::optional<model::RefreshToken> find_live(db::Transaction& tx, const TenantId& tenant, const std::string& id,
                                             Instant now) {
  auto token = store::RefreshTokenStore(tx, tenant).find_by_id(id);
  if (token && !is_live(*token, now)) return std::nullopt;
  return token;
}

std::string text(const json::object& body, std::string_view member) {
  const auto* given = body.if_contains(member);
  return given ? std::string(given->get_string()) : std::string();
}

// Which members of a revocation may stand together (management-api §4.4).
std::optional<Problem> check_revocation(const json::object& body) {
  const bool ids = body.contains("ids"), user = body.contains("user_id");
  const bool client = body.contains("client_id"), audience = body.contains("audience");
  const bool meaningful = ids ? !user && !client && !audience : user && (client || !audience);
  if (meaningful) return std::nullopt;
  return invalid_body(
      "Payload validation error: 'Send ids alone, or user_id alone, with client_id, or with client_id and audience'.");
}

// Every revocation is an event of the person whose token it was.
std::int64_t logged(db::Transaction& tx, const Call& call, std::int64_t revoked, const UserId& user, Instant now) {
  if (revoked > 0) log_effect(tx, call, "srrt", "Revoked refresh tokens", user, now);
  return revoked;
}

std::int64_t revoke_ids(db::Transaction& tx, const Call& call, const json::array& ids, Instant now) {
  store::RefreshTokenStore tokens(tx, call.tenant);
  std::int64_t revoked = 0;
  for (const json::value& id : ids)
    if (const auto token = tokens.find_by_id(std::string(id.get_string())))
      revoked += logged(tx, call, tokens.revoke_family(*token), token->user, now);
  return revoked;
}

std::int64_t revoke_matching(db::Transaction& tx, const Call& call, const json::object& body, Instant now) {
  if (const auto* ids = body.if_contains("ids")) return revoke_ids(tx, call, ids->get_array(), now);
  store::RefreshTokenStore tokens(tx, call.tenant);
  const UserId user(text(body, "user_id"));
  const ClientId client(text(body, "client_id"));
  if (body.contains("audience"))
    return logged(tx, call, tokens.revoke_of_user_client_audience(user, client, text(body, "audience")), user, now);
  return logged(tx, call, client.empty() ? tokens.revoke_of_user(user) : tokens.revoke_of_user_and_client(user, client),
                user, now);
}

struct Shown {
  json::array items;
  std::optional<std::int64_t> next;
};

// Nullopt when there is no such user.
std::optional<Shown> read_tokens(db::Transaction& tx, const TenantId& tenant, const UserId& user,
                                 const ClientId& client, const store::Window& window, const FieldFilter& fields,
                                 Instant now) {
  if (!store::UserStore(tx, tenant).find(user)) return std::nullopt;
  const auto page = store::RefreshTokenStore(tx, tenant).list_by_user(user, client, window);
  Shown shown{.items = {}, .next = page.next};
  for (const model::RefreshToken& token : page.items)
    if (is_live(token, now)) shown.items.push_back(fields.apply(show(tx, tenant, token)));
  return shown;
}

Task<Answer> answer_list(const Services& services, Call call, UserId user, ClientId client, std::string plural) {
  const Instant now = services.clock.now();
  const PagingRules rules{.plural = std::move(plural), .checkpoint_only = true};
  auto paging = read_paging(call, rules, rules.plural + "/" + user.str(), services.box, now);
  if (!paging) co_return std::unexpected(paging.error());
  const FieldFilter fields(call, "id");
  auto shown = co_await services.db.read([&](db::Transaction& tx) {
    return read_tokens(tx, call.tenant, user, client, paging->window, fields, now);
  });
  if (!shown) co_return std::unexpected(no_such_user());
  co_return json_answer(200, page_answer(rules, *paging, std::move(shown->items), shown->next, 0, call, services.box,
                                         now));
}

}  // namespace

void RefreshTokens::register_on(Api& api) {
  api.on("refresh_tokens_list", [this](Call call) { return list(std::move(call)); });
  api.on("refresh_tokens_get", [this](Call call) { return get(std::move(call)); });
  api.on("refresh_tokens_update", [this](Call call) { return update(std::move(call)); });
  api.on("refresh_tokens_delete", [this](Call call) { return remove(std::move(call)); });
  api.on("refresh_tokens_revoke", [this](Call call) { return revoke(std::move(call)); });
  api.on("user_refresh_tokens_list", [this](Call call) { return list_of_user(std::move(call)); });
  api.on("user_refresh_tokens_delete", [this](Call call) { return remove_of_user(std::move(call)); });
}

Task<Answer> RefreshTokens::list(Call call) {
  UserId user(call.query.get("user_id"));
  ClientId client(call.query.get("client_id"));
  return answer_list(services_, std::move(call), std::move(user), std::move(client), "refresh_tokens");
}

Task<Answer> RefreshTokens::list_of_user(Call call) {
  UserId user(call.path("id"));
  return answer_list(services_, std::move(call), std::move(user), {}, "tokens");
}

Task<Answer> RefreshTokens::get(Call call) {
  const Instant now = services_.clock.now();
  const std::string id = call.path("id");
  const auto shown = co_await services_.db.read([&](db::Transaction& tx) -> std::optional<json::object> {
    const auto token = find_live(tx, call.tenant, id, now);
    if (!token) return std::nullopt;
    return show(tx, call.tenant, *token);
  });
  if (!shown) co_return std::unexpected(no_such_token());
  co_return json_answer(200, *shown);
}

Task<Answer> RefreshTokens::update(Call call) {
  const Instant now = services_.clock.now();
  const std::string id = call.path("id");
  const auto shown = co_await services_.db.write([&](db::Transaction& tx) -> std::optional<json::object> {
    const auto token = find_live(tx, call.tenant, id, now);
    if (!token) return std::nullopt;
    if (call.object().contains("refresh_token_metadata")) {
      store::RefreshTokenStore(tx, call.tenant).set_metadata(id, metadata_text(call.object(), "refresh_token_metadata"));
      log_write(tx, call, "Update a refresh token", member_names(call.object()), now);
    }
    return show(tx, call.tenant, *token);
  });
  if (!shown) co_return std::unexpected(no_such_token());
  co_return json_answer(200, *shown);
}

Task<Answer> RefreshTokens::remove(Call call) {
  const Instant now = services_.clock.now();
  const json::array ids{json::string(call.path("id"))};
  co_await services_.db.write([&](db::Transaction& tx) {
    if (revoke_ids(tx, call, ids, now) > 0) log_write(tx, call, "Revoke a refresh token", {}, now);
  });
  co_return http::empty_response(202);
}

Task<Answer> RefreshTokens::remove_of_user(Call call) {
  const Instant now = services_.clock.now();
  const UserId user(call.path("id"));
  co_await services_.db.write([&](db::Transaction& tx) {
    if (logged(tx, call, store::RefreshTokenStore(tx, call.tenant).revoke_of_user(user), user, now) > 0)
      log_write(tx, call, "Revoke the refresh tokens of a user", {}, now);
  });
  co_return http::empty_response(202);
}

Task<Answer> RefreshTokens::revoke(Call call) {
  const Instant now = services_.clock.now();
  if (auto problem = check_revocation(call.object())) co_return std::unexpected(*problem);
  co_await services_.db.write([&](db::Transaction& tx) {
    if (revoke_matching(tx, call, call.object(), now) > 0)
      log_write(tx, call, "Revoke refresh tokens", member_names(call.object()), now);
  });
  co_return http::empty_response(202);
}

}  // namespace symbolon::management
